// How the greeting and the login of a protected session agree on the protection of data connections (RFC 4217 9).
#pragma once

#include "running_operation.hpp"

#include <libftp/protocol/reply.hpp>

namespace libftp {

class protecting_operation : public decisive_operation {
public:
    using decisive_operation::decisive_operation;

protected:
    /// PBSZ and PROT; then it succeeds with `value`. If the server wants a login first, they are put off until after
    /// it. Any other refusal ends the session.
    void protect_data(reply value);
    /// Ends the session: nothing more goes out.
    void refuse_protection(const reply& answer);

private:
    void buffer_size_answered(const reply& answer);
    void level_answered(const reply& answer);
    void put_off(const reply& answer, bool wants_login);
    [[nodiscard]] bool is_private() const noexcept;

    reply value_;
};

} // namespace libftp
