// MODE Z: the bytes of MODE S as one zlib stream (RFC 1950).
#pragma once

#include <libftp/protocol/data_codec.hpp>
#include <libftp/result.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace libftp {

/// Memory: about 300 KiB, whatever is encoded.
class deflate_encoder {
public:
    /// `level`: 1, the fastest, to 9, the smallest; what is beyond counts as the nearest.
    explicit deflate_encoder(int level);
    ~deflate_encoder();

    /// Appends what is ready, which may be nothing. Fails with std::errc::not_enough_memory only.
    result<void> encode(std::string_view bytes, std::string& out);
    /// Appends the rest and the end of the stream.
    result<void> finish(std::string& out);

private:
    struct stream;
    std::unique_ptr<stream> stream_;
};

/// However much the bytes grow, they come in pieces of at most 16 KiB. Memory: about 64 KiB. Where that is not to be
/// had the input counts as malformed.
class deflate_decoder final : public data_decoder {
public:
    deflate_decoder();
    ~deflate_decoder() override;

    [[nodiscard]] bool has_ended() const noexcept override { return phase_ != phase::data; }

private:
    enum class phase : std::uint8_t { data, end_is_due, ended };

    data_event decode(std::string_view& input) override;

    struct stream;
    std::unique_ptr<stream> stream_;
    phase phase_ = phase::data;
};

} // namespace libftp
