// The topics, in the order in which people need them.
#include "help_texts.hpp"

#include <libftp/version.hpp>

help_contents server_help()
{
    return {
        .version = "libftp " LIBFTP_VERSION,
        .purpose = "share a directory by FTP",
        .usage = "ftp-server [OPTION...] [PORT] [DIRECTORY]\n"
                 "ftp-server --config FILE [--check-config]\n"
                 "ftp-server user add|passwd|remove|list ...\n"
                 "ftp-server status [--json|--watch] --control PATH",
        .examples = "ftp-server ~/pub                share a directory, read-only, on this machine\n"
                    "ftp-server --listen 0.0.0.0 --anonymous upload 2121 /srv/drop\n"
                    "ftp-server user add ann --users users\n"
                    "ftp-server --users users --tls=auto --tls-cert tls.pem --listen 0.0.0.0 ~/pub\n"
                    "ftp-server --print-config > ftp-server.toml",
        .topics =
            {
                {"configuration", "Configuration file", "one file for all options, and how it is checked",
                 "Every option can stand in a file of TOML that --config names, by its long name:\n"
                 "  listen = [\"0.0.0.0\", \"[::]\"]\n"
                 "  port = 21\n"
                 "  directory = \"/srv/ftp\"\n"
                 "  users = \"/etc/ftp-server/users\"\n"
                 "  tls = \"require\"\n"
                 "  tls-cert = \"/etc/ftp-server/tls.pem\"\n"
                 "  idle-limit = \"10m\"\n"
                 "  no-links = true\n"
                 "Strings stand in quotes, numbers, true and false need not; what may be repeated is a list. There are "
                 "no tables. An argument counts for more than the file.\n"
                 "--print-config prints such a file with every option in it. --check-config reads the file and all "
                 "that it names, says file, line, key and what is wrong, and ends with 0, or 2 for a fault.\n"
                 "SIGHUP has a running server read the file, the users, the certificates again, and open its logs "
                 "anew; other logs, threads, busy-poll and what 'help service' lists count from the next start or "
                 "SIGUSR2 on. "
                 "Sessions that run keep what they have. A fault leaves everything but the logs as it was."},
                {"listening", "Listening", "addresses, ports, passive mode, proxies", ""},
                {"accounts", "Accounts", "who may log in, and to what",
                 "Without --users and --pam everybody may log in as 'anonymous' or 'ftp'.\n"
                 "A SIZE is in bytes, or as 500k, 500M, 2G, in units of a thousand. For --quota the server counts what "
                 "is there when it starts, and what comes and goes by FTP; what is deleted on the disk counts until "
                 "the next start or SIGUSR2, also after a SIGHUP."},
                {"tls", "TLS", "certificates, and who has to use them", ""},
                {"limits", "Limits", "how many sessions, and how long they may wait",
                 "A TIME is in seconds, or as 90s, 5m, 2h, 1d."},
                {"rates", "Rates", "bytes per second", "As 500k or 2M, in units of a thousand. Without: no limit."},
                {"logs", "Logs", "where the events go", ""},
                {"protocol", "Protocol", "the greeting, and commands to leave out", ""},
                {"service", "Service", "rights, confinement, status, metrics, systemd",
                 "Where root starts it, --user has the server open its ports and then go on as an ordinary user, who "
                 "has to be able to read all that the options name. On Linux the server confines itself to the files "
                 "that its options name and to the system calls that it needs.\n"
                 "'ftp-server status --control PATH' shows who is connected and what moves: a table, with --watch "
                 "again and again, with --json an object in each line.\n"
                 "systemd may hand over sockets (LISTEN_FDS): they take the place of --listen and --port, and one with "
                 "the name 'ftps' begins in TLS. It is told when the server is ready, reloads and ends."},
                {"signals", "Signals and exit codes", "what a running server listens to",
                 "SIGHUP: reads the configuration again, and opens the logs anew; or ends the server, if the terminal "
                 "is gone that it was started at.\n"
                 "SIGUSR1: prints who is connected and what moves.\n"
                 "SIGUSR2: starts the program anew, as a new version or new options need it; ports that both name stay "
                 "open. "
                 "Sessions go on in the old process, which ends with the last of them. If the new one does not start, "
                 "the old one goes on.\n"
                 "SIGINT, SIGTERM: takes no more sessions, lets transfers finish for --grace, and ends. A second one "
                 "ends it at once.\n"
                 "Exit codes: 0 after a signal; 1 if something could not be done; 2 if the options are wrong."},
            },
    };
}
