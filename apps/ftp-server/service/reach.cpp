// Collects the directories of all options and accounts.
#include "reach.hpp"

#include "../account_roots.hpp"
#include "../files.hpp"
#include "../logs.hpp"

#include <libftp/auth/user_table.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace {

std::string directory_of(const std::string& file)
{
    std::error_code ignored;
    return std::filesystem::absolute(file, ignored).parent_path().string();
}

/// Of the file that the name leads to, if it is there.
std::string real_directory_of(const std::string& file)
{
    std::error_code error;
    const auto real = std::filesystem::canonical(file, error);
    return error ? directory_of(file) : real.parent_path().string();
}

bool names_home(const std::string& root)
{
    return root.find("{home}") != std::string::npos;
}

/// What a root with `{user}` in it has in common for all users.
std::string fixed_part(const std::string& root)
{
    const auto brace = root.find('{');
    if (brace == std::string::npos)
        return root;
    const auto slash = root.rfind('/', brace);
    return slash == std::string::npos ? "." : root.substr(0, slash + 1);
}

bool may_anybody_change(const account_choices& accounts)
{
    return !accounts.users_file.empty() || !accounts.pam_service.empty() ||
           accounts.anonymous != anonymous_access::read;
}

/// Faults are those of whoever opens the accounts.
void add_accounts(const serve_options& options, reachable_files& files)
{
    const auto text = read_file(options.accounts.users_file);
    if (!text)
        return;
    const auto table = libftp::user_table::parse(*text);
    if (!table)
        return;
    const account_roots roots{options, std::make_shared<shared_counts>()};
    for (const auto& user : table->entries()) {
        if (names_home(user.root.empty() ? options.accounts.root : user.root)) {
            files.read_with_successors("/etc/passwd");
            files.read_with_successors("/etc/nsswitch.conf");
        }
        // What comes to be later is out of reach: no rule can be made for it now.
        std::error_code ignored;
        const auto path = roots.path_for(user.name, user.root);
        if (path && std::filesystem::is_directory(*path, ignored))
            files.changed.push_back(*path);
    }
}

} // namespace

std::optional<reachable_files> files_in_reach(const serve_options& options)
{
    const auto& accounts = options.accounts;
    if (!accounts.pam_service.empty() && names_home(accounts.root))
        return std::nullopt;
    reachable_files files;
    auto& shared = may_anybody_change(accounts) ? files.changed : files.read;
    shared.push_back(options.directory);
    if (!accounts.root.empty() && !names_home(accounts.root)) // of those each is known
        files.changed.push_back(fixed_part(accounts.root));
    if (!accounts.users_file.empty()) {
        files.read_with_successors(accounts.users_file);
        add_accounts(options, files);
    }
    if (!options.written.file().empty())
        files.read_with_successors(options.written.file());

    for (const auto& pair : options.tls.certificates) {
        for (const auto& file : {pair.certificate, pair.key}) {
            files.read_with_successors(file);
            if (options.tls.mode == tls_mode::automatic)
                files.changed.push_back(directory_of(file));
        }
    }
    if (!options.tls.client_authorities_file.empty())
        files.read_with_successors(options.tls.client_authorities_file);

    for (const auto& log : {options.logs.file, options.logs.transfers_file}) {
        if (is_log_file(log))
            files.written.insert(files.written.end(), {directory_of(log), real_directory_of(log)});
    }
    if (!options.service.control_socket.empty())
        files.sockets.push_back(directory_of(options.service.control_socket));
    return files;
}

programs programs_needed(const serve_options& options)
{
    return options.accounts.pam_service.empty() ? programs::refused : programs::run;
}
