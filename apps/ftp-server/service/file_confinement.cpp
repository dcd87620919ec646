// Builds the rules from what the running kernel's version of Landlock knows.
#include "file_confinement.hpp"

#include "sanitizers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

// Headers may be older than the kernel.
constexpr std::uint64_t move_between_directories = 1ULL << 13; // second version
constexpr std::uint64_t truncate_files = 1ULL << 14;           // third
constexpr std::uint64_t control_devices = 1ULL << 15;          // fifth
constexpr std::uint64_t signals_to_others = 1ULL << 1;         // sixth

struct ruleset_attributes {
    std::uint64_t files = 0;
    std::uint64_t network = 0; // fourth version
    std::uint64_t scopes = 0;  // sixth
};

constexpr std::uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t writing =
    LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG;
// Who renames something has to be allowed to make its like: queues and sockets of other programs too.
constexpr std::uint64_t changing = reading | writing | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_SYM |
                                   LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                                   LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                   move_between_directories | truncate_files;
/// All that can be done to something that is no directory.
constexpr std::uint64_t on_files = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
                                   LANDLOCK_ACCESS_FS_WRITE_FILE | truncate_files | control_devices;

/// What libraries open while the server runs: the time zone, OpenSSL's configuration and chance, the ports of passive
/// data connections, the names of groups. Not all of them are on every machine.
constexpr const char* files_of_libraries[] = {"/etc/localtime", "/usr/share/zoneinfo", "/etc/ssl",      "/usr/lib/ssl",
                                              "/dev/urandom",   "/dev/null",           "/proc/sys/net", "/etc/pki/tls",
                                              "/etc/group",     "/etc/nsswitch.conf"};

std::uint64_t known_to_version(long version)
{
    std::uint64_t known = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
    if (version >= 2)
        known |= move_between_directories;
    if (version >= 3)
        known |= truncate_files;
    if (version >= 5)
        known |= control_devices;
    return known;
}

std::size_t size_known_to_version(long version)
{
    if (version >= 6)
        return sizeof(ruleset_attributes);
    return version >= 4 ? offsetof(ruleset_attributes, scopes) : offsetof(ruleset_attributes, network);
}

std::string last_error()
{
    return std::error_code{errno, std::generic_category()}.message();
}

bool is_in(const std::string& path, const std::string& place)
{
    std::error_code ignored;
    const auto inner = std::filesystem::weakly_canonical(path, ignored);
    const auto outer = std::filesystem::weakly_canonical(place, ignored);
    return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

std::optional<reachable_files::identity> identity_of(const std::string& path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return std::nullopt;
    return reachable_files::identity{status.st_dev, status.st_ino};
}

class ruleset {
public:
    ruleset(int descriptor, std::uint64_t known) : descriptor_(descriptor), known_(known) {}
    ~ruleset() { ::close(descriptor_); }
    ruleset(const ruleset&) = delete;
    ruleset& operator=(const ruleset&) = delete;

    /// What is not there needs no rule: whoever opens it is told so.
    void allow(const std::string& path, std::uint64_t what) const
    {
        const int place = ::open(path.c_str(), O_PATH | O_CLOEXEC);
        if (place < 0)
            return;
        struct stat status {};
        const bool is_directory = ::fstat(place, &status) == 0 && S_ISDIR(status.st_mode);
        landlock_path_beneath_attr rule{};
        rule.allowed_access = what & known_ & (is_directory ? ~std::uint64_t{0} : on_files);
        rule.parent_fd = place;
        ::syscall(SYS_landlock_add_rule, descriptor_, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
        ::close(place);
    }

    void allow_all(const std::vector<std::string>& paths, std::uint64_t what) const
    {
        for (const auto& path : paths)
            allow(path, what);
    }

    [[nodiscard]] bool bind() const { return ::syscall(SYS_landlock_restrict_self, descriptor_, 0) == 0; }

private:
    int descriptor_;
    std::uint64_t known_;
};

} // namespace

void reachable_files::read_with_successors(const std::string& file)
{
    namespace fs = std::filesystem;
    std::error_code ignored;
    const auto named = fs::absolute(file, ignored);
    read.push_back(named.parent_path().string());
    const auto linked = fs::canonical(named, ignored);
    if (!linked.empty() && linked.parent_path() != named.parent_path())
        read.push_back(linked.parent_path().string());
}

void reachable_files::remember()
{
    for (const auto* paths : {&changed, &written, &read, &sockets})
        for (const auto& path : *paths)
            remembered.insert_or_assign(path, identity_of(path));
}

std::optional<std::string> reachable_files::first_outside_of(const reachable_files& limits) const
{
    // A rule is for a directory and not for its name: whatever was made in its place has none.
    const auto has_rule = [&limits](const std::string& place) {
        const auto found = limits.remembered.find(place);
        return found == limits.remembered.end() || found->second == identity_of(place);
    };
    const auto all = [](const std::vector<std::string>& one, const std::vector<std::string>& other) {
        auto both = one;
        both.insert(both.end(), other.begin(), other.end());
        return both;
    };
    for (auto [wanted, allowed] :
         {std::pair{changed, limits.changed}, std::pair{written, all(limits.written, limits.changed)},
          std::pair{read, all(limits.read, limits.changed)}}) {
        std::erase_if(allowed, std::not_fn(has_rule));
        const auto outside = std::ranges::find_if(wanted, [&allowed = allowed](const std::string& path) {
            return std::ranges::none_of(allowed, [&path](const std::string& place) { return is_in(path, place); });
        });
        if (outside != wanted.end())
            return *outside;
    }
    return std::nullopt;
}

std::optional<std::string> confine_files(const reachable_files& files, programs others)
{
    const auto version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return "this kernel has no Landlock, or does not use it";
    const auto known = known_to_version(version);
    const ruleset_attributes attributes{.files = known, .scopes = signals_to_others};
    const auto made = ::syscall(SYS_landlock_create_ruleset, &attributes, size_known_to_version(version), 0);
    if (made < 0)
        return fmt::format("Landlock: {}", last_error());
    const ruleset rules{static_cast<int>(made), known};

    rules.allow_all(files.changed, changing);
    rules.allow_all(files.written, writing);
    rules.allow_all(files.read, reading);
    rules.allow_all(files.sockets, LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_REMOVE_FILE);
    for (const auto* path : files_of_libraries)
        rules.allow(path, reading);
#if LIBFTP_SANITIZED
    rules.allow("/proc", reading);
#endif
    if (others == programs::run)
        rules.allow("/", reading | LANDLOCK_ACCESS_FS_EXECUTE);

    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !rules.bind())
        return fmt::format("Landlock: {}", last_error());
    return std::nullopt;
}
