// Writes and reads the headers of blocks.
#include <libftp/protocol/block_mode.hpp>

#include <cstddef>

namespace libftp {

namespace {

constexpr std::size_t max_block_bytes = 65535;
constexpr unsigned header_size = 3;

void append_block(std::uint8_t codes, std::string_view content, std::string& out)
{
    out.push_back(static_cast<char>(codes));
    out.push_back(static_cast<char>(content.size() >> 8U));
    out.push_back(static_cast<char>(content.size() & 0xffU));
    out.append(content);
}

} // namespace

void block_encoder::encode(std::string_view bytes, std::string& out)
{
    while (!bytes.empty()) {
        const auto block = bytes.substr(0, max_block_bytes);
        append_block(0, block, out);
        bytes.remove_prefix(block.size());
    }
}

void block_encoder::end_record(std::string& out)
{
    append_block(descriptor::end_of_record, {}, out);
}

void block_encoder::mark(std::string_view text, std::string& out)
{
    append_block(descriptor::restart_marker, text, out);
}

void block_encoder::finish(std::string& out)
{
    append_block(descriptor::end_of_file, {}, out);
}

bool block_decoder::take_header(char byte)
{
    header_ = header_ << 8U | static_cast<unsigned char>(byte);
    if (++header_bytes_ < header_size)
        return true;
    const auto codes = static_cast<std::uint8_t>(header_ >> 16U);
    begin_string(header_ & 0xffffU);
    header_ = 0;
    header_bytes_ = 0;
    return describe(codes);
}

} // namespace libftp
