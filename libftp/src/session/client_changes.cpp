// Sets times and modes by whichever command a server has: MFMT, MFF (draft-somers-ftp-mfxx), MDTM with a time, SITE
// UTIME, SITE CHMOD.
#include "../protocol/ascii.hpp"
#include "client_replies.hpp"
#include "running_operation.hpp"

#include <libftp/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace libftp {

namespace {

/// Tries commands of one kind, in the order of `Command`, until the server knows one. That one is used from then on.
template <class Command>
class change : public running_operation {
public:
    using running_operation::running_operation;

protected:
    /// What has worked before is kept here.
    [[nodiscard]] virtual std::optional<Command>& known() = 0;
    /// Whether the server may have this one.
    [[nodiscard]] virtual bool is_offered(Command way) const = 0;
    virtual void send_change(Command way) = 0;

    [[nodiscard]] Command way() const noexcept { return way_; }
    [[nodiscard]] bool is_proven() { return known().has_value(); }
    /// What has worked once is the only command that is sent.
    [[nodiscard]] bool lets_next_ahead() const noexcept final { return began_proven_ && awaits_reply(); }

    void begin() final
    {
        began_proven_ = is_proven();
        way_ = known().value_or(Command{});
        try_way();
    }

    void answered_change(const reply& answer)
    {
        if (says_unknown(answer) && !is_proven())
            return try_next();
        if (!answer.is_completion() || says_unknown(answer))
            return fail(refusal(answer));
        known() = way_;
        succeed();
    }

    void try_next()
    {
        way_ = static_cast<Command>(static_cast<int>(way_) + 1);
        try_way();
    }

private:
    void try_way()
    {
        while (way_ != Command::none && !is_proven() && !is_offered(way_))
            way_ = static_cast<Command>(static_cast<int>(way_) + 1);
        if (way_ != Command::none)
            return send_change(way_);
        known() = Command::none;
        fail({protocol_errc::not_supported});
    }

    Command way_{};
    bool began_proven_ = false;
};

class set_modified final : public change<time_command> {
public:
    set_modified(client_control& control, op_id id, operation::set_modified what)
        : change(control, id), path_(std::move(what.path)), time_(format_timestamp(what.time))
    {
    }

private:
    [[nodiscard]] std::optional<time_command>& known() override { return control().server().sets_times; }

    [[nodiscard]] bool is_offered(time_command way) const override
    {
        const auto& features = control().server().features;
        switch (way) {
        case time_command::mfmt: return features.mfmt || !features.known;
        case time_command::mdtm: return features.mdtm || !features.known;
        default: return true;
        }
    }

    [[nodiscard]] std::vector<command_line> commands_ahead() override
    {
        const auto proven = known().value_or(time_command::none);
        return proven == time_command::none ? std::vector<command_line>{} : std::vector{line_of(proven)};
    }

    void send_change(time_command way) override
    {
        const auto line = line_of(way);
        ask(line.verb, line.argument,
            way == time_command::mdtm ? &set_modified::modification_answered : &set_modified::answered_change);
    }

    [[nodiscard]] command_line line_of(time_command way) const
    {
        const auto* const zone = control().server().sets_times_with_zone ? "+0" : "";
        switch (way) {
        case time_command::mfmt: return {"MFMT", fmt::format("{} {}", time_, path_)};
        case time_command::mdtm: return {"MDTM", fmt::format("{}{} {}", time_, zone, path_)};
        case time_command::site_utime: return {"SITE", fmt::format("UTIME {} {}", time_, path_)};
        case time_command::site_utime_long: return {"SITE", fmt::format("UTIME {0} {1} {1} {1} UTC", path_, time_)};
        case time_command::none: break;
        }
        return {};
    }

    /// A server that cannot set times by MDTM takes the whole argument for a name.
    void modification_answered(const reply& answer)
    {
        const bool tells_a_time = answer.code == to_int(reply_code::file_status) && parse_modification(answer) &&
                                  answer.text().find(time_) == std::string_view::npos;
        if (tells_a_time)
            return try_next();
        if (answer.code == to_int(reply_code::file_unavailable) && !is_proven() &&
            !control().server().sets_times_with_zone)
            return ask("MDTM", path_, &set_modified::existence_told);
        answered_change(answer);
    }

    /// Whether 550 was about the file, or about a name that begins with the time.
    void existence_told(const reply& answer)
    {
        if (answer.is_completion())
            try_next();
        else
            fail(refusal(answer));
    }

    std::string path_;
    std::string time_;
};

class set_mode final : public change<mode_command> {
public:
    set_mode(client_control& control, op_id id, operation::set_mode what)
        : change(control, id), path_(std::move(what.path)), mode_(what.mode)
    {
    }

private:
    [[nodiscard]] std::optional<mode_command>& known() override { return control().server().sets_modes; }

    [[nodiscard]] bool is_offered(mode_command way) const override
    {
        const auto& features = control().server().features;
        return way != mode_command::mff || !features.known ||
               std::ranges::find(features.changeable_facts, "unix.mode") != features.changeable_facts.end();
    }

    void send_change(mode_command way) override
    {
        if (way == mode_command::site_chmod)
            ask("SITE", fmt::format("CHMOD {:03o} {}", mode_, path_), &set_mode::answered_change);
        else
            ask("MFF", fmt::format("UNIX.mode={:04o}; {}", mode_, path_), &set_mode::facts_answered);
    }

    /// The reply names the facts that have been changed, which may be none.
    void facts_answered(const reply& answer)
    {
        const auto text = ascii::in_lower_case(answer.text());
        if (answer.is_completion() && text.find("unix.mode") == std::string::npos)
            try_next();
        else
            answered_change(answer);
    }

    std::string path_;
    std::uint32_t mode_;
};

constexpr std::uint32_t all_mode_bits = 07777;

} // namespace

prepared_operation prepare(client_control& control, op_id id, operation::set_modified what)
{
    if (!is_sendable_path(what.path))
        return protocol_errc::argument_invalid;
    return std::make_unique<set_modified>(control, id, std::move(what));
}

prepared_operation prepare(client_control& control, op_id id, operation::set_mode what)
{
    if (!is_sendable_path(what.path) || what.mode > all_mode_bits)
        return protocol_errc::argument_invalid;
    return std::make_unique<set_mode>(control, id, std::move(what));
}

} // namespace libftp
