// Operations without a data connection: any one command, FEAT with OPTS UTF8 (RFC 2389), RNFR and RNTO (RFC 959 4.1.3).
#include "../protocol/ascii.hpp"
#include "running_operation.hpp"

#include <libftp/error.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace libftp {

namespace {

constexpr bool is_letter(char byte) noexcept
{
    const auto upper = ascii::to_upper(byte);
    return upper >= 'A' && upper <= 'Z';
}

std::string to_upper(std::string_view text)
{
    std::string upper{text};
    std::ranges::transform(upper, upper.begin(), ascii::to_upper);
    return upper;
}

std::string_view trim(std::string_view text) noexcept
{
    constexpr std::string_view blanks = " \t";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

class simple_command final : public running_operation {
public:
    simple_command(client_control& control, op_id id, std::string verb, secret argument)
        : running_operation(control, id), verb_(std::move(verb)), argument_(std::move(argument))
    {
    }

private:
    void begin() override { ask(verb_, argument_.reveal(), &simple_command::command_answered, preliminary::once); }

    void command_answered(const reply& answer)
    {
        if (answer.is_preliminary())
            return;
        if (!answer.is_completion() && !answer.is_intermediate())
            return fail(refusal(answer));
        if (verb_ == "TYPE" || verb_ == "REIN")
            control().server().type.reset();
        succeed();
    }

    std::string verb_;
    secret argument_; ///< It may be a password.
};

class features final : public running_operation {
public:
    using running_operation::running_operation;

private:
    void begin() override { ask("FEAT", {}, &features::listed); }

    void listed(const reply& answer)
    {
        // However a server refuses, it has no features to speak of.
        if (!answer.is_completion() && !answer.is_transient_failure() && !answer.is_permanent_failure())
            return fail(refusal(answer));

        auto& known = control().server().features;
        known = {};
        known.known = true;
        if (answer.is_completion())
            for (const auto& line : answer.lines)
                take_feature(known, line);
        if (known.utf8)
            ask("OPTS", "UTF8 ON", &features::utf8_answered);
        else
            succeed();
    }

    static void take_feature(server_features& known, std::string_view line)
    {
        const auto feature = to_upper(trim(line));
        const auto name = std::string_view{feature}.substr(0, feature.find(' '));
        if (name == "MLST")
            known.mlst = true;
        else if (name == "SIZE")
            known.size = true;
        else if (name == "MDTM")
            known.mdtm = true;
        else if (name == "UTF8")
            known.utf8 = true;
        else if (feature == "REST STREAM")
            known.rest_stream = true;
    }

    // Servers that use UTF-8 anyway may refuse to be asked for it.
    void utf8_answered(const reply& /*answer*/) { succeed(); }
};

class rename final : public running_operation {
public:
    rename(client_control& control, op_id id, operation::rename what)
        : running_operation(control, id), what_(std::move(what))
    {
    }

private:
    void begin() override { ask("RNFR", what_.from, &rename::source_answered); }

    void source_answered(const reply& answer)
    {
        if (answer.is_intermediate())
            ask("RNTO", what_.to, &rename::target_answered);
        else
            fail(refusal(answer));
    }

    void target_answered(const reply& answer)
    {
        if (answer.is_completion())
            succeed();
        else
            fail(refusal(answer));
    }

    operation::rename what_;
};

} // namespace

prepared_operation prepare(client_control& control, op_id id, operation::command what)
{
    if (what.verb.empty() || !std::ranges::all_of(what.verb, is_letter) || !is_sendable(what.argument))
        return protocol_errc::argument_invalid;
    secret argument{what.argument};
    wipe(what.argument.data(), what.argument.size());
    return std::make_unique<simple_command>(control, id, to_upper(what.verb), std::move(argument));
}

prepared_operation prepare(client_control& control, op_id id, operation::password what)
{
    if (!is_sendable(what.text.reveal()))
        return protocol_errc::argument_invalid;
    return std::make_unique<simple_command>(control, id, "PASS", std::move(what.text));
}

prepared_operation prepare(client_control& control, op_id id, operation::features /*what*/)
{
    return std::make_unique<features>(control, id);
}

prepared_operation prepare(client_control& control, op_id id, operation::rename what)
{
    if (what.from.empty() || what.to.empty() || !is_sendable(what.from) || !is_sendable(what.to))
        return protocol_errc::argument_invalid;
    return std::make_unique<rename>(control, id, std::move(what));
}

} // namespace libftp
