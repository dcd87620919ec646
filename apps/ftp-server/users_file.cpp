// Changes one account at a time; the file appears as a whole.
#include "users_file.hpp"

#include "files.hpp"

#include <libftp/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <termios.h>
#include <unistd.h>

using namespace libftp;

namespace {

/// Of crypt(5), or of an account that nobody can log in to.
bool is_hash(std::string_view text)
{
    constexpr std::size_t size_of_des = 13;
    return text.size() == size_of_des || std::string_view{"$_!*"}.find(text.front()) != std::string_view::npos;
}

user_table parse_users(const std::string& path, const std::string& text)
{
    auto table = user_table::parse(text);
    if (!table)
        throw option_error("--users", fmt::format("{} line {}: {}", path, table.error().line, table.error().reason));
    return std::move(*table);
}

std::string read_users_text(const std::string& path)
{
    const auto text = read_file(path);
    if (!text) {
        const auto* advice = text.error() == store_errc::not_found ? " 'ftp-server user add' makes one."
                             : text.error() == std::errc::permission_denied
                                 ? " The user who runs this server has to be able to read it."
                                 : "";
        throw option_error("--users",
                           fmt::format("cannot read the users file '{}': {}{}", path, text.error().message(), advice));
    }
    return *text;
}

/// The first that begins with that name; names cannot hold what parts them from the rest.
std::size_t line_of(const std::string& name, std::string_view text)
{
    std::size_t number = 1;
    while (!text.starts_with(name + ":")) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos)
            return 1; // a byte order mark is in front of it
        text.remove_prefix(end + 1);
        ++number;
    }
    return number;
}

/// Without echo on a terminal.
std::string read_line(const char* question)
{
    const bool asks = isatty(STDIN_FILENO) == 1;
    termios before{};
    if (asks) {
        tcgetattr(STDIN_FILENO, &before);
        auto silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
        fmt::print(stderr, "{}", question);
    }
    std::string line;
    char byte = 0;
    while (::read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n')
        line += byte;
    if (asks) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fmt::print(stderr, "\n");
    }
    return line;
}

secret ask_password()
{
    auto line = read_line("Password: ");
    secret password{line};
    wipe(line.data(), line.size());
    if (password.empty())
        throw std::runtime_error("the password is empty");
    if (isatty(STDIN_FILENO) == 1) {
        auto again = read_line("Again: ");
        const bool same = password.reveal() == again;
        wipe(again.data(), again.size());
        if (!same)
            throw std::runtime_error("the two passwords differ; nothing was changed");
    }
    return password;
}

void write_users(const std::string& path, const user_table& table)
{
    if (const auto written = write_secret_file(path, table.to_string()); !written)
        throw std::runtime_error(fmt::format("cannot write the users file '{}': {}", path, written.error().message()));
}

std::string new_hash()
{
    constexpr std::size_t longest = 511; // as hash_password() says
    const auto password = ask_password();
    if (password.reveal().size() > longest)
        throw std::runtime_error(fmt::format("the password is too long: it has {} bytes, and may have {}",
                                             password.reveal().size(), longest));
    if (password.reveal().find('\0') != std::string_view::npos)
        throw std::runtime_error("the password holds a NUL byte, which none may");
    if (password.reveal().find('\r') != std::string_view::npos)
        throw std::runtime_error("the password holds a CR byte, which no client can send: where it comes from a file, "
                                 "its lines have to end with LF alone");
    auto hash = hash_password(password);
    if (!hash)
        throw std::runtime_error(fmt::format("cannot hash the password: {}", hash.error().message()));
    return std::move(*hash);
}

user_entry known_user(const user_table& table, const account_options& options)
{
    const auto* entry = table.find(options.name);
    if (entry == nullptr)
        throw std::runtime_error(fmt::format("there is no account {} in {}; 'ftp-server user list' shows those that "
                                             "there are",
                                             options.name, options.users_file));
    return *entry;
}

void put(user_table& table, user_entry entry)
{
    if (const auto done = table.put(std::move(entry)); !done)
        throw std::runtime_error(done.error());
}

/// Empty where there is no such file yet.
user_table read_or_begin(const std::string& path)
{
    const auto text = read_file(path);
    if (text)
        return parse_users(path, *text);
    if (text.error() != store_errc::not_found)
        throw std::runtime_error(fmt::format("cannot read the users file '{}': {}", path, text.error().message()));
    return {};
}

/// Others change other accounts at the same time, so the table is read when it is to be written.
template <class Read, class Change>
void change_users(const std::string& path, Read read, Change change)
{
    const file_lock only_one{path};
    auto table = read(path);
    change(table);
    write_users(path, table);
}

void add(const account_options& options)
{
    read_or_begin(options.users_file); // a fault shows before the password is asked for
    user_entry entry{options.name, new_hash(), permissions::full(), ""};
    bool is_new = true;
    change_users(options.users_file, read_or_begin, [&](user_table& table) {
        const auto* known = table.find(options.name);
        is_new = known == nullptr;
        // Whoever moves an account must not let it write by that.
        entry.allowed = options.allowed.value_or(is_new ? entry.allowed : known->allowed);
        entry.root = options.root.value_or(is_new ? entry.root : known->root);
        put(table, entry);
    });
    fmt::print("{} {} in {}: {}{}{}\n", is_new ? "Added" : "Changed", options.name, options.users_file,
               entry.allowed.to_string(), entry.root.empty() ? "" : ", root ", entry.root);
}

void change_password(const account_options& options)
{
    known_user(read_users_file(options.users_file), options); // before the password is asked for
    const auto hash = new_hash();
    change_users(options.users_file, read_users_file, [&](user_table& table) {
        auto entry = known_user(table, options);
        entry.password_hash = hash;
        put(table, std::move(entry));
    });
    fmt::print("Changed the password of {} in {}\n", options.name, options.users_file);
}

void remove(const account_options& options)
{
    change_users(options.users_file, read_users_file,
                 [&](user_table& table) { table.remove(known_user(table, options).name); });
    fmt::print("Removed {} from {}\n", options.name, options.users_file);
}

void list(const account_options& options)
{
    const auto table = read_users_file(options.users_file);
    std::size_t names = 0;
    std::size_t rights = 0;
    for (const auto& user : table.entries()) {
        names = std::max(names, user.name.size());
        rights = std::max(rights, user.allowed.to_string().size());
    }
    for (const auto& user : table.entries())
        fmt::print("{:{}}  {:{}}  {}\n", user.name, names, user.allowed.to_string(), rights,
                   user.root.empty() ? "-" : user.root);
}

} // namespace

void check_password_hashes(const std::string& path)
{
    if (path.empty())
        return;
    const auto text = read_users_text(path);
    const auto table = parse_users(path, text);
    for (const auto& user : table.entries())
        if (!is_hash(user.password_hash))
            throw option_error("--users",
                               fmt::format("{} line {}: what stands for the password of {} is no hash of one, so that "
                                           "nothing fits; 'ftp-server user passwd {}' makes one",
                                           path, line_of(user.name, text), user.name, user.name));
}

user_table read_users_file(const std::string& path)
{
    return parse_users(path, read_users_text(path));
}

void manage_accounts(const account_options& options)
{
    switch (options.task) {
    case account_task::add: return add(options);
    case account_task::passwd: return change_password(options);
    case account_task::remove: return remove(options);
    case account_task::list: return list(options);
    }
}
