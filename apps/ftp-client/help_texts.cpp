// The topics, in the order in which people need them.
#include "help_texts.hpp"

#include <libftp/version.hpp>

help_contents client_help()
{
    return {
        .version = "libftp " LIBFTP_VERSION,
        .purpose = "transfer files by FTP",
        .usage = "ftp-client [OPTION...] [HOST [PORT] | URL | BOOKMARK]   a prompt, or a script\n"
                 "ftp-client [OPTION...] COMMAND ... URL ...              one command, and no prompt",
        .examples = "ftp-client ftp://ann@ftp.example.org/images\n"
                    "ftp-client -c 'cd images; get a.jpg' work\n"
                    "ftp-client get ftp://ftp.example.org/pub/a.iso",
        .topics =
            {
                {"login", "Logging in", "where names and passwords come from",
                 "A URL is ftp://user@host:port/path, with ftps:// (TLS from the first byte at port 990, which is its "
                 "own, and by AUTH at others unless --implicit is given) or ftpes:// (by AUTH) where TLS is demanded. "
                 "Its path begins at the login directory, and at the root behind %2F. A bookmark, which `bookmark add "
                 "NAME` makes at the prompt, stands for a URL.\n"
                 "The user is that of the URL, else FTP_USER, else the one that ~/.netrc has for the host, else "
                 "anonymous. The password is FTP_PASSWORD (not for anonymous), else that of the URL, else that of "
                 "~/.netrc, else it is asked for at the terminal.\n"
                 "A password in the arguments can be read by others on this machine while the program starts, and "
                 "stays in the shell's history: it works, with a warning.\n"
                 "~/.netrc (or the file that NETRC names) has lines such as\n"
                 "  machine ftp.example.org login ann password \"open sesame\"\n"
                 "and is used only if nobody else can read it: chmod 600 ~/.netrc"},
                {"connections", "Connections", "time limits, active mode, lost connections",
                 "Where the server has closed an idle session, the next command connects again, logs in again and goes "
                 "back to the directory before."},
                {"tls", "TLS", "encryption, certificates", ""},
                {"scripts", "Scripts", "commands from -c, a file or standard input",
                 "A script is lines as they are typed at the prompt; # begins a comment. Its commands are shown behind "
                 "`ftp> `, and its first failure ends it. Where a command asks, the next line of the script is the "
                 "answer; with -c it is read from standard input."},
                {"output", "Output", "more, less, colours, JSON",
                 "--json prints one object a line. Its member `event` is command, reply, answer (what a command was "
                 "for), "
                 "note, output (a line that a command was for), entry (of a listing), begin, progress, transfer, stop "
                 "(of one file), batch, total (of many), error, and at the end `end` with cause and exit_code. A text "
                 "that is not UTF-8 has its bytes in hexadecimal beside it, in a member whose name ends in _bytes.\n"
                 "The colours are those of LS_COLORS; NO_COLOR turns them off."},
                {"exit", "Exit codes", "what a script can tell from the end",
                 "  0    all went well, or a person left the prompt\n"
                 "  1    the server refused a command\n"
                 "  2    wrong arguments, or a command that cannot be run\n"
                 "  3    no connection, or it was lost\n"
                 "  4    the login failed\n"
                 "  5    TLS: no encryption, or a certificate that is not trusted\n"
                 "  6    a file, directory or program on this side\n"
                 "  7    a transfer broke off, or its result is wrong\n"
                 "  8    nothing moved for too long\n"
                 "  130  Ctrl+C\n"
                 "With --keep-going it is the code of the first failure."},
            },
    };
}
