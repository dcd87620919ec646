// MODE C: the file as strings of bytes, where many equal bytes take one or two (RFC 959 3.4.3).
#pragma once

#include <libftp/protocol/data_codec.hpp>
#include <libftp/protocol/descriptor_decoder.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace libftp {

/// The byte that a filler string repeats: space in TYPE A, zero in TYPE I.
enum class filler_byte : char { space = ' ', zero = '\0' };

/// An escape sequence speaks of the string behind it. Records and the file end with one before an empty filler string,
/// so that no byte has to wait for what follows it, and so that the end is in the same place for a peer who takes the
/// escape sequence itself for the end.
class compressed_encoder final : public data_encoder {
public:
    /// `filler` is what runs of it are sent as.
    explicit compressed_encoder(filler_byte filler) noexcept : filler_(static_cast<char>(filler)) {}

    /// Makes one byte more out of each 127 at worst, in large pieces. Equal bytes are not counted across pieces.
    void encode(std::string_view bytes, std::string& out) override;
    void end_record(std::string& out) override;
    void mark(std::string_view text, std::string& out) override;
    void finish(std::string& out) override;

private:
    char filler_;
};

/// An escape sequence for the end of the file may also stand without a string, as the last thing that comes.
class compressed_decoder final : public descriptor_decoder {
public:
    /// `filler` is what the sender's filler stands for.
    explicit compressed_decoder(filler_byte filler) noexcept : filler_(static_cast<char>(filler)) {}

    [[nodiscard]] bool has_ended() const noexcept override;

private:
    enum class header : std::uint8_t { first_byte, descriptor, repeated_byte };

    bool take_header(char byte) override;
    void take_first_byte(unsigned code);

    std::size_t run_size_ = 0;
    header expected_ = header::first_byte;
    char filler_;
};

} // namespace libftp
