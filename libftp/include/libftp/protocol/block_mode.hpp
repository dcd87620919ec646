// MODE B: the file as blocks, each with a header of descriptor and size (RFC 959 3.4.2).
#pragma once

#include <libftp/protocol/data_codec.hpp>
#include <libftp/protocol/descriptor_decoder.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace libftp {

/// Records and the file end with an empty block of their own, so that no byte has to wait for what follows it.
class block_encoder final : public data_encoder {
public:
    void encode(std::string_view bytes, std::string& out) override;
    void end_record(std::string& out) override;
    void mark(std::string_view text, std::string& out) override;
    void finish(std::string& out) override;
};

/// Reads blocks of any sizes (RFC 959 3.4.2).
class block_decoder final : public descriptor_decoder {
private:
    bool take_header(char byte) override;

    std::uint32_t header_ = 0;
    unsigned header_bytes_ = 0;
};

} // namespace libftp
