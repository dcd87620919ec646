// What an operation's error says to a person, and the names of what is true of transfers.
#include <libftp/session/client_operation.hpp>

#include "../protocol/ascii.hpp"

#include "../throw_or_end.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace libftp {

namespace {

/// std::system_error puts the code's words behind every text.
class operation_exception final : public std::system_error {
public:
    explicit operation_exception(const operation_error& error)
        : std::system_error(error.code), text_(std::make_shared<const std::string>(error.message()))
    {
    }

    [[nodiscard]] const char* what() const noexcept override { return text_->c_str(); }

private:
    std::shared_ptr<const std::string> text_; ///< Copying an exception must not throw.
};

/// All lines of a reply as one: servers tell the reason in any of them, and often leave the first one empty.
std::string in_one_line(const reply& answer)
{
    constexpr std::size_t max_bytes = 1000;
    std::string words;
    for (const auto& each : answer.lines) {
        const auto line = ascii::trimmed(each);
        if (words.size() + line.size() > max_bytes) {
            if (words.empty())
                words = line.substr(0, max_bytes);
            return words.append(" ...");
        }
        if (!line.empty() && !words.empty())
            words += ' ';
        words += line;
    }
    return words;
}

} // namespace

std::string operation_error::message() const
{
    const bool server_said_why = answer.is_transient_failure() || answer.is_permanent_failure();
    // What the server says of AUTH or of a broken connection does not tell that it is about TLS.
    const bool is_about_tls = code == protocol_errc::tls_refused || code.category() == tls_category();
    auto words = escape_controls(in_one_line(answer));
    if (answer.code != 0)
        words = fmt::format("{} {}", answer.code, words);
    if (server_said_why && !is_about_tls)
        return words;
    return words.empty() ? code.message() : fmt::format("{}: {}", code.message(), words);
}

std::string_view to_string(operation_step step) noexcept
{
    switch (step) {
    case operation_step::arguments: return "arguments";
    case operation_step::resolve: return "resolve";
    case operation_step::connect: return "connect";
    case operation_step::greeting: return "greeting";
    case operation_step::tls: return "TLS";
    case operation_step::user: return "user";
    case operation_step::password: return "password";
    case operation_step::account: return "account";
    case operation_step::command: return "command";
    case operation_step::type: return "type";
    case operation_step::data_address: return "data address";
    case operation_step::data_connection: return "data connection";
    case operation_step::restart: return "restart";
    case operation_step::transfer_command: return "transfer command";
    case operation_step::transfer: return "transfer";
    case operation_step::confirmation: return "confirmation";
    case operation_step::near_end: return "near end";
    case operation_step::verification: return "verification";
    }
    return "unknown";
}

void throw_error(const operation_error& error)
{
    throw_or_end(operation_exception{error});
}

std::string_view to_string(size_source source) noexcept
{
    switch (source) {
    case size_source::none: return "none";
    case size_source::preliminary_reply: return "preliminary reply";
    case size_source::size_command: return "SIZE";
    case size_source::facts: return "facts";
    case size_source::listing: return "listing";
    case size_source::near_end: return "near end";
    }
    return "unknown";
}

std::string_view to_string(data_command command) noexcept
{
    switch (command) {
    case data_command::none: return "none";
    case data_command::epsv: return "EPSV";
    case data_command::pasv: return "PASV";
    case data_command::eprt: return "EPRT";
    case data_command::port: return "PORT";
    }
    return "unknown";
}

std::string_view to_string(data_command_reason reason) noexcept
{
    switch (reason) {
    case data_command_reason::preferred: return "preferred";
    case data_command_reason::extended_refused: return "extended form refused";
    case data_command_reason::extended_unreachable: return "extended form unreachable";
    case data_command_reason::known_quirk: return "known quirk";
    }
    return "unknown";
}

std::string_view to_string(verification how) noexcept
{
    switch (how) {
    case verification::none: return "none";
    case verification::size: return "size";
    case verification::hash: return "hash";
    }
    return "unknown";
}

} // namespace libftp
