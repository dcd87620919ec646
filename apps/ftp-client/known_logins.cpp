// Reads .netrc when somebody first asks, and only if nobody else can read its passwords.
#include "known_logins.hpp"

#include "terminal.hpp"
#include "user_files.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace libftp;

namespace {

/// More than any .netrc has, and little enough to read.
constexpr std::size_t max_bytes = 1024 * 1024;

std::string place_of_netrc()
{
    const auto* named = std::getenv("NETRC");
    return named != nullptr && *named != '\0' ? named : home_file(".netrc");
}

class open_file {
public:
    explicit open_file(const std::string& path) noexcept : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~open_file()
    {
        if (descriptor_ >= 0)
            close(descriptor_);
    }
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;

    [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }
    [[nodiscard]] bool is_open_to_others() const noexcept
    {
        struct stat facts {};
        return fstat(descriptor_, &facts) != 0 || (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0 ||
               (facts.st_uid != geteuid() && facts.st_uid != 0);
    }
    [[nodiscard]] std::optional<secret> read_all() const
    {
        std::string text(max_bytes, '\0');
        std::size_t size = 0;
        while (size < text.size()) {
            const auto got = read(descriptor_, text.data() + size, text.size() - size);
            if (got < 0)
                return std::nullopt;
            if (got == 0)
                break;
            size += static_cast<std::size_t>(got);
        }
        secret content{std::string_view{text}.substr(0, size)};
        wipe(text.data(), size);
        return content;
    }

private:
    int descriptor_;
};

std::vector<netrc_entry> read_netrc()
{
    const auto path = place_of_netrc();
    const open_file file{path};
    if (!file.is_open()) {
        if (errno != ENOENT && errno != ENOTDIR && !path.empty())
            terminal::complain(fmt::format("{} cannot be read: {}.", path, std::generic_category().message(errno)));
        return {};
    }
    if (file.is_open_to_others()) {
        terminal::complain(
            fmt::format("{} is not used, because others can read or write it: chmod 600 {}", path, path));
        return {};
    }
    const auto text = file.read_all();
    if (!text) {
        terminal::complain(fmt::format("{} cannot be read.", path));
        return {};
    }
    auto entries = parse_netrc(text->reveal());
    if (!entries) {
        terminal::complain(fmt::format("{}, line {}: {}", path, entries.error().line, entries.error().text));
        return {};
    }
    return *std::move(entries);
}

} // namespace

void known_logins::take_from_environment()
{
    if (const char* user = std::getenv("FTP_USER"))
        user_ = user;
    const char* password = std::getenv("FTP_PASSWORD");
    if (password == nullptr || *password == '\0')
        return;
    password_.emplace(password);
    unsetenv("FTP_PASSWORD");
}

const netrc_entry* known_logins::find(std::string_view host, std::string_view user) const
{
    std::call_once(netrc_was_read_, [this] { netrc_ = read_netrc(); });
    return find_netrc_entry(netrc_, host, user);
}

std::string known_logins::user_for(std::string_view host) const
{
    if (!user_.empty())
        return user_;
    const auto* entry = find(host);
    return entry != nullptr ? entry->user : "";
}

std::optional<secret> known_logins::password_for(std::string_view host, std::string_view user) const
{
    if (password_ && user != anonymous)
        return password_->clone();
    const auto* entry = find(host, user);
    if (entry != nullptr && entry->password && (!entry->user.empty() || user != anonymous))
        return entry->password->clone();
    return user == anonymous ? std::optional{secret{"anonymous@"}} : std::nullopt;
}

secret known_logins::account_for(std::string_view host, std::string_view user) const
{
    const auto* entry = find(host, user);
    return entry != nullptr && entry->account ? entry->account->clone() : secret{};
}
