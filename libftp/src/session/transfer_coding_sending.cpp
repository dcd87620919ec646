// Sends a file: line ends first, then records, then the mode (RFC 959 3.4, MODE Z).
#include <libftp/session/transfer_coding.hpp>

#include "../store/generated_reader.hpp"
#include "../store/read_within.hpp"

#include <libftp/protocol/ascii_codec.hpp>
#include <libftp/protocol/block_mode.hpp>
#include <libftp/protocol/compressed_mode.hpp>
#include <libftp/protocol/deflate_codec.hpp>
#include <libftp/protocol/record_structure.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace libftp {

namespace {

constexpr std::size_t piece_bytes = std::size_t{16} * 1024;
constexpr std::uint64_t mark_interval = 1024 * 1024;

/// What puts records and marks between the bytes; nothing where there are none.
std::unique_ptr<data_encoder> make_encoder(const transfer_coding& coding)
{
    const auto filler = coding.type == representation_type::ascii ? filler_byte::space : filler_byte::zero;
    if (coding.mode == transfer_mode::block)
        return std::make_unique<block_encoder>();
    if (coding.mode == transfer_mode::compressed)
        return std::make_unique<compressed_encoder>(filler);
    if (coding.structure == file_structure::record)
        return std::make_unique<record_encoder>();
    return nullptr;
}

class coding_reader final : public generated_reader {
public:
    coding_reader(std::unique_ptr<file_reader> file, const transfer_coding& coding, std::uint64_t offset)
        : file_(std::move(file)), is_text_(coding.type == representation_type::ascii),
          has_records_(coding.structure == file_structure::record), offset_(offset), encoder_(make_encoder(coding))
    {
        if (coding.mode == transfer_mode::deflate)
            deflater_.emplace(coding.deflate_level);
    }

private:
    result<bool> fill(std::string& out) override
    {
        std::array<char, piece_bytes> buffer;
        const auto until_mark = static_cast<std::size_t>(mark_interval - taken_ % mark_interval);
        const auto n = read_within(*file_, std::span{buffer}.first(std::min(piece_bytes, until_mark)));
        if (!n)
            return n.error();
        const bool has_ended = *n == 0;
        if (has_ended && file_->remaining().value_or(0) != 0)
            return std::make_error_code(std::errc::io_error); // it was cut short meanwhile: this is not its end
        auto& coded = deflater_ ? undeflated_ : out;
        undeflated_.clear();
        if (has_ended)
            finish(coded);
        else
            encode({buffer.data(), *n}, coded);
        if (deflater_) {
            auto done = deflater_->encode(undeflated_, out);
            if (done && has_ended)
                done = deflater_->finish(out);
            if (!done)
                return done.error();
        }
        return !has_ended;
    }

    void encode(std::string_view bytes, std::string& out)
    {
        // An offset in the file is no place in the text that it becomes.
        if (encoder_ && !is_text_ && taken_ != 0 && taken_ % mark_interval == 0)
            encoder_->mark(std::to_string(offset_ + taken_), out);
        taken_ += bytes.size();

        converted_.clear();
        // At once, not by doubling; for line ends that grow, in most texts enough.
        out.reserve(out.size() + bytes.size() + bytes.size() / 16);
        if (!is_text_) {
            append(bytes, out);
        } else if (has_records_) {
            line_ends_.decode(bytes, converted_);
            append_lines(converted_, out);
        } else if (encoder_) {
            to_crlf_.encode(bytes, converted_);
            encoder_->encode(converted_, out);
        } else {
            to_crlf_.encode(bytes, out);
        }
    }

    void finish(std::string& out)
    {
        converted_.clear();
        line_ends_.finish(converted_);
        append(converted_, out);
        if (in_record_)
            encoder_->end_record(out);
        if (encoder_)
            encoder_->finish(out);
    }

    /// Each line is a record.
    void append_lines(std::string_view text, std::string& out)
    {
        for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
            append(text.substr(0, end), out);
            encoder_->end_record(out);
            in_record_ = false;
            text.remove_prefix(end + 1);
        }
        append(text, out);
    }

    void append(std::string_view bytes, std::string& out)
    {
        if (encoder_)
            encoder_->encode(bytes, out);
        else
            out.append(bytes);
        in_record_ = has_records_ && (in_record_ || !bytes.empty());
    }

    std::unique_ptr<file_reader> file_;
    bool is_text_;
    bool has_records_;
    std::uint64_t offset_;
    std::uint64_t taken_ = 0; ///< Bytes of the file.
    ascii_encoder to_crlf_;
    ascii_decoder line_ends_; ///< Makes LF of the line ends that a file may have.
    bool in_record_ = false;
    std::unique_ptr<data_encoder> encoder_;
    std::optional<deflate_encoder> deflater_;
    std::string converted_;
    std::string undeflated_;
};

} // namespace

std::unique_ptr<file_reader> make_coding_reader(std::unique_ptr<file_reader> file, transfer_coding coding,
                                                std::uint64_t offset)
{
    if (coding.is_plain())
        return file;
    return std::make_unique<coding_reader>(std::move(file), coding, offset);
}

} // namespace libftp
