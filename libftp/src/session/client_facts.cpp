// Operations that ask for one fact: SIZE, MDTM (RFC 3659 3, 4), AVBL (draft-peterson-streamlined-ftp 4).
#include "client_image_type.hpp"
#include "client_replies.hpp"

#include <libftp/error.hpp>

#include <string>
#include <utility>

namespace libftp {

namespace {

class size final : public image_type_operation {
public:
    size(client_control& control, op_id id, operation::size what)
        : image_type_operation(control, id), path_(std::move(what.path))
    {
    }

private:
    void begin() override { set_image_type(); }
    void image_type_set() override { ask("SIZE", path_, &size::told); }

    void told(const reply& answer)
    {
        const auto bytes = parse_byte_count(answer);
        if (!answer.is_completion())
            fail(refusal(answer));
        else if (bytes)
            succeed(*bytes);
        else
            fail({protocol_errc::reply_unexpected, answer});
    }

    std::string path_;
};

class modified final : public running_operation {
public:
    modified(client_control& control, op_id id, operation::modified what)
        : running_operation(control, id), path_(std::move(what.path))
    {
    }

private:
    void begin() override { ask("MDTM", path_, &modified::told); }

    void told(const reply& answer)
    {
        const auto time = parse_modification(answer);
        if (!answer.is_completion())
            fail(refusal(answer));
        else if (time)
            succeed(*time);
        else
            fail({protocol_errc::reply_unexpected, answer});
    }

    std::string path_;
};

class space final : public running_operation {
public:
    space(client_control& control, op_id id, operation::space what)
        : running_operation(control, id), path_(std::move(what.path))
    {
    }

private:
    void begin() override
    {
        const auto& features = control().server().features;
        if (features.known && !features.avbl)
            fail({protocol_errc::not_supported});
        else
            ask("AVBL", path_, &space::told);
    }

    void told(const reply& answer)
    {
        const auto bytes = parse_byte_count(answer);
        if (says_unknown(answer))
            fail({protocol_errc::not_supported, answer});
        else if (!answer.is_completion())
            fail(refusal(answer));
        else if (bytes)
            succeed(*bytes);
        else
            fail({protocol_errc::reply_unexpected, answer});
    }

    std::string path_;
};

} // namespace

prepared_operation prepare(client_control& control, op_id id, operation::size what)
{
    if (!is_sendable_path(what.path))
        return protocol_errc::argument_invalid;
    return std::make_unique<size>(control, id, std::move(what));
}

prepared_operation prepare(client_control& control, op_id id, operation::modified what)
{
    if (!is_sendable_path(what.path))
        return protocol_errc::argument_invalid;
    return std::make_unique<modified>(control, id, std::move(what));
}

prepared_operation prepare(client_control& control, op_id id, operation::space what)
{
    if (!is_sendable(what.path))
        return protocol_errc::argument_invalid;
    return std::make_unique<space>(control, id, std::move(what));
}

} // namespace libftp
