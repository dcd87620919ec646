// Opens the directories of all accounts before the server starts, so that a wrong one shows at once.
#include "accounts.hpp"

#include "files.hpp"

#include <libftp/auth/user_table.hpp>
#include <libftp/store/disk_store.hpp>

#include <fmt/format.h>

#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include <termios.h>
#include <unistd.h>

using namespace libftp;

namespace {

std::shared_ptr<file_store> open_directory(const std::string& path)
{
    auto store = disk_store::open(path);
    if (!store)
        throw std::runtime_error(fmt::format("cannot share '{}': {}", path, store.error().message()));
    return std::move(*store);
}

user_table parse_users(const std::string& path, const std::string& text)
{
    auto table = user_table::parse(text);
    if (!table)
        throw std::runtime_error(fmt::format("{} line {}: {}", path, table.error().line, table.error().reason));
    return std::move(*table);
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

} // namespace

std::shared_ptr<authenticator> open_accounts(const serve_options& options)
{
    auto shared = open_directory(options.directory);
    if (options.users_file.empty())
        return std::make_shared<anonymous_authenticator>(account{
            "anonymous", shared, {}, options.anonymous_may_write ? permissions::full() : permissions::read_only()});

    const auto text = read_file(options.users_file);
    if (!text)
        throw std::runtime_error(fmt::format("cannot read the users file '{}': {} 'ftp-server user add' makes one.",
                                             options.users_file, text.error().message()));
    auto table = parse_users(options.users_file, *text);
    std::map<std::string, std::shared_ptr<file_store>> stores{{"", shared}};
    for (const auto& user : table.entries()) {
        if (!stores.contains(user.root))
            stores.emplace(user.root, open_directory(user.root));
    }
    return std::make_shared<user_table_authenticator>(
        std::move(table), [stores = std::move(stores)](const user_entry& user) -> result<account> {
            return account{.name = user.name, .store = stores.at(user.root), .allowed = user.allowed};
        });
}

void add_user(const add_user_options& options)
{
    user_table table;
    if (const auto text = read_file(options.users_file))
        table = parse_users(options.users_file, *text);
    else if (text.error() != store_errc::not_found)
        throw std::runtime_error(
            fmt::format("cannot read the users file '{}': {}", options.users_file, text.error().message()));

    const auto hash = hash_password(ask_password());
    if (!hash)
        throw std::runtime_error(fmt::format("cannot hash the password: {}", hash.error().message()));
    const bool is_new = table.find(options.name) == nullptr;
    if (const auto put = table.put({options.name, *hash, options.allowed, options.root}); !put)
        throw std::runtime_error(put.error());

    if (const auto written = write_secret_file(options.users_file, table.to_string()); !written)
        throw std::runtime_error(
            fmt::format("cannot write the users file '{}': {}", options.users_file, written.error().message()));
    fmt::print("{} {} in {}: {}{}{}\n", is_new ? "Added" : "Changed", options.name, options.users_file,
               options.allowed.to_string(), options.root.empty() ? "" : ", root ", options.root);
}
