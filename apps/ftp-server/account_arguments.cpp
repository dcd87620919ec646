// One command for each thing to do with an account.
#include "account_arguments.hpp"

#include <CLI/CLI.hpp>

CLI::App* account_arguments::add_task(account_task task, const char* name, const char* description)
{
    auto* command = user_->add_subcommand(name, description);
    command->callback([this, task] { chosen_.task = task; });
    if (task != account_task::list)
        command->add_option("NAME", chosen_.name, "The name to log in with")->required();
    command->add_option("--users", chosen_.users_file, "The users file (that of --config FILE, given before 'user')")
        ->option_text("FILE");
    return command;
}

void account_arguments::add_to(CLI::App& app)
{
    user_ = app.add_subcommand("user", "Manage the accounts of a users file");
    user_->require_subcommand(0, 1);
    auto* add = add_task(account_task::add, "add",
                         "Add an account, or change it, where root and permissions stay unless they are given; asks "
                         "for the password (or reads one line)");
    add->add_option("--root", chosen_.root, "The directory that this user sees (the server's)")->option_text("DIR");
    add->add_option("--permissions", allowed_,
                    "full (all but admin; a new account's), read-only, or words with commas between them: list, read, "
                    "write, append, "
                    "delete, remove, rename, make, times, mode, admin (SITE WHO)")
        ->option_text("LIST");
    add_task(account_task::passwd, "passwd", "Change the password of an account, and nothing else");
    add_task(account_task::remove, "remove", "Remove an account");
    add_task(account_task::list, "list", "Show the accounts: name, permissions, root");
}

std::optional<account_options> account_arguments::read(const std::string& users_file) const
{
    if (!user_->parsed())
        return std::nullopt;
    if (user_->get_subcommands().empty())
        throw CLI::ValidationError("user", "takes add, passwd, remove or list, as in 'user add ann --users FILE'");
    auto asked = chosen_;
    if (allowed_) {
        const auto permissions = libftp::permissions::parse(*allowed_);
        if (!permissions)
            throw CLI::ValidationError("--permissions", "'" + *allowed_ +
                                                            "' is not full, read-only or a list of list, read, write, "
                                                            "append, delete, remove, rename, make, times, mode, admin");
        asked.allowed = *permissions;
    }
    if (asked.users_file.empty())
        asked.users_file = users_file;
    if (asked.users_file.empty())
        throw CLI::ValidationError("--users", "is needed: it names the file that holds the accounts");
    return asked;
}
