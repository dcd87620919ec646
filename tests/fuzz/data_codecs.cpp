// The codings of data connections: decoders do not depend on how bytes are cut, and give back what encoders were given.
#include "fuzzing.hpp"

#include <libftp/protocol/ascii_codec.hpp>
#include <libftp/protocol/block_mode.hpp>
#include <libftp/protocol/compressed_mode.hpp>
#include <libftp/protocol/deflate_codec.hpp>
#include <libftp/protocol/record_structure.hpp>

#include <memory>

namespace libftp::fuzz {

namespace {

enum class coding : unsigned char { block, compressed_text, compressed_image, record, deflate };

std::unique_ptr<data_decoder> make_decoder(coding how)
{
    switch (how) {
    case coding::block: return std::make_unique<block_decoder>();
    case coding::compressed_text: return std::make_unique<compressed_decoder>(filler_byte::space);
    case coding::compressed_image: return std::make_unique<compressed_decoder>(filler_byte::zero);
    case coding::record: return std::make_unique<record_decoder>();
    case coding::deflate: break;
    }
    return std::make_unique<deflate_decoder>();
}

std::unique_ptr<data_encoder> make_encoder(coding how)
{
    switch (how) {
    case coding::block: return std::make_unique<block_encoder>();
    case coding::compressed_text: return std::make_unique<compressed_encoder>(filler_byte::space);
    case coding::compressed_image: return std::make_unique<compressed_encoder>(filler_byte::zero);
    default: return std::make_unique<record_encoder>();
    }
}

/// A letter for each event other than bytes, which stand for themselves in front of it.
struct decoded {
    std::string bytes{};
    std::string events{};
    bool is_whole = false;
    friend bool operator==(const decoded&, const decoded&) = default;
};

decoded decode(coding how, std::string_view text, std::size_t piece_size)
{
    decoded found;
    const auto decoder = make_decoder(how);
    const auto note = [&](char letter) { found.events += letter + std::to_string(found.bytes.size()) + " "; };
    bool is_malformed = false;
    for_each_piece(text, piece_size, [&](std::string_view piece) {
        // Compressed bytes may become a thousandfold; the rest of a bomb tells nothing more.
        while (!is_malformed && found.bytes.size() < (1U << 17U)) {
            switch (decoder->read(piece)) {
            case data_event::need_more: return require(piece.empty(), "need_more takes all of the input");
            case data_event::bytes:
                require(!decoder->text().empty(), "bytes are at least one");
                found.bytes += decoder->text();
                break;
            case data_event::end_of_record: note('r'); break;
            case data_event::restart_marker:
                found.events += decoder->text();
                note('m');
                break;
            case data_event::end_of_file: note('f'); break;
            case data_event::malformed: is_malformed = true; break;
            }
        }
    });
    if (is_malformed)
        note('!');
    found.is_whole = !is_malformed && decoder->has_ended();
    return found;
}

/// Lines are records, a line `#text` is a marker.
void encode_and_decode(coding how, std::string_view text)
{
    std::string wire;
    std::string expected;
    std::string events;
    const auto note = [&](char letter) { events += letter + std::to_string(expected.size()) + " "; };
    const auto encoder = make_encoder(how);
    for (choices lines{text}; !lines.empty();) {
        const auto line = lines.text();
        if (line.size() > 1 && line.size() <= data_encoder::max_mark_bytes && line.front() == '#' &&
            std::ranges::all_of(line, [](char byte) { return byte > ' ' && byte < '\x7f'; })) {
            encoder->mark(line, wire);
            if (how != coding::record) {
                events += line;
                note('m');
            }
            continue;
        }
        encoder->encode(line, wire);
        expected += line;
        encoder->end_record(wire);
        note('r');
    }
    encoder->finish(wire);
    note('f');
    const auto read = decode(how, wire, 1 + text.size() % 9);
    require(read.is_whole && read.bytes == expected && read.events == events, "what was encoded is decoded");
}

void deflate_and_inflate(std::string_view text, int level)
{
    deflate_encoder encoder{level};
    std::string wire;
    for_each_piece(text, 1 + text.size() / 3, [&](std::string_view piece) {
        require(encoder.encode(piece, wire).has_value(), "bytes are compressed");
    });
    require(encoder.finish(wire).has_value(), "the compressed stream ends");
    const auto read = decode(coding::deflate, wire, 1 + text.size() % 9);
    require(read.is_whole && read.bytes == text, "what was compressed is there again");
}

std::string to_wire(std::string_view text, std::size_t piece_size)
{
    ascii_encoder encoder;
    std::string wire;
    for_each_piece(text, piece_size, [&](std::string_view piece) { encoder.encode(piece, wire); });
    return wire;
}

std::string from_wire(std::string_view wire, std::size_t piece_size)
{
    ascii_decoder decoder;
    std::string text;
    for_each_piece(wire, piece_size, [&](std::string_view piece) {
        decoder.decode(piece, text);
        require(decoder.holds_back() == piece.ends_with('\r'), "a CR at the end is held back");
    });
    decoder.finish(text);
    return text;
}

void convert_line_ends(std::string_view text)
{
    const auto wire = to_wire(text, text.size());
    const auto back = from_wire(text, text.size());
    for (const auto size : piece_sizes) {
        require(to_wire(text, size) == wire, "encoded line ends do not depend on how text is cut");
        require(from_wire(text, size) == back, "decoded line ends do not depend on how text is cut");
    }
    require(wire.size() <= 2 * text.size() && back.size() <= text.size(), "conversion is bounded");
    if (text.find('\r') == std::string_view::npos)
        require(from_wire(wire, 1) == text, "text without CR comes back as it was");
}

} // namespace

void run(std::string_view input)
{
    choices choice{input};
    const auto how = static_cast<coding>(choice.byte() % 5);
    const auto text = choice.rest();
    const auto whole = decode(how, text, text.size());
    for (const auto size : piece_sizes)
        require(how == coding::deflate || decode(how, text, size) == whole, "decoding does not depend on cuts");
    if (how == coding::deflate)
        deflate_and_inflate(text, static_cast<int>(text.size() % 9 + 1));
    else
        encode_and_decode(how, text);
    convert_line_ends(text);
}

} // namespace libftp::fuzz
