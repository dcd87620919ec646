// What block and compressed mode have in common: strings of bytes with a descriptor each (RFC 959 3.4.2, 3.4.3).
#pragma once

#include <libftp/protocol/data_codec.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace libftp {

/// The codes of a descriptor. It may have several.
namespace descriptor {
inline constexpr std::uint8_t end_of_record = 128;   ///< The string ends a record.
inline constexpr std::uint8_t end_of_file = 64;      ///< The string ends the file.
inline constexpr std::uint8_t suspected_errors = 32; ///< The string is doubtful data, but data.
inline constexpr std::uint8_t restart_marker = 16;   ///< The string is the text of a marker.
} // namespace descriptor

/// Reads headers as the mode has them, and strings. A marker's text has to be printable, without space.
class descriptor_decoder : public data_decoder {
public:
    static constexpr std::size_t max_marker_bytes = 255; ///< Of a restart marker.

    [[nodiscard]] bool has_ended() const noexcept override { return ended_; }

protected:
    // For take_header().

    /// Adds codes to the descriptor of the next string. False: there are no such codes.
    [[nodiscard]] bool describe(std::uint8_t codes) noexcept;
    /// The next `size` bytes of input are a string.
    void begin_string(std::size_t size);
    /// Here is a string of `size` times the same byte.
    void begin_run(std::size_t size, char byte);
    /// Whether the file ends with a string that has not begun.
    [[nodiscard]] bool awaits_last_string() const noexcept;

private:
    /// Takes the next byte of a header. False: malformed.
    virtual bool take_header(char byte) = 0;

    data_event decode(std::string_view& input) final;
    std::string_view take_piece(std::string_view& input) noexcept;
    bool append_to_marker(std::string_view piece);
    data_event end_string();
    [[nodiscard]] bool has(std::uint8_t code) const noexcept { return (codes_ & code) != 0; }
    bool take(std::uint8_t code) noexcept;

    std::string run_;      ///< The string, if it does not come from the input.
    std::string marker_;   ///< As much as came of it.
    std::size_t left_ = 0; ///< Of the string.
    std::uint8_t codes_ = 0;
    bool in_string_ = false;
    bool ended_ = false;
};

} // namespace libftp
