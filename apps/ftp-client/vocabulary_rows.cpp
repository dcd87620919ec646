// The rows of the vocabulary, in the order in which help shows them.
#include "vocabulary.hpp"

#include "attribute_commands.hpp"
#include "bookmark_commands.hpp"
#include "connection_commands.hpp"
#include "content_commands.hpp"
#include "file_commands.hpp"
#include "help_command.hpp"
#include "job_commands.hpp"
#include "listing_commands.hpp"
#include "local_commands.hpp"
#include "search_commands.hpp"
#include "transfer_commands.hpp"
#include "tree_commands.hpp"

using namespace commands;

namespace {

using enum needs;

constexpr vocabulary_row connecting[] = {
    {{"open"},
     "[HOST [PORT]]",
     "Connects; asks for what is not given. HOST may be USER@HOST:PORT, a URL or a bookmark.",
     nothing,
     open,
     "open ftp://ann@ftp.example.org/images"},
    {{"CONN"}, "[HOST [PORT]]", "Connects, without HOST once more to the last server.", nothing, conn, "CONN"},
    {{"close", "disconnect"}, "", "Ends the session with the server.", connection, close, "close"},
    {{"quit", "bye", "exit"}, "", "Leaves the program.", nothing, quit_program, "quit"},
    {{"QUIT"}, "", "Ends the session with the server; without one leaves the program.", nothing, quit_session, "QUIT"},
    {{"USER"}, "NAME", "Begins to log in; PASS comes next.", connection, send_as_it_is, "USER ann"},
    {{"PASS"}, "[PASSWORD]", "Ends logging in; without PASSWORD asks for it unseen.", connection, pass, "PASS"},
    {{"user"},
     "NAME [PASSWORD]",
     "Logs in; looks or asks for a password that is not given.",
     connection,
     user,
     "user ann"},
    {{"ACCT"}, "ACCOUNT", "Names the account, for servers that want one.", connection, send_as_it_is, "ACCT sales"},
    {{"bookmark"},
     "[list|add|delete] [NAME] [URL]",
     "Keeps servers under names that open takes; add NAME keeps the place where you are.",
     nothing,
     bookmark,
     "bookmark add work ftp://ann@ftp.example.org/images"},
    {{"status"}, "", "Shows connection and modes.", nothing, status, "status"},
    {{"tls"},
     "",
     "Shows how the connection is protected, and the server's certificate.",
     connection,
     commands::tls,
     "tls"},
};

constexpr vocabulary_row looking[] = {
    {{"ls"},
     "[-l] [-a] [-1] [PATH]",
     "Lists a directory, or what a pattern fits; -l with sizes and times, -1 one name a line; -a changes nothing. "
     "Where no terminal reads it, as the server writes it: see cls.",
     login,
     list_for_people,
     "ls -l images"},
    {{"cls"}, "[-l] [-a] [-1] [PATH]", "As ls, also in scripts and pipes.", login, list_in_columns, "cls -1 | sort -r"},
    {{"LIST", "dir"}, "[PATH]", "Lists a directory, as the server writes it.", login, list, "dir images"},
    {{"NLST", "nlist"}, "[PATH]", "Lists names only.", login, list_names, "nlist *.jpg"},
    {{"MLSD"}, "[PATH]", "Lists facts for programs.", login, list_facts, "MLSD images"},
    {{"MLST"}, "[PATH]", "Shows the facts of one file.", login, send_as_it_is, "MLST a.jpg"},
    {{"PWD", "pwd"}, "", "Shows the server's working directory.", login, send_as_it_is, "pwd"},
    {{"CWD", "cd"},
     "DIRECTORY",
     "Changes the server's working directory; cd - goes back to the one before.",
     login,
     change_directory,
     "cd images"},
    {{"CDUP", "cdup"}, "", "Goes to the parent directory.", login, change_directory, "cdup"},
    {{"SIZE", "size"}, "FILE", "Shows the size of a file in bytes.", login, size, "size a.jpg"},
    {{"MDTM", "mdtm", "modtime"},
     "FILE",
     "Shows when a file was modified, in UTC.",
     login,
     send_as_it_is,
     "modtime a.jpg"},
};

constexpr vocabulary_row transferring[] = {
    {{"get", "recv"},
     "[-c] [-r] [-P COUNT] FILE... [LOCAL]",
     "Downloads; -c continues behind what is here, -r takes trees, LOCAL - shows it.",
     login,
     get,
     "get -c big.iso",
     job_use::yes},
    {{"RETR", "DWLD"}, "FILE", "Downloads a file.", login, get, "RETR a.jpg", job_use::yes},
    {{"put", "send"},
     "[-c] [-r] [-P COUNT] LOCAL... [REMOTE]",
     "Uploads; -c continues behind what is there, -r takes trees, LOCAL - reads standard input.",
     login,
     put,
     "put a.jpg images/",
     job_use::yes},
    {{"UPLD"}, "LOCAL", "Uploads a file.", login, put, "UPLD a.jpg", job_use::yes},
    {{"STOR"}, "REMOTE", "Uploads the local file of that name.", login, stor, "STOR a.jpg", job_use::yes},
    {{"append"},
     "LOCAL [REMOTE]",
     "Uploads a file to the end of another.",
     login,
     append,
     "append today.log all.log",
     job_use::yes},
    {{"APPE"},
     "REMOTE",
     "Uploads the local file of that name to the end of the remote one.",
     login,
     appe,
     "APPE all.log",
     job_use::yes},
    {{"mget"},
     "[-c] [-P COUNT] [-O LOCAL] FILE...",
     "Downloads all files of such names, COUNT at the same time.",
     login,
     mget,
     "mget -P 4 images/*.jpg",
     job_use::yes},
    {{"mput"},
     "[-c] [-P COUNT] [-O DIRECTORY] LOCAL...",
     "Uploads all files of such names, COUNT at the same time.",
     login,
     mput,
     "mput -O images *.jpg",
     job_use::yes},
    {{"pget"},
     "[-n COUNT] FILE [LOCAL]",
     "Downloads a file in COUNT parts at the same time, 4 unless told.",
     login,
     pget,
     "pget -n 8 big.iso",
     job_use::yes},
    {{"mirror"},
     "[-R] [--dry-run] [--delete] [--newer] [--size] [--hash] [--follow] [--include GLOB] [--exclude GLOB] [-P COUNT] "
     "[FROM [TO]]",
     "Makes a local directory like one of the server (FROM: the working directory; TO: here, by its name); -R the "
     "other "
     "way round. A file is moved if its size differs or it is newer; --newer: only if it is newer, --size: only if its "
     "size differs, --hash: if the digests differ. --follow takes files that links lead to, with -R within FROM alone, "
     "and fails for directories; --include and --exclude are patterns.",
     login,
     commands::mirror,
     "mirror --dry-run --delete images",
     job_use::yes},
    {{"limit"},
     "[RATE|off]",
     "Shows or sets how fast transfers may be, in bytes a second.",
     nothing,
     limit,
     "limit 500k"},
};

constexpr vocabulary_row contents[] = {
    {{"cat"}, "FILE...", "Shows what is in files.", login, cat, "cat README | wc -l"},
    {{"less", "more"}, "FILE...", "Shows files page by page, in $PAGER.", login, less, "less README"},
    {{"edit"}, "FILE", "Edits a file in $EDITOR, and stores it if it was changed.", login, edit, "edit index.html"},
    {{"hash"},
     "[-a NAME] FILE...",
     "Shows the digests that the server makes of files.",
     login,
     commands::hash,
     "hash -a SHA-256 big.iso",
     job_use::yes},
    {{"verify"},
     "FILE [LOCAL]",
     "Compares a file with the local one, by digest or else by size.",
     login,
     verify,
     "verify big.iso",
     job_use::yes},
    {{"du"},
     "[-s] [DIRECTORY]",
     "Shows how much is in directories; -s only the sum.",
     login,
     du,
     "du -s images",
     job_use::yes},
    {{"find"},
     "[DIRECTORY] [-name GLOB] [-type LETTER]",
     "Shows all names below a directory; the type is f, d or l.",
     login,
     commands::find,
     "find images -name *.jpg",
     job_use::yes},
};

constexpr vocabulary_row changing[] = {
    {{"MKD"}, "DIRECTORY", "Makes a directory.", login, send_as_it_is, "MKD images"},
    {{"mkdir"},
     "[-p] DIRECTORY",
     "Makes a directory; -p also those that it is in.",
     login,
     make_directory,
     "mkdir -p images/2026"},
    {{"RMD", "rmdir"}, "DIRECTORY", "Removes an empty directory.", login, send_as_it_is, "rmdir images"},
    {{"DELE", "delete"}, "FILE", "Deletes a file.", login, send_as_it_is, "delete a.jpg"},
    {{"mdelete", "mrm"},
     "FILE...",
     "Deletes all files of such names.",
     login,
     remove_many,
     "mdelete images/*.bak",
     job_use::yes},
    {{"rm"},
     "[-r] FILE...",
     "Deletes files; -r directories with all that is in them.",
     login,
     commands::remove,
     "rm -r images",
     job_use::yes},
    {{"DELF"}, "FILE", "Deletes a file, and asks before.", login, remove_confirmed, "DELF a.jpg"},
    {{"rename", "mv"}, "FROM TO", "Renames a file.", login, commands::rename, "mv a.jpg b.jpg"},
    {{"RNFR"}, "FROM", "Begins to rename; RNTO comes next.", login, send_as_it_is, "RNFR a.jpg"},
    {{"RNTO"}, "TO", "Ends renaming.", login, send_as_it_is, "RNTO b.jpg"},
    {{"chmod"}, "MODE FILE...", "Changes who may do what with files.", login, commands::chmod, "chmod u+x run.sh"},
    {{"touch"}, "FILE...", "Makes files new, and empty ones where there are none.", login, touch, "touch done"},
};

constexpr vocabulary_row in_background[] = {
    {{"jobs"}, "", "Shows what runs in the background: lines that end with &.", nothing, jobs, "jobs"},
    {{"fg"}, "[JOB]", "Watches a job until it ends; Ctrl+C ends it.", nothing, foreground, "fg 1"},
    {{"wait"},
     "[JOB]",
     "Waits until a job has ended, or all; Ctrl+C ends the waiting.",
     nothing,
     commands::wait,
     "wait"},
    {{"kill"}, "JOB", "Ends a job.", nothing, commands::kill, "kill 1"},
};

constexpr vocabulary_row on_this_side[] = {
    {{"lcd"},
     "LOCAL",
     "Changes the local directory; lcd - goes back to the one before.",
     nothing,
     local_cd,
     "lcd ~/images"},
    {{"lpwd"}, "", "Shows the local directory.", nothing, local_pwd, "lpwd"},
    {{"lls"}, "[LOCAL]", "Lists a local directory.", nothing, local_ls, "lls"},
    {{"!"}, "[COMMAND]", "Runs a command of this system, or a shell.", nothing, run_program, "!df -h ."},
};

constexpr vocabulary_row modes[] = {
    {{"passive"}, "[on|off]", "Switches between passive and active mode.", nothing, passive, "passive off"},
    {{"PASV"}, "", "Passive mode: this client opens the data connections.", login, pasv, "PASV"},
    {{"EPSV"}, "[PROTOCOL]", "As PASV, in the form for IPv6.", login, pasv, "EPSV"},
    {{"PORT"}, "[ADDRESS]", "Active mode: the server opens the data connections.", login, port, "PORT"},
    {{"EPRT"}, "[ADDRESS]", "As PORT, in the form for IPv6.", login, port, "EPRT"},
    {{"binary", "image"}, "", "Transfers files as they are.", nothing, binary, "binary"},
    {{"ascii"}, "", "Transfers files as text, with the line ends of each side.", nothing, commands::ascii, "ascii"},
    {{"TYPE"}, "LETTER", "A or ascii, I or binary.", login, commands::type, "TYPE A"},
    {{"CCC"}, "", "Ends TLS for commands, which anybody on the way can read from then on.", login, ccc, "CCC"},
};

constexpr vocabulary_row asking[] = {
    {{"HELP", "help", "?"}, "[COMMAND]", "Shows all commands, or one.", nothing, help, "help get"},
    {{"rhelp"}, "[VERB]", "Shows the server's help.", connection, remote_help, "rhelp SITE"},
    {{"STAT"}, "[PATH]", "Shows the server's state, or lists a directory.", connection, send_as_it_is, "STAT"},
    {{"SYST"}, "", "Shows the kind of system.", connection, send_as_it_is, "SYST"},
    {{"FEAT"}, "", "Shows the server's features.", connection, send_as_it_is, "FEAT"},
    {{"OPTS"}, "TEXT", "Sets an option of a feature.", connection, send_as_it_is, "OPTS UTF8 ON"},
    {{"SITE"}, "TEXT", "Sends a command of this server's own.", connection, send_as_it_is, "SITE HELP"},
    {{"NOOP"}, "", "Asks for an answer, and nothing else.", connection, send_as_it_is, "NOOP"},
    {{"quote", "literal"}, "VERB [TEXT]...", "Sends a command as it is.", connection, quote, "quote SITE HELP"},
};

constexpr vocabulary_group groups[] = {
    {"Connecting", connecting},           {"Looking around", looking},
    {"Transferring files", transferring}, {"What is in files", contents},
    {"Changing files there", changing},   {"In the background", in_background},
    {"On this side", on_this_side},       {"Modes", modes},
    {"Asking and saying", asking},
};

} // namespace

std::span<const vocabulary_group> vocabulary() noexcept
{
    return groups;
}
