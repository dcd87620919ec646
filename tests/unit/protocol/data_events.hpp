// Writes down what a decoder of the data connection makes of its input.
#pragma once

#include "every_split.hpp"

#include <doctest/doctest.h>

#include <libftp/protocol/data_codec.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace libftp::testing {

/// Bytes as they are, all else by its name, and `<whole>` at the end if the file may end there.
inline std::string data_events(data_decoder& decoder, const std::vector<std::string>& pieces)
{
    std::string events;
    for (const auto& piece : pieces) {
        std::string_view input = piece;
        for (auto event = decoder.read(input); event != data_event::need_more; event = decoder.read(input)) {
            switch (event) {
            case data_event::need_more: break;
            case data_event::bytes:
                CHECK_FALSE(decoder.text().empty());
                events.append(decoder.text());
                break;
            case data_event::end_of_record: events.append("<record>"); break;
            case data_event::restart_marker: events.append("<mark:").append(decoder.text()).append(">"); break;
            case data_event::end_of_file: events.append("<end>"); break;
            case data_event::malformed:
                CHECK(decoder.read(input) == data_event::malformed);
                return events.append("<malformed>");
            }
        }
        CHECK(input.empty());
    }
    return events.append(decoder.has_ended() ? "<whole>" : "");
}

/// `make` makes a new decoder; it hears the input at every split.
template <class Make>
void check_decoding(Make make, std::string_view input, std::string_view expected)
{
    CAPTURE(input);
    at_every_split(input, [&](const std::vector<std::string>& pieces) {
        const auto decoder = make();
        CHECK(data_events(*decoder, pieces) == expected);
    });
}

/// What the encoder makes of the whole of `content`, in pieces of this size.
template <class Encoder>
std::string encoded(Encoder& encoder, std::string_view content, std::size_t piece_size)
{
    std::string out;
    for (; !content.empty(); content.remove_prefix(std::min(piece_size, content.size())))
        static_cast<void>(encoder.encode(content.substr(0, piece_size), out));
    static_cast<void>(encoder.finish(out));
    return out;
}

/// One input in pieces of this size.
inline std::vector<std::string> cut(std::string_view input, std::size_t piece_size)
{
    std::vector<std::string> pieces;
    for (; !input.empty(); input.remove_prefix(std::min(piece_size, input.size())))
        pieces.emplace_back(input.substr(0, piece_size));
    return pieces;
}

} // namespace libftp::testing
