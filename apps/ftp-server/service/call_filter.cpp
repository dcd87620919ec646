// The lists of system calls, and their translation by libseccomp.
#include "call_filter.hpp"

#include "sanitizers.hpp"

#if LIBFTP_SECCOMP && !LIBFTP_SANITIZED

#include <fmt/format.h>

#include <array>
#include <memory>
#include <system_error>

#include <linux/sockios.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

namespace {

// Names, not numbers: libseccomp knows which of them the architecture has.
constexpr std::array allowed_calls{
    // files
    "read", "readv", "pread64", "preadv", "preadv2", "write", "writev", "pwrite64", "pwritev", "pwritev2", "lseek",
    "open", "openat", "openat2", "close", "close_range", "dup", "dup2", "dup3", "fcntl", "stat", "lstat", "fstat",
    "newfstatat", "statx", "statfs", "fstatfs", "access", "faccessat", "faccessat2", "readlink", "readlinkat",
    "getdents", "getdents64", "getcwd", "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat",
    "renameat2", "link", "linkat", "symlink", "symlinkat", "chmod", "fchmod", "fchmodat", "fchmodat2", "utime",
    "utimes", "utimensat", "truncate", "ftruncate", "fallocate", "fsync", "fdatasync", "sync_file_range", "flock",
    "copy_file_range", "sendfile", "splice", "fadvise64", "readahead", "umask", "getxattr", "fgetxattr", "fsetxattr",
    "fremovexattr", "listxattr",
    // sockets
    "bind", "listen", "accept", "accept4", "connect", "getsockname", "getpeername", "getsockopt", "setsockopt",
    "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg", "shutdown", "socketpair", "pipe", "pipe2",
    // events and time
    "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd2", "poll", "ppoll", "select",
    "pselect6", "timerfd_create", "timerfd_settime", "timerfd_gettime", "clock_gettime", "clock_getres",
    "clock_nanosleep", "nanosleep", "gettimeofday", "time",
    // memory
    "brk", "mmap", "munmap", "mremap", "mprotect", "madvise", "mlock", "mlock2", "munlock", "membarrier",
    // threads and signals
    "futex", "futex_waitv", "set_robust_list", "get_robust_list", "rseq", "sched_yield", "sched_getaffinity",
    "set_tid_address", "gettid", "exit", "exit_group", "tgkill", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
    "rt_sigpending", "rt_sigtimedwait", "sigaltstack", "restart_syscall",
    // about this process and the machine
    "getpid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getgroups", "getresuid", "getresgid", "getrlimit",
    "prlimit64", "getrusage", "sysinfo", "uname", "getrandom", "getcpu", "times"};

/// Only somebody who took the process over would ask for these.
constexpr std::array fatal_calls{"ptrace",
                                 "process_vm_readv",
                                 "process_vm_writev",
                                 "kcmp",
                                 "pidfd_getfd",
                                 "mount",
                                 "umount2",
                                 "move_mount",
                                 "open_tree",
                                 "fsopen",
                                 "fsmount",
                                 "fsconfig",
                                 "fspick",
                                 "mount_setattr",
                                 "pivot_root",
                                 "chroot",
                                 "unshare",
                                 "setns",
                                 "bpf",
                                 "perf_event_open",
                                 "userfaultfd",
                                 "io_uring_setup",
                                 "io_uring_enter",
                                 "io_uring_register",
                                 "init_module",
                                 "finit_module",
                                 "delete_module",
                                 "kexec_load",
                                 "kexec_file_load",
                                 "reboot",
                                 "swapon",
                                 "swapoff",
                                 "acct",
                                 "quotactl",
                                 "add_key",
                                 "request_key",
                                 "keyctl",
                                 "open_by_handle_at",
                                 "name_to_handle_at",
                                 "iopl",
                                 "ioperm",
                                 "modify_ldt",
                                 "settimeofday",
                                 "clock_settime",
                                 "clock_adjtime",
                                 "adjtimex",
                                 "sethostname",
                                 "setdomainname",
                                 "syslog",
                                 "vhangup",
                                 "personality",
                                 "lookup_dcookie",
                                 "mknod",
                                 "mknodat"};

/// Nothing that is served needs them, but modules of PAM do.
constexpr std::array calls_of_programs{"execve",   "execveat", "fork",      "vfork",     "setuid",
                                       "setgid",   "setreuid", "setregid",  "setresuid", "setresgid",
                                       "setfsuid", "setfsgid", "setgroups", "capset"};
constexpr std::array further_calls_of_programs{"clone",   "clone3",   "socket",      "ioctl",       "prctl",
                                               "wait4",   "waitid",   "kill",        "capget",      "chown",
                                               "fchown",  "fchownat", "setrlimit",   "setsid",      "getpgrp",
                                               "getpgid", "getsid",   "getpriority", "setpriority", "arch_prctl"};

constexpr std::array families{AF_UNIX, AF_INET, AF_INET6};
constexpr std::array<unsigned long, 6> device_requests{FIONBIO, FIONREAD, SIOCOUTQ, SIOCATMARK, TCGETS, TIOCGWINSZ};
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif
constexpr std::array process_requests{PR_SET_NAME, PR_GET_NAME, PR_SET_VMA};

scmp_arg_cmp is(unsigned argument, scmp_datum_t value)
{
    return {argument, SCMP_CMP_EQ, value, 0};
}

scmp_arg_cmp has_bits(unsigned argument, scmp_datum_t mask, scmp_datum_t value)
{
    return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

/// Remembers the first fault, behind which nothing counts.
class filter {
public:
    filter() : context_(seccomp_init(SCMP_ACT_ERRNO(ENOSYS)), seccomp_release)
    {
        if (!context_)
            error_ = ENOMEM;
        else
            note(seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_TSYNC, 1));
    }

    template <class... Conditions>
    void rule(std::uint32_t action, const char* name, const Conditions&... conditions)
    {
        const int number = seccomp_syscall_resolve_name(name);
        if (error_ != 0 || number == __NR_SCMP_ERROR)
            return; // libseccomp is older than the call: nobody gets it
        const std::array<scmp_arg_cmp, sizeof...(conditions)> all{conditions...};
        const int failed = seccomp_rule_add_array(context_.get(), action, number, sizeof...(conditions), all.data());
        if (failed != -EDOM) // the architecture does not have it in this form
            note(failed);
    }

    template <class Names>
    void rules(std::uint32_t action, const Names& names)
    {
        for (const auto* name : names)
            rule(action, name);
    }

    int load()
    {
        if (error_ == 0)
            note(seccomp_load(context_.get()));
        return error_;
    }

private:
    void note(int result)
    {
        if (result < 0 && error_ == 0)
            error_ = -result;
    }

    std::unique_ptr<void, decltype(&seccomp_release)> context_;
    int error_ = 0;
};

/// SITE CHGRP: files change their group, but not their owner.
void allow_other_groups(filter& calls)
{
    constexpr scmp_datum_t owner_bits = 0xffffffff;
    const auto same_owner = [](unsigned argument) { return has_bits(argument, owner_bits, owner_bits); };
    calls.rule(SCMP_ACT_ALLOW, "chown", same_owner(1));
    calls.rule(SCMP_ACT_ALLOW, "fchown", same_owner(1));
    calls.rule(SCMP_ACT_ALLOW, "fchownat", same_owner(2));
}

/// New threads, but no process: what clone3() asks for stands in memory, where a filter does not look, so that it does
/// not exist and libraries take clone().
void refuse_programs(filter& calls)
{
    calls.rules(SCMP_ACT_KILL_PROCESS, calls_of_programs);
    calls.rule(SCMP_ACT_ALLOW, "clone", has_bits(0, CLONE_THREAD, CLONE_THREAD));
    calls.rule(SCMP_ACT_KILL_PROCESS, "clone", has_bits(0, CLONE_THREAD, 0));
    for (const auto family : families)
        calls.rule(SCMP_ACT_ALLOW, "socket", is(0, static_cast<scmp_datum_t>(family)));
    for (const auto request : device_requests)
        calls.rule(SCMP_ACT_ALLOW, "ioctl", is(1, request));
    for (const auto request : process_requests)
        calls.rule(SCMP_ACT_ALLOW, "prctl", is(0, static_cast<scmp_datum_t>(request)));
    allow_other_groups(calls);
}

} // namespace

std::optional<std::string> filter_system_calls(programs others)
{
    filter calls;
    calls.rules(SCMP_ACT_ALLOW, allowed_calls);
    calls.rules(SCMP_ACT_KILL_PROCESS, fatal_calls);
    if (others == programs::run) {
        calls.rules(SCMP_ACT_ALLOW, calls_of_programs);
        calls.rules(SCMP_ACT_ALLOW, further_calls_of_programs);
    } else {
        refuse_programs(calls);
    }
    if (const int error = calls.load())
        return fmt::format("seccomp: {}", std::error_code{error, std::generic_category()}.message());
    return std::nullopt;
}

#else

std::optional<std::string> filter_system_calls(programs /*others*/)
{
#if LIBFTP_SECCOMP
    return "this program was built with a sanitizer, which needs all system calls";
#else
    return "this program was built without libseccomp";
#endif
}

#endif
