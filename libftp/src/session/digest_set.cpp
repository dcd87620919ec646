// Makes several digests in one pass.
#include "digest_set.hpp"

#include "../store/read_within.hpp"

#include <libftp/error.hpp>

#include <algorithm>
#include <cstddef>

namespace libftp {

digest_set::digest_set(std::span<const digest_algorithm> algorithms)
{
    for (const auto algorithm : algorithms)
        if (auto begun = digest::begin(algorithm))
            digests_.emplace_back(algorithm, *std::move(begun));
}

void digest_set::update(std::string_view bytes)
{
    for (auto& [algorithm, sum] : digests_)
        sum.update(bytes);
}

result<void> digest_set::update_from(file_place& place, std::uint64_t bytes)
{
    if (digests_.empty() || bytes == 0)
        return {};
    auto file = place.open_read(0);
    if (!file)
        return file.error();
    constexpr std::size_t piece_bytes = std::size_t{64} * 1024;
    std::vector<char> piece(piece_bytes);
    while (bytes != 0) {
        const auto share = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), bytes));
        const auto filled = read_within(**file, {piece.data(), share});
        if (!filled)
            return filled.error();
        if (*filled == 0)
            return store_errc::offset_invalid;
        update({piece.data(), *filled});
        bytes -= *filled;
    }
    return {};
}

result<std::string> digest_set::finish(digest_algorithm algorithm)
{
    for (auto& [each, sum] : digests_)
        if (each == algorithm)
            return sum.finish();
    return protocol_errc::not_supported;
}

} // namespace libftp
