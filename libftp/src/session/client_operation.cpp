// What an operation's error says to a person.
#include <libftp/session/client_operation.hpp>

#include <fmt/format.h>

namespace libftp {

std::string operation_error::message() const
{
    const bool server_said_why = answer.is_transient_failure() || answer.is_permanent_failure();
    auto words = fmt::format("{} {}", answer.code, escape_controls(answer.text()));
    if (server_said_why)
        return words;
    return answer.code == 0 ? code.message() : fmt::format("{}: {}", code.message(), words);
}

void throw_error(const operation_error& error)
{
    throw std::system_error(error.code, error.message());
}

} // namespace libftp
