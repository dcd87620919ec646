// TYPE I and MODE S for operations without a data connection: SIZE counts the bytes that a transfer would send
// (RFC 3659 4).
#pragma once

#include "running_operation.hpp"

namespace libftp {

class image_type_operation : public running_operation {
public:
    using running_operation::running_operation;

protected:
    /// -> image_type_set(), or the operation fails.
    void set_image_type()
    {
        auto& server = control().server();
        if (server.type == representation_type::image)
            return set_stream_mode();
        // The operation may be given up before the reply comes.
        server.type.reset();
        ask("TYPE", "I", &image_type_operation::type_answered);
    }
    virtual void image_type_set() = 0;

private:
    void type_answered(const reply& answer)
    {
        if (!answer.is_completion())
            return fail(refusal(answer));
        control().server().type = representation_type::image;
        set_stream_mode();
    }

    void set_stream_mode()
    {
        auto& server = control().server();
        if (server.mode == transfer_mode::stream)
            return image_type_set();
        server.mode.reset();
        ask("MODE", "S", &image_type_operation::mode_answered);
    }

    void mode_answered(const reply& answer)
    {
        if (!answer.is_completion())
            return fail(refusal(answer));
        control().server().mode = transfer_mode::stream;
        image_type_set();
    }
};

} // namespace libftp
