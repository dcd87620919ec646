// Commands on names: PWD, CWD, CDUP, MKD, RMD, DELE, RNFR, RNTO, COMB (RFC 959 4.1).
#include <libftp/session/server_session.hpp>

#include "quoted_words.hpp"

#include <libftp/store/store_call.hpp>
#include <libftp/store/store_error.hpp>

#include <memory>
#include <utility>

namespace libftp {

namespace {

/// A new name with a slash at its end is a directory's alone (rename(2)).
class directory_renaming final : public store_task {
public:
    directory_renaming(std::shared_ptr<file_store> store, store_call::rename wanted)
        : store_(std::move(store)), wanted_(std::move(wanted))
    {
    }

    result<task_step> step() override
    {
        const auto found = store_->stat(wanted_.from);
        if (!found)
            return found.error();
        if (!found->is_directory())
            return store_errc::not_a_directory;
        if (const auto answer = perform(store_, wanted_); !answer)
            return answer.error();
        return task_step{true};
    }

private:
    std::shared_ptr<file_store> store_;
    store_call::rename wanted_;
};

} // namespace

void server_session::handle_pwd()
{
    reply(reply_code::pathname_created, quoted_path(facts_.directory.string()) + " is the current directory.");
}

void server_session::handle_cwd(const command& c)
{
    auto path = c.argument.empty() ? std::optional{facts_.directory.parent()} : resolve(c.argument, permission::none);
    if (!path)
        return;
    path_ = *path;
    call_store(store_call::find_directory{std::move(*path)}, &server_session::answer_cwd);
}

void server_session::answer_cwd(store_answer& /*answer*/)
{
    facts_.directory = path_;
    reply(reply_code::file_action_ok, "The directory is now " + quoted_path(facts_.directory.string()) + ".");
}

void server_session::handle_mkd(const command& c)
{
    if (auto path = resolve(c.argument, permission::make))
        call_store(store_call::make_directory{*path, umask_}, reply_code::pathname_created,
                   quoted_path(path->string()) + " is made.", change_report{change_kind::directory_made, *path});
}

void server_session::handle_removal(const command& c)
{
    const bool is_file = c.row->verb == verb::dele;
    auto path = resolve(c.argument, c.row->needs);
    if (!path)
        return;
    const change_report change{is_file ? change_kind::file_removed : change_kind::directory_removed, *path};
    if (is_file)
        call_store(store_call::remove_file{*path}, reply_code::file_action_ok, "Removed.", change);
    else
        call_store(store_call::remove_directory{*path}, reply_code::file_action_ok, "Removed.", change);
}

void server_session::handle_rnfr(const command& c)
{
    auto path = resolve(c.argument, permission::none);
    if (!path || !may(permission::rename, *path))
        return;
    // Under the new name other rules would apply to what is in it.
    if (path->is_root() || account_->allowed.differ_within(*path))
        return reply(reply_code::file_unavailable, "Permission denied.");
    path_ = *path;
    call_store(store_call::stat{std::move(*path)}, &server_session::answer_rnfr);
}

void server_session::answer_rnfr(store_answer& /*answer*/)
{
    rename_from_ = std::make_unique<store_path>(path_);
    reply(reply_code::file_action_pending, "Send the new name by RNTO.");
}

void server_session::handle_rnto(const command& c)
{
    const auto from = std::move(rename_from_);
    if (!from)
        return reply(reply_code::bad_sequence, "Send RNFR first.");
    auto to = resolve(c.argument, permission::rename);
    if (!to)
        return;
    if (account_->allowed.differ_within(*to))
        return reply(reply_code::file_unavailable, "Permission denied.");
    // Who may neither delete nor overwrite a file may not do so by renaming another over it either.
    const auto allowed = account_->allowed.at(*to);
    const bool replaces = allowed.allows(permission::write) || allowed.allows(permission::delete_file);
    change_report change{change_kind::renamed, *from, *to};
    store_call::rename wanted{*from, *std::move(to), replaces};
    if (c.argument.ends_with('/'))
        start_task(std::make_shared<directory_renaming>(account_->store, std::move(wanted)), reply_code::file_action_ok,
                   "Renamed.", std::move(change));
    else
        call_store(std::move(wanted), reply_code::file_action_ok, "Renamed.", std::move(change));
}

void server_session::handle_comb(const command& c)
{
    const auto words = split_quoted_words(c.argument);
    constexpr std::size_t max_names = 256;
    if (!words || words->size() < 2 || words->size() > max_names)
        return reply(reply_code::argument_error, "COMB takes a target and the files to append to it, in quotes.");
    std::vector<store_path> paths;
    for (const auto& word : *words) {
        const bool is_target = paths.empty();
        auto path = resolve(word, is_target ? permission::append : permission::read);
        if (!path || (!is_target && !may(permission::delete_file, *path)))
            return;
        paths.push_back(std::move(*path));
    }
    const auto target = paths.front();
    paths.erase(paths.begin());
    start_task(make_combine_task(account_->store, target, std::move(paths), umask_), reply_code::file_action_ok,
               "Combined.", change_report{change_kind::combined, target});
}

} // namespace libftp
