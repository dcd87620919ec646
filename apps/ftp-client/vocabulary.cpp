// The rows, in the order in which HELP shows them, and how typed lines find theirs.
#include "vocabulary.hpp"

#include "connection_commands.hpp"
#include "file_commands.hpp"
#include "local_commands.hpp"
#include "terminal.hpp"
#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>

using namespace commands;

namespace {

outcome help(session& s, const typed_command& typed);

constexpr std::string_view option_c = "[-c] ";

using enum needs;

constexpr vocabulary_row vocabulary[] = {
    {{"HELP", "help", "?"}, "[COMMAND]", "Shows all commands, or one.", nothing, help},
    {{"open"}, "[HOST [PORT]]", "Connects; asks for what is not given. HOST may be a URL.", nothing, open},
    {{"CONN"}, "[HOST [PORT]]", "Connects, without HOST once more to the last server.", nothing, conn},
    {{"close", "disconnect"}, "", "Ends the session with the server.", connection, close},
    {{"quit", "bye", "exit"}, "", "Leaves the program.", nothing, quit_program},
    {{"QUIT"}, "", "Ends the session with the server; without one leaves the program.", nothing, quit_session},
    {{"USER"}, "NAME", "Begins to log in; PASS comes next.", connection, send_as_it_is},
    {{"PASS"}, "[PASSWORD]", "Ends logging in; without PASSWORD asks for it unseen.", connection, pass},
    {{"user"}, "NAME [PASSWORD]", "Logs in; looks or asks for a password that is not given.", connection, user},
    {{"ACCT"}, "ACCOUNT", "Names the account, for servers that want one.", connection, send_as_it_is},

    {{"PWD", "pwd"}, "", "Shows the server's working directory.", login, send_as_it_is},
    {{"CWD", "cd"}, "DIRECTORY", "Changes the server's working directory.", login, send_as_it_is},
    {{"CDUP", "cdup"}, "", "Goes to the parent directory.", login, send_as_it_is},
    {{"LIST", "ls", "dir"}, "[PATH]", "Lists a directory, as the server writes it.", login, list},
    {{"NLST", "nlist"}, "[PATH]", "Lists names only.", login, list_names},
    {{"MLSD"}, "[PATH]", "Lists facts for programs.", login, list_facts},
    {{"MLST"}, "[PATH]", "Shows the facts of one file.", login, send_as_it_is},
    {{"SIZE", "size"}, "FILE", "Shows the size of a file in bytes.", login, size},
    {{"MDTM", "mdtm", "modtime"}, "FILE", "Shows when a file was modified, in UTC.", login, send_as_it_is},

    {{"get", "recv"}, "[-c] FILE [LOCAL]", "Downloads a file; -c continues behind what is here.", login, get},
    {{"RETR", "DWLD"}, "FILE", "Downloads a file.", login, get},
    {{"put", "send"}, "[-c] FILE [REMOTE]", "Uploads a file; -c continues behind what is there.", login, put},
    {{"UPLD"}, "FILE", "Uploads a file.", login, put},
    {{"STOR"}, "REMOTE", "Uploads the local file of that name.", login, stor},
    {{"append"}, "FILE [REMOTE]", "Uploads a file to the end of another.", login, append},
    {{"APPE"}, "REMOTE", "Uploads the local file of that name to the end of the remote one.", login, appe},

    {{"MKD", "mkdir"}, "DIRECTORY", "Makes a directory.", login, send_as_it_is},
    {{"RMD", "rmdir"}, "DIRECTORY", "Removes an empty directory.", login, send_as_it_is},
    {{"DELE", "delete", "rm"}, "FILE", "Deletes a file.", login, send_as_it_is},
    {{"DELF"}, "FILE", "Deletes a file, and asks before.", login, remove_confirmed},
    {{"rename", "mv"}, "FROM TO", "Renames a file.", login, commands::rename},
    {{"RNFR"}, "FROM", "Begins to rename; RNTO comes next.", login, send_as_it_is},
    {{"RNTO"}, "TO", "Ends renaming.", login, send_as_it_is},

    {{"lcd"}, "DIRECTORY", "Changes the local directory.", nothing, local_cd},
    {{"lpwd"}, "", "Shows the local directory.", nothing, local_pwd},
    {{"lls"}, "[DIRECTORY]", "Lists a local directory.", nothing, local_ls},
    {{"!"}, "[COMMAND]", "Runs a command of this system, or a shell.", nothing, run_program},

    {{"passive"}, "[on|off]", "Switches between passive and active mode.", nothing, passive},
    {{"PASV"}, "", "Passive mode: this client opens the data connections.", login, pasv},
    {{"EPSV"}, "[PROTOCOL]", "As PASV, in the form for IPv6.", login, pasv},
    {{"PORT"}, "[ADDRESS]", "Active mode: the server opens the data connections.", login, port},
    {{"EPRT"}, "[ADDRESS]", "As PORT, in the form for IPv6.", login, port},
    {{"binary", "image"}, "", "Transfers files as they are.", nothing, binary},
    {{"ascii"}, "", "Transfers files as text, with the line ends of each side.", nothing, commands::ascii},
    {{"TYPE"}, "LETTER", "A for ascii, I for binary.", login, type},
    {{"status"}, "", "Shows connection and modes.", nothing, status},
    {{"tls"}, "", "Shows how the connection is protected, and the server's certificate.", connection, tls},
    {{"CCC"}, "", "Ends TLS for commands, which anybody on the way can read from then on.", login, ccc},

    {{"STAT"}, "[PATH]", "Shows the server's state, or lists a directory.", connection, send_as_it_is},
    {{"SYST"}, "", "Shows the kind of system.", connection, send_as_it_is},
    {{"FEAT"}, "", "Shows the server's features.", connection, send_as_it_is},
    {{"OPTS"}, "TEXT", "Sets an option of a feature.", connection, send_as_it_is},
    {{"SITE"}, "TEXT", "Sends a command of this server's own.", connection, send_as_it_is},
    {{"NOOP"}, "", "Asks for an answer, and nothing else.", connection, send_as_it_is},
    {{"rhelp"}, "[VERB]", "Shows the server's help.", connection, remote_help},
    {{"quote", "literal"}, "VERB [TEXT]...", "Sends a command as it is.", connection, quote},
};

bool equal_ignoring_case(std::string_view left, std::string_view right)
{
    const auto to_upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
    return std::ranges::equal(left, right, {}, to_upper, to_upper);
}

/// Puts row and name in.
template <class SameName>
bool find(typed_command& typed, std::string_view name, SameName same_name)
{
    for (const auto& row : vocabulary) {
        for (const auto& known : row.names) {
            if (!known.empty() && same_name(known, name)) {
                typed.row = &row;
                typed.name = known;
                return true;
            }
        }
    }
    return false;
}

struct count_range {
    std::size_t least = 0;
    std::size_t most = 0;
};

/// How many arguments the text describes.
count_range count_arguments(std::string_view text)
{
    if (text.starts_with(option_c))
        text.remove_prefix(option_c.size());
    count_range count;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        ++count.most;
        if (!word.starts_with('['))
            ++count.least;
        if (word.ends_with("..."))
            count.most = std::numeric_limits<std::size_t>::max();
    }
    return count;
}

bool takes_rest_of_line(const typed_command& typed, const count_range& count)
{
    // `ls -la images` is what fingers type.
    if (typed.name == "!" || typed.row->names.front() == "LIST")
        return true;
    return count.most == 1 && typed.name.front() >= 'A' && typed.name.front() <= 'Z';
}

bool is_blank(std::string_view text)
{
    return text.find_first_not_of(" \t") == std::string_view::npos;
}

std::string usage(std::string_view names, const vocabulary_row& row)
{
    return fmt::format("{}{}{}", names, row.arguments.empty() ? "" : " ", row.arguments);
}

void read_arguments(typed_command& typed, std::string_view rest)
{
    const auto count = count_arguments(typed.row->arguments);
    if (is_blank(rest))
        rest = {};
    if (takes_rest_of_line(typed, count)) {
        const bool is_as_typed = typed.name == "PASS" || typed.name == "!";
        if (!rest.empty())
            typed.arguments.push_back(is_as_typed ? std::string{rest} : unquote(rest));
    } else if (auto words = split_words(rest)) {
        typed.arguments = std::move(*words);
    } else {
        typed.fault = "The line ends within a quotation.";
        return;
    }
    if (typed.row->arguments.starts_with(option_c) && typed.argument(0) == "-c") {
        typed.has_option_c = true;
        typed.arguments.erase(typed.arguments.begin());
    }
    if (typed.arguments.size() < count.least || typed.arguments.size() > count.most)
        typed.fault = fmt::format("Usage: {}", usage(typed.name, *typed.row));
}

void print_help(const vocabulary_row& row)
{
    const auto names_end = std::ranges::find(row.names, std::string_view{});
    const auto names = fmt::format("{}", fmt::join(row.names.begin(), names_end, ", "));
    terminal::say(fmt::format("  {:<30} {}", usage(names, row), row.help));
}

outcome help(session&, const typed_command& typed)
{
    if (typed.arguments.empty()) {
        for (const auto& row : vocabulary)
            print_help(row);
        return outcome::done;
    }
    const auto about = read_command(typed.arguments[0]);
    if (!about.row)
        return refuse(about.fault);
    print_help(*about.row);
    return outcome::done;
}

} // namespace

typed_command read_command(std::string_view line)
{
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    const auto name = line.starts_with('!') ? line.substr(0, 1) : line.substr(0, line.find_first_of(" \t"));
    auto rest = line.substr(name.size());
    if (!rest.empty() && is_blank(rest.substr(0, 1)))
        rest.remove_prefix(1);

    typed_command typed;
    if (find(typed, name, std::equal_to<>{}) || find(typed, name, equal_ignoring_case))
        read_arguments(typed, rest);
    else
        typed.fault = fmt::format("There is no command {}; HELP shows those there are.", name);
    return typed;
}

std::string without_passwords(const typed_command& typed, std::string_view line)
{
    if (typed.name == "PASS" || typed.name == "ACCT")
        return fmt::format("{}{}", typed.name, typed.arguments.empty() ? "" : " ***");
    if (typed.name == "user" && !typed.fault.empty())
        return "user ***";
    if (typed.name == "user" && typed.arguments.size() == 2)
        return fmt::format("user {} ***", typed.arguments[0]);
    if (typed.name == "quote" || typed.name == "literal") {
        const auto verb = typed.argument(0).substr(0, 4);
        if (!typed.fault.empty() || equal_ignoring_case(verb, "PASS") || equal_ignoring_case(verb, "ACCT"))
            return fmt::format("{} ***", typed.name);
    }
    return without_url_password(line);
}
