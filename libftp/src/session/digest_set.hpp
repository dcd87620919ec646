// Digests of the same bytes by several algorithms, for when it is not known yet which one will be asked for.
#pragma once

#include <libftp/protocol/digest.hpp>
#include <libftp/store/file_place.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace libftp {

class digest_set {
public:
    /// What this system does not have is left out.
    explicit digest_set(std::span<const digest_algorithm> algorithms);

    void update(std::string_view bytes);
    /// Takes the first bytes of a file in. May block. Error: store_errc::offset_invalid if the file is shorter.
    result<void> update_from(file_place& place, std::uint64_t bytes);
    /// Called once. Error: protocol_errc::not_supported for an algorithm that is not among them.
    result<std::string> finish(digest_algorithm algorithm);

private:
    std::vector<std::pair<digest_algorithm, digest>> digests_;
};

} // namespace libftp
