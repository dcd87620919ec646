// The commands that downloads and uploads are (RFC 959 4.1.3).
#include "client_transfer.hpp"

#include <libftp/error.hpp>

#include <string_view>
#include <utility>

namespace libftp {

namespace {

std::string_view to_text(operation::upload_verb verb) noexcept
{
    switch (verb) {
    case operation::upload_verb::store: return "STOR";
    case operation::upload_verb::append: return "APPE";
    case operation::upload_verb::store_unique: return "STOU";
    }
    return "STOR";
}

} // namespace

prepared_operation prepare(client_control& control, op_id id, operation::download what)
{
    if (what.path.empty() || !is_sendable(what.path) || !what.sink || what.length == 0U)
        return protocol_errc::argument_invalid;
    transfer_plan plan{.verb = "RETR",
                       .argument = std::move(what.path),
                       .type = what.type,
                       .offset = what.offset,
                       .length = what.length,
                       .sink = std::move(what.sink),
                       .limits = {control.options().rates.download, std::move(what.rate)},
                       .size = what.expected_size,
                       .is_one_of_many = what.is_one_of_many};
    return std::make_unique<transfer>(control, id, std::move(plan));
}

prepared_operation prepare(client_control& control, op_id id, operation::upload what)
{
    const bool has_name = !what.path.empty() || what.verb == operation::upload_verb::store_unique;
    const bool has_place = what.offset == 0 || what.verb == operation::upload_verb::store;
    if (!has_name || !has_place || !is_sendable(what.path) || !what.source)
        return protocol_errc::argument_invalid;
    transfer_plan plan{.verb = std::string{to_text(what.verb)},
                       .argument = std::move(what.path),
                       .type = what.type,
                       .offset = what.offset,
                       .source = std::move(what.source),
                       .limits = {control.options().rates.upload, std::move(what.rate)},
                       .is_one_of_many = what.is_one_of_many};
    return std::make_unique<transfer>(control, id, std::move(plan));
}

} // namespace libftp
