// What a server knows of one path: MLST (RFC 3659 7), or SIZE and MDTM, and CWD to tell a directory.
#include "client_image_type.hpp"
#include "client_replies.hpp"

#include <libftp/error.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace libftp {

namespace {

/// The line of facts in a reply to MLST. Some servers put more than one space before them; a line without facts, of a
/// name alone, says nothing.
std::optional<listed_entry> find_facts(const reply& answer)
{
    for (std::string_view line : answer.lines) {
        line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
        if (auto entry = parse_facts_line(line))
            return *std::move(entry);
    }
    return std::nullopt;
}

class stat final : public image_type_operation {
public:
    stat(client_control& control, op_id id, operation::stat what)
        : image_type_operation(control, id), path_(std::move(what.path))
    {
        entry_.style = listing_style::other;
        entry_.name = last_component(path_);
    }

private:
    void begin() override
    {
        const auto& server = control().server();
        const bool may_have_facts = (server.features.mlst || !server.features.known) && !server.refuses_mlst &&
                                    !has(server.manners.effects, server_effect::no_mlsd);
        if (may_have_facts)
            ask("MLST", path_, &stat::facts_told);
        else
            set_image_type();
    }

    void facts_told(const reply& answer)
    {
        if (says_unknown(answer)) {
            // 501 may be about this path only.
            control().server().refuses_mlst = answer.code != to_int(reply_code::argument_error);
            return set_image_type();
        }
        if (!answer.is_completion())
            return fail(refusal(answer));
        auto found = find_facts(answer);
        if (!found)
            return set_image_type();
        found->name = std::move(entry_.name);
        succeed(*std::move(found));
    }

    void image_type_set() override { ask("SIZE", path_, &stat::size_told); }

    void size_told(const reply& answer)
    {
        if (answer.is_transient_failure())
            return fail(refusal(answer));
        if (answer.is_completion())
            entry_.size = parse_byte_count(answer);
        else if (!says_unknown(answer))
            refusal_ = refusal(answer);
        ask("MDTM", path_, &stat::time_told);
    }

    void time_told(const reply& answer)
    {
        if (answer.is_transient_failure())
            return fail(refusal(answer));
        if (answer.is_completion())
            entry_.modified = parse_modification(answer);
        else if (!says_unknown(answer) && !refusal_)
            refusal_ = refusal(answer);
        if (entry_.modified)
            entry_.precision = time_precision::second;
        // What has a size is a file; what only has a time may be a directory as well.
        if (entry_.size)
            succeed(std::move(entry_));
        else
            ask("PWD", {}, &stat::home_told);
    }

    void home_told(const reply& answer)
    {
        auto home = answer.is_completion() ? parse_working_directory(answer) : std::nullopt;
        if (!home)
            return end_untold();
        home_ = *std::move(home);
        is_away_ = true;
        ask("CWD", path_, &stat::entered);
    }

    void entered(const reply& answer)
    {
        if (!answer.is_completion()) {
            is_away_ = false;
            return stopped_ ? fail({stopped_}) : end_as_file();
        }
        entry_.type = file_type::directory;
        ask("CWD", home_, &stat::returned);
        if (stopped_)
            control().wait(control().options().abort_limit);
    }

    void returned(const reply& answer)
    {
        // The next commands would be about files of the same names elsewhere.
        if (!answer.is_completion())
            return control().end_session(refusal(answer));
        if (stopped_)
            fail({stopped_});
        else
            succeed(std::move(entry_));
    }

    void end_as_file()
    {
        if (entry_.modified)
            succeed(std::move(entry_));
        else
            end_untold();
    }

    /// What the server says to PWD and CWD tells nothing about the file.
    void end_untold() { fail(refusal_.value_or(operation_error{protocol_errc::not_supported})); }

    /// Once a directory may have been entered, the session has to return from it first.
    void stop(std::error_code why) override
    {
        if (!is_away_)
            return image_type_operation::stop(why);
        if (!std::exchange(stopped_, why))
            control().wait(control().options().abort_limit);
    }

    std::string path_;
    listed_entry entry_;                     ///< What is known so far.
    std::optional<operation_error> refusal_; ///< Of a command that the server knows: nothing may be there.
    std::string home_;                       ///< The working directory, to be returned to.
    bool is_away_ = false;                   ///< The way back has still to be taken, or is being taken.
    std::error_code stopped_;                ///< Why the caller has given it up.
};

} // namespace

prepared_operation prepare(client_control& control, op_id id, operation::stat what)
{
    if (!is_sendable_path(what.path))
        return protocol_errc::argument_invalid;
    return std::make_unique<stat>(control, id, std::move(what));
}

} // namespace libftp
