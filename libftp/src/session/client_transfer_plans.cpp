// The commands that downloads, uploads and listings are (RFC 959 4.1.3, RFC 3659 7).
#include "client_transfer.hpp"

#include <libftp/error.hpp>

#include <string_view>
#include <utility>

namespace libftp {

namespace {

std::string_view to_verb(operation::listing_verb verb, const server_features& features) noexcept
{
    switch (verb) {
    case operation::listing_verb::best: return features.mlst ? "MLSD" : "LIST";
    case operation::listing_verb::mlsd: return "MLSD";
    case operation::listing_verb::list: return "LIST";
    case operation::listing_verb::nlst: return "NLST";
    }
    return "LIST";
}

class listing final : public transfer {
public:
    listing(client_control& control, op_id id, operation::listing what)
        : transfer(control, id, {{}, std::move(what.path), representation_type::ascii, 0, std::move(what.sink), {}}),
          verb_(what.verb)
    {
    }

private:
    void begin() override
    {
        set_verb(std::string{to_verb(verb_, control().server().features)});
        transfer::begin();
    }

    operation::listing_verb verb_;
};

} // namespace

prepared_operation prepare(client_control& control, op_id id, operation::download what)
{
    if (what.path.empty() || !is_sendable(what.path) || !what.sink)
        return protocol_errc::argument_invalid;
    transfer_plan plan{"RETR", std::move(what.path), what.type, what.offset, std::move(what.sink), {}};
    return std::make_unique<transfer>(control, id, std::move(plan));
}

prepared_operation prepare(client_control& control, op_id id, operation::upload what)
{
    if (what.path.empty() || !is_sendable(what.path) || !what.source || (what.append && what.offset != 0))
        return protocol_errc::argument_invalid;
    transfer_plan plan{what.append ? "APPE" : "STOR", std::move(what.path), what.type, what.offset, {},
                       std::move(what.source)};
    return std::make_unique<transfer>(control, id, std::move(plan));
}

prepared_operation prepare(client_control& control, op_id id, operation::listing what)
{
    if (!is_sendable(what.path) || !what.sink)
        return protocol_errc::argument_invalid;
    return std::make_unique<listing>(control, id, std::move(what));
}

} // namespace libftp
