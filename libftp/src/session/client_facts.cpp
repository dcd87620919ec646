// Operations that ask for one fact: SIZE, MDTM (RFC 3659 3, 4), AVBL (draft-peterson-streamlined-ftp 4).
#include "client_image_type.hpp"
#include "client_replies.hpp"

#include <libftp/error.hpp>

#include <optional>
#include <string>
#include <utility>

namespace libftp {

namespace {

/// One command about a path, whose reply gives one value. `Base` is what an operation of its kind begins with.
template <class Base>
class fact_operation : public Base {
public:
    fact_operation(client_control& control, op_id id, std::string path) : Base(control, id), path_(std::move(path)) {}

protected:
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    /// `value` is what could be read from `answer`.
    template <class Value>
    void end_with(const reply& answer, const std::optional<Value>& value)
    {
        if (!answer.is_completion())
            this->fail(refusal(answer));
        else if (value)
            this->succeed(*value);
        else
            this->fail({protocol_errc::reply_unexpected, answer});
    }

private:
    std::string path_;
};

class size final : public fact_operation<image_type_operation> {
public:
    using fact_operation::fact_operation;

private:
    void begin() override { set_image_type(); }
    void image_type_set() override { ask("SIZE", path(), &size::told); }
    void told(const reply& answer) { end_with(answer, parse_byte_count(answer)); }
};

class modified final : public fact_operation<running_operation> {
public:
    using fact_operation::fact_operation;

private:
    [[nodiscard]] bool lets_next_ahead() const noexcept override { return awaits_reply(); }
    [[nodiscard]] std::vector<command_line> commands_ahead() override { return {{"MDTM", path()}}; }
    void begin() override { ask("MDTM", path(), &modified::told); }
    void told(const reply& answer) { end_with(answer, parse_modification(answer)); }
};

class space final : public fact_operation<running_operation> {
public:
    using fact_operation::fact_operation;

private:
    void begin() override
    {
        const auto& features = control().server().features;
        if (features.known && !features.avbl)
            fail({protocol_errc::not_supported});
        else
            ask("AVBL", path(), &space::told);
    }

    void told(const reply& answer)
    {
        if (says_unknown(answer))
            fail({protocol_errc::not_supported, answer});
        else
            end_with(answer, parse_byte_count(answer));
    }
};

} // namespace

prepared_operation prepare(client_control& control, op_id id, operation::size what)
{
    if (!is_sendable_path(what.path))
        return protocol_errc::argument_invalid;
    return std::make_unique<size>(control, id, std::move(what.path));
}

prepared_operation prepare(client_control& control, op_id id, operation::modified what)
{
    if (!is_sendable_path(what.path))
        return protocol_errc::argument_invalid;
    return std::make_unique<modified>(control, id, std::move(what.path));
}

prepared_operation prepare(client_control& control, op_id id, operation::space what)
{
    if (!is_sendable(what.path))
        return protocol_errc::argument_invalid;
    return std::make_unique<space>(control, id, std::move(what.path));
}

} // namespace libftp
