// What a confined process can still do; each case confines a process of its own.
#include "../../../apps/ftp-server/service/call_filter.hpp"
#include "../../../apps/ftp-server/service/file_confinement.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace {

constexpr int not_on_this_machine = 77;

/// How a process ends that does this; it exits with what the function returns.
template <class Function>
int status_of(Function function)
{
    const auto child = ::fork();
    if (child == 0)
        ::_exit(function());
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

bool ended_with(int status, int code)
{
    return WIFEXITED(status) && (WEXITSTATUS(status) == code || WEXITSTATUS(status) == not_on_this_machine);
}

/// In a process that has a filter, how the call ends it.
template <class Call>
int status_of_filtered(Call call, programs others = programs::refused)
{
    return status_of([&] {
        if (filter_system_calls(others))
            return not_on_this_machine;
        return call();
    });
}

bool was_killed(int status)
{
    return (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) || ended_with(status, not_on_this_machine);
}

int run_true()
{
    ::execl("/bin/true", "true", nullptr);
    return errno;
}

/// Two directories with a file in each.
class two_directories {
public:
    two_directories()
    {
        std::string name = (fs::temp_directory_path() / "libftp-XXXXXX").string();
        root_ = ::mkdtemp(name.data());
        for (const auto* each : {"in", "out"}) {
            fs::create_directory(root_ / each);
            std::ofstream{root_ / each / "file"} << "text";
        }
    }
    ~two_directories() { fs::remove_all(root_); }
    two_directories(const two_directories&) = delete;
    two_directories& operator=(const two_directories&) = delete;

    [[nodiscard]] std::string in(const char* name = "") const { return (root_ / "in" / name).string(); }
    [[nodiscard]] std::string out(const char* name = "") const { return (root_ / "out" / name).string(); }

private:
    fs::path root_;
};

/// 0, or the error of opening the file.
int open_as(const std::string& path, int flags)
{
    const int file = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
    if (file < 0)
        return errno;
    ::close(file);
    return 0;
}

/// Of a process that is confined to these files.
template <class Function>
int code_of_confined(const reachable_files& files, Function function)
{
    const auto status = status_of([&] {
        if (confine_files(files))
            return not_on_this_machine;
        return function();
    });
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool is(int code, int expected)
{
    return code == expected || code == not_on_this_machine;
}

} // namespace

TEST_CASE("A directory to change is all that can be reached")
{
    const two_directories place;
    const reachable_files files{.changed = {place.in()}};
    CHECK(is(code_of_confined(files, [&] { return open_as(place.in("file"), O_RDWR | O_TRUNC); }), 0));
    CHECK(is(code_of_confined(files, [&] { return open_as(place.in("new"), O_WRONLY | O_CREAT); }), 0));
    CHECK(is(code_of_confined(files, [&] { return ::rename(place.in("new").c_str(), place.in("old").c_str()); }), 0));
    CHECK(is(code_of_confined(files, [&] { return ::unlink(place.in("old").c_str()); }), 0));
    CHECK(is(code_of_confined(files, [&] { return open_as(place.out("file"), O_RDONLY); }), EACCES));
    CHECK(is(code_of_confined(files, [&] { return open_as("/etc/passwd", O_RDONLY); }), EACCES));
    CHECK(is(code_of_confined(files, run_true), EACCES));
}

TEST_CASE("A file without a name gets one in a directory to change")
{
    const two_directories place;
    CHECK(is(code_of_confined({.changed = {place.in()}},
                              [&] {
                                  const int file = ::open(place.in().c_str(), O_TMPFILE | O_WRONLY, 0600);
                                  if (file < 0)
                                      return errno == EOPNOTSUPP ? 0 : errno;
                                  const auto path = "/proc/self/fd/" + std::to_string(file);
                                  return ::linkat(AT_FDCWD, path.c_str(), AT_FDCWD, place.in("named").c_str(),
                                                  AT_SYMLINK_FOLLOW) == 0
                                             ? 0
                                             : errno;
                              }),
             0));
}

TEST_CASE("A directory to read is not changed")
{
    const two_directories place;
    const reachable_files files{.read = {place.in()}};
    CHECK(is(code_of_confined(files, [&] { return open_as(place.in("file"), O_RDONLY); }), 0));
    CHECK(is(code_of_confined(files, [&] { return open_as(place.in(), O_RDONLY | O_DIRECTORY); }), 0));
    CHECK(is(code_of_confined(files, [&] { return open_as(place.in("file"), O_WRONLY); }), EACCES));
    CHECK(is(code_of_confined(files, [&] { return ::unlink(place.in("file").c_str()) == 0 ? 0 : errno; }), EACCES));
}

TEST_CASE("In the directory of a log files are made and written, not removed")
{
    const two_directories place;
    const reachable_files files{.written = {place.in()}};
    CHECK(is(code_of_confined(files, [&] { return open_as(place.in("log"), O_WRONLY | O_APPEND | O_CREAT); }), 0));
    CHECK(is(code_of_confined(files, [&] { return ::unlink(place.in("file").c_str()) == 0 ? 0 : errno; }), EACCES));
}

TEST_CASE("What is not there needs no rule")
{
    const two_directories place;
    CHECK(is(code_of_confined({.changed = {place.out("nothing")}, .read = {place.in("file")}},
                              [&] { return open_as(place.in("file"), O_RDONLY); }),
             0));
}

TEST_CASE("Of a file that is a link, the directories of both are read")
{
    const two_directories place;
    fs::create_symlink("../out/file", place.in("link"));
    reachable_files files;
    files.read_with_successors(place.in("link"));
    REQUIRE(files.read.size() == 2);
    CHECK(fs::equivalent(files.read[0], place.in()));
    CHECK(fs::equivalent(files.read[1], place.out()));
}

TEST_CASE("What lies outside of the limits is named")
{
    const two_directories place;
    const reachable_files limits{.changed = {place.in()}, .written = {"/var/log"}, .read = {"/etc"}};
    const auto outside = [&](const reachable_files& files) { return files.first_outside_of(limits).value_or(""); };
    CHECK(outside(limits).empty());
    CHECK(outside({.changed = {place.in("below")}, .written = {place.in()}, .read = {place.in("file")}}).empty());
    CHECK(outside({.changed = {place.in(), place.out()}}) == place.out());
    CHECK(outside({.changed = {"/etc"}}) == "/etc");
    CHECK(outside({.read = {"/etcetera"}}) == "/etcetera");
    CHECK(outside({.written = {"/etc"}}) == "/etc");
}

TEST_CASE("A directory that was made in the place of another is out of reach, unless it is in one that stayed")
{
    const two_directories place;
    fs::create_directory(place.in("below"));
    reachable_files limits{.changed = {place.in("below"), place.out(), place.in("later")}};
    limits.remember();
    const auto outside = [&](const std::string& path) {
        return reachable_files{.changed = {path}}.first_outside_of(limits).value_or("");
    };
    CHECK(outside(place.in("below")).empty());
    CHECK(outside(place.in("later")).empty());
    fs::rename(place.in("below"), place.in("old"));
    for (const auto* made : {"below", "later"}) {
        fs::create_directory(place.in(made));
        CHECK(outside(place.in(made)) == place.in(made));
    }
    CHECK(outside(place.out("file")).empty());
    limits.changed.push_back(place.in());
    limits.remembered.emplace(place.in(), std::nullopt);
    CHECK(outside(place.in("below")) == place.in("below"));
    limits.remember();
    CHECK(outside(place.in("below")).empty());
}

TEST_CASE("Whoever starts a program is ended by the kernel, unless programs may run")
{
    CHECK(was_killed(status_of_filtered(run_true)));
    CHECK(was_killed(status_of_filtered([] { return ::fork() == 0 ? 0 : 1; })));
    CHECK(was_killed(status_of_filtered([] { return ::setgid(0); })));
    CHECK(ended_with(status_of_filtered(run_true, programs::run), 0));
}

TEST_CASE("Calls that no server of files needs do not exist for it")
{
    CHECK(ended_with(status_of_filtered([] { return ::socket(AF_NETLINK, SOCK_RAW, 0) == -1 ? errno : 0; }), ENOSYS));
    CHECK(ended_with(status_of_filtered([] { return ::ioctl(0, TIOCSTI, "x") == -1 ? errno : 0; }), ENOSYS));
    CHECK(ended_with(status_of_filtered([] { return ::setpriority(0, 0, 1) == -1 ? errno : 0; }), ENOSYS));
}

TEST_CASE("A file may change its group behind the filter, not its owner")
{
    const two_directories place;
    const auto error_of = [&](uid_t owner) {
        return status_of_filtered(
            [&] { return ::chown(place.in("file").c_str(), owner, ::getegid()) == -1 ? errno : 0; });
    };
    CHECK(ended_with(error_of(static_cast<uid_t>(-1)), 0));
    CHECK(ended_with(error_of(::geteuid()), ENOSYS));
}

TEST_CASE("Groups have their names in a process that is confined to its files")
{
    CHECK(is(code_of_confined({}, [] { return open_as("/etc/group", O_RDONLY); }), 0));
}

TEST_CASE("Threads, files and sockets go on behind the filter")
{
    CHECK(ended_with(status_of_filtered([] {
                         int seen = 1;
                         std::thread{[&seen] { seen = open_as("/dev/null", O_RDWR); }}.join();
                         const int socket = ::socket(AF_INET6, SOCK_STREAM, 0);
                         return socket < 0 && errno != EAFNOSUPPORT ? errno : seen;
                     }),
                     0));
}
