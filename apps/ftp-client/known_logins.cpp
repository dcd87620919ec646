// Reads .netrc when somebody first asks, and only if nobody else can read its passwords.
#include "known_logins.hpp"

#include "programs.hpp"
#include "terminal.hpp"
#include "user_files.hpp"

#include <fmt/format.h>

#include <cstdlib>

using namespace libftp;

namespace {

std::string place_of_netrc()
{
    const auto* named = std::getenv("NETRC");
    return named != nullptr && *named != '\0' ? named : home_file(".netrc");
}

std::vector<netrc_entry> read_netrc()
{
    const auto path = place_of_netrc();
    if (path.empty())
        return {};
    const auto text = read_private_file(path);
    if (!text) {
        if (!text.error().empty())
            terminal::complain(text.error());
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
    programs::hide_variable("FTP_PASSWORD");
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
