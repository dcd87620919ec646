// Files through the codecs of the data connection: line ends, blocks, compressed mode, and whole transfers of TYPE A.
#include "operation.hpp"

#include <libftp/protocol/ascii_codec.hpp>
#include <libftp/protocol/block_mode.hpp>
#include <libftp/protocol/compressed_mode.hpp>
#include <libftp/session/transfer_coding.hpp>
#include <libftp/store/memory_store.hpp>

#include <array>
#include <memory>
#include <string>

namespace libftp::bench {

namespace {

/// What a host reads from a file or a socket in one piece.
constexpr std::size_t piece_bytes = 65'536;

constexpr auto filler = filler_byte::space;

/// Lines of a program or a letter, of 0 to 79 bytes, with indentation that compressed mode can use.
std::string lines(std::string_view end)
{
    std::string text;
    for (std::size_t length = 0; text.size() + 82 < piece_bytes; length = (length + 37) % 80)
        text.append(length / 8, ' ').append(length - length / 8, 'x').append(end);
    // The same number of bytes with either end.
    text.append(piece_bytes - text.size(), 'x');
    return text;
}

std::function<void()> encode_ascii()
{
    return [text = lines("\n"), out = std::make_shared<std::string>()] {
        out->clear();
        ascii_encoder{}.encode(text, *out);
        keep(*out);
    };
}

std::function<void()> decode_ascii()
{
    return [text = lines("\r\n"), out = std::make_shared<std::string>()] {
        out->clear();
        ascii_decoder{}.decode(text, *out);
        keep(*out);
    };
}

std::function<void()> encode_with(std::shared_ptr<data_encoder> encoder)
{
    return [text = lines("\n"), encoder, out = std::make_shared<std::string>()] {
        out->clear();
        encoder->encode(text, *out);
        encoder->finish(*out);
        keep(*out);
    };
}

/// Each run has a decoder of its own: it reads one file.
template <class Decoder, class... Options>
std::function<void()> decode_with(data_encoder& encoder, Options... options)
{
    std::string coded;
    encoder.encode(lines("\n"), coded);
    encoder.finish(coded);
    return [coded, options...] {
        Decoder decoder{options...};
        std::string_view input = coded;
        while (decoder.read(input) != data_event::need_more)
            keep(decoder.text());
    };
}

/// The whole of a file in TYPE A, read as a host does it.
std::function<void()> download_ascii()
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/a.txt", lines("\n"));
    return [files, path = *store_path{}.resolve("/a.txt"), buffer = std::make_shared<std::string>(piece_bytes, '\0')] {
        const auto reader = make_coding_reader(*files->open_read(path, 0), {}, 0);
        while (const auto bytes = reader->read(*buffer).value_or(0))
            keep(bytes);
    };
}

/// The same in the other direction.
std::function<void()> upload_ascii()
{
    auto files = std::make_shared<memory_store>();
    return [files, path = *store_path{}.resolve("/a.txt"), text = lines("\r\n")] {
        const auto writer = make_decoding_writer(*files->open_write(path, {}), {}, 0);
        keep(writer->write(text));
        keep(writer->commit());
    };
}

} // namespace

std::vector<operation> coding_operations()
{
    return {
        {.name = "encode_ascii", .prepare = encode_ascii, .bytes = piece_bytes},
        {.name = "decode_ascii", .prepare = decode_ascii, .bytes = piece_bytes},
        {.name = "encode_blocks",
         .prepare = [] { return encode_with(std::make_shared<block_encoder>()); },
         .bytes = piece_bytes},
        {.name = "decode_blocks",
         .prepare =
             [] {
                 block_encoder encoder;
                 return decode_with<block_decoder>(encoder);
             }},
        {.name = "encode_compressed",
         .prepare = [] { return encode_with(std::make_shared<compressed_encoder>(filler)); },
         .bytes = piece_bytes},
        {.name = "decode_compressed",
         .prepare =
             [] {
                 compressed_encoder encoder{filler};
                 return decode_with<compressed_decoder>(encoder, filler);
             },
         .bytes = piece_bytes},
        {.name = "download_ascii", .prepare = download_ascii, .bytes = piece_bytes},
        {.name = "upload_ascii", .prepare = upload_ascii, .bytes = piece_bytes},
    };
}

} // namespace libftp::bench
