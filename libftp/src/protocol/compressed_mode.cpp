// Finds runs of equal bytes, and reads the headers of strings: 0nnnnnnn, 10nnnnnn, 11nnnnnn, or zero and a descriptor.
#include <libftp/protocol/compressed_mode.hpp>

#include <algorithm>

namespace libftp {

namespace {

constexpr std::size_t max_string_bytes = 127;
constexpr std::size_t max_run_bytes = 63;
constexpr std::size_t min_run_bytes = 3; // Fewer cost as much as what they save.

constexpr unsigned run_header = 0x80;
constexpr unsigned filler_header = 0xc0;

/// How many bytes are equal at the front, up to what a run can have.
std::size_t size_of_run(std::string_view bytes) noexcept
{
    bytes = bytes.substr(0, max_run_bytes);
    return std::min(bytes.find_first_not_of(bytes.front()), bytes.size());
}

/// How many bytes come before a run worth a string of its own, up to what a string can have.
std::size_t size_of_string(std::string_view bytes) noexcept
{
    std::size_t size = 0;
    while (size < std::min(bytes.size(), max_string_bytes)) {
        const auto run = size_of_run(bytes.substr(size));
        if (run >= min_run_bytes)
            break;
        size += run;
    }
    return std::min(size, max_string_bytes);
}

void append_code(std::size_t code, std::string& out)
{
    out.push_back(static_cast<char>(code));
}

void append_string(std::string_view bytes, std::string& out)
{
    append_code(bytes.size(), out);
    out.append(bytes);
}

void append_escape(std::uint8_t codes, std::string& out)
{
    append_code(0, out);
    append_code(codes, out);
}

} // namespace

void compressed_encoder::encode(std::string_view bytes, std::string& out)
{
    while (!bytes.empty()) {
        auto size = size_of_run(bytes);
        if (size < min_run_bytes) {
            size = size_of_string(bytes);
            append_string(bytes.substr(0, size), out);
        } else if (bytes.front() == filler_) {
            append_code(filler_header | size, out);
        } else {
            append_code(run_header | size, out);
            out.push_back(bytes.front());
        }
        bytes.remove_prefix(size);
    }
}

void compressed_encoder::end_record(std::string& out)
{
    append_escape(descriptor::end_of_record, out);
    append_code(filler_header, out);
}

void compressed_encoder::mark(std::string_view text, std::string& out)
{
    append_escape(descriptor::restart_marker, out);
    append_string(text, out);
}

void compressed_encoder::finish(std::string& out)
{
    append_escape(descriptor::end_of_file, out);
    append_code(filler_header, out);
}

bool compressed_decoder::has_ended() const noexcept
{
    return descriptor_decoder::has_ended() || (expected_ == header::first_byte && awaits_last_string());
}

bool compressed_decoder::take_header(char byte)
{
    const auto code = static_cast<unsigned char>(byte);
    switch (expected_) {
    case header::first_byte: take_first_byte(code); break;
    case header::descriptor: expected_ = header::first_byte; return describe(code);
    case header::repeated_byte:
        expected_ = header::first_byte;
        begin_run(run_size_, byte);
        break;
    }
    return true;
}

void compressed_decoder::take_first_byte(unsigned code)
{
    if (code == 0) {
        expected_ = header::descriptor;
    } else if (code < run_header) {
        begin_string(code);
    } else if (code < filler_header) {
        expected_ = header::repeated_byte;
        run_size_ = code - run_header;
    } else {
        begin_run(code - filler_header, filler_);
    }
}

} // namespace libftp
