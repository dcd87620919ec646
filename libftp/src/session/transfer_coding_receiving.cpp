// Receives a file: out of the mode first, then records, then line ends (RFC 959 3.4, 3.5, MODE Z).
#include <libftp/session/transfer_coding.hpp>

#include <libftp/error.hpp>
#include <libftp/protocol/ascii_codec.hpp>
#include <libftp/protocol/block_mode.hpp>
#include <libftp/protocol/compressed_mode.hpp>
#include <libftp/protocol/deflate_codec.hpp>
#include <libftp/protocol/record_structure.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace libftp {

namespace {

constexpr std::size_t max_pending_bytes = std::size_t{64} * 1024;
constexpr std::size_t max_pending_marks = 64;

/// The decoders that the bytes go through, one after the other.
std::vector<std::unique_ptr<data_decoder>> make_decoders(const transfer_coding& coding)
{
    const auto filler = coding.type == representation_type::ascii ? filler_byte::space : filler_byte::zero;
    std::vector<std::unique_ptr<data_decoder>> decoders;
    if (coding.mode == transfer_mode::block) {
        decoders.push_back(std::make_unique<block_decoder>());
    } else if (coding.mode == transfer_mode::compressed) {
        decoders.push_back(std::make_unique<compressed_decoder>(filler));
    } else {
        if (coding.mode == transfer_mode::deflate)
            decoders.push_back(std::make_unique<deflate_decoder>());
        if (coding.structure == file_structure::record)
            decoders.push_back(std::make_unique<record_decoder>());
    }
    return decoders;
}

class decoding_writer final : public file_writer {
public:
    decoding_writer(std::unique_ptr<file_writer> file, const transfer_coding& coding, std::uint64_t offset)
        : file_(std::move(file)), is_text_(coding.type == representation_type::ascii),
          has_records_(coding.structure == file_structure::record), keeps_connection_(coding.keeps_connection),
          offset_(offset), decoders_(make_decoders(coding))
    {
    }

    result<void> write(std::string_view bytes) override
    {
        // At once, not by doubling.
        pending_.reserve(std::min(bytes.size() + 1, max_pending_bytes));
        if (failure_ || !decode(bytes, 0) || !flush())
            return failure_;
        return {};
    }

    result<void> commit() override
    {
        if (!failure_ && finish())
            return file_->commit();
        file_->discard(failure_);
        return failure_;
    }

    [[nodiscard]] bool is_complete() const override { return !failure_ && end_came_; }
    [[nodiscard]] std::size_t bytes_behind_end() const override { return bytes_behind_end_; }

    void discard(std::error_code reason) override { file_->discard(reason); }

    std::optional<restart_mark> next_mark() override
    {
        if (marks_.empty())
            return std::nullopt;
        auto mark = std::move(marks_.front());
        marks_.pop_front();
        return mark;
    }

private:
    // All that can fail answers whether it went well, and leaves the reason in failure_.

    /// Hands the bytes to the decoder of this number, and what it makes of them to the next.
    bool decode(std::string_view bytes, std::size_t number)
    {
        if (number == decoders_.size())
            return take(bytes);
        auto& decoder = *decoders_[number];
        while (true) {
            bool is_well = true;
            switch (decoder.read(bytes)) {
            case data_event::need_more: return true;
            case data_event::bytes: is_well = decode(decoder.text(), number + 1); break;
            case data_event::end_of_record: is_well = end_record(); break;
            case data_event::restart_marker: keep_mark(decoder.text()); break;
            case data_event::end_of_file:
                end_came_ = end_came_ || number == 0;
                if (keeps_connection_) {
                    bytes_behind_end_ = bytes.size();
                    return true;
                }
                break;
            case data_event::malformed: is_well = fail(protocol_errc::transfer_malformed); break;
            }
            if (!is_well)
                return false;
        }
    }

    bool take(std::string_view bytes)
    {
        in_record_ = true;
        if (is_text_)
            line_ends_.decode(bytes, pending_);
        else
            pending_.append(bytes);
        return flush_if_full();
    }

    /// Files without records may come from a peer who has them.
    bool end_record()
    {
        if (is_text_ && has_records_) {
            line_ends_.finish(pending_);
            pending_ += '\n';
        }
        in_record_ = false;
        return flush_if_full();
    }

    bool finish()
    {
        if (!std::ranges::all_of(decoders_, &data_decoder::has_ended))
            return fail(protocol_errc::transfer_incomplete);
        if (in_record_ && !end_record())
            return false;
        line_ends_.finish(pending_);
        return flush();
    }

    /// The mark is handed out after the write() that came past it, when the bytes before it have been written too.
    void keep_mark(std::string_view text)
    {
        // Between CR and LF on the wire there is no place in the file.
        if (line_ends_.holds_back())
            return;
        // The last ones are those that save the most.
        if (marks_.size() == max_pending_marks)
            marks_.pop_front();
        marks_.push_back({std::string{text}, offset_ + written_ + pending_.size()});
    }

    /// Bounds the memory for what small pieces can grow to, and spares the file small writes.
    bool flush_if_full() { return pending_.size() < max_pending_bytes || flush(); }

    bool flush()
    {
        if (pending_.empty())
            return true;
        if (auto done = file_->write(pending_); !done)
            return fail(done.error());
        written_ += pending_.size();
        pending_.clear();
        return true;
    }

    bool fail(std::error_code why)
    {
        failure_ = why;
        marks_.clear();
        return false;
    }

    std::unique_ptr<file_writer> file_;
    bool is_text_;
    bool has_records_;
    bool keeps_connection_;
    std::uint64_t offset_;
    std::uint64_t written_ = 0;
    std::vector<std::unique_ptr<data_decoder>> decoders_;
    ascii_decoder line_ends_;
    bool end_came_ = false; ///< By a mark, on the wire.
    std::size_t bytes_behind_end_ = 0;
    bool in_record_ = false;
    std::string pending_; ///< Bytes of the file that are not written yet.
    std::deque<restart_mark> marks_;
    std::error_code failure_;
};

} // namespace

std::unique_ptr<file_writer> make_decoding_writer(std::unique_ptr<file_writer> file, transfer_coding coding,
                                                  std::uint64_t offset)
{
    if (coding.is_plain())
        return file;
    return std::make_unique<decoding_writer>(std::move(file), coding, offset);
}

} // namespace libftp
