// STRU R in MODE S: records between the bytes, told by an escape byte 255 (RFC 959 3.4.1).
#pragma once

#include <libftp/protocol/data_codec.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace libftp {

/// Writes records as 255 and 1 (RFC 959 3.4.1).
class record_encoder final : public data_encoder {
public:
    /// Appends at most twice as many bytes.
    void encode(std::string_view bytes, std::string& out) override;
    void end_record(std::string& out) override;
    void finish(std::string& out) override;
};

/// Reads what record_encoder writes.
class record_decoder final : public data_decoder {
public:
    [[nodiscard]] bool has_ended() const noexcept override { return ended_; }

private:
    data_event decode(std::string_view& input) override;
    data_event take_control_code(unsigned code) noexcept;

    bool after_escape_ = false;
    bool end_is_due_ = false; ///< The control code was for the end of a record and of the file.
    bool ended_ = false;
};

} // namespace libftp
