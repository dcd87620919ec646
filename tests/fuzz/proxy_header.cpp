// A proxy's header is the same however it is cut, and not a byte behind it is taken.
#include "fuzzing.hpp"

#include <libftp/protocol/proxy_header.hpp>

namespace libftp::fuzz {

namespace {

using status = proxy_header_parser::status;

struct outcome {
    status last = status::need_more;
    std::size_t taken = 0;
    std::optional<proxied_connection> value{};
    friend bool operator==(const outcome&, const outcome&) = default;
};

outcome read_header(std::string_view text, std::size_t piece_size)
{
    outcome found;
    proxy_header_parser parser;
    for_each_piece(text, piece_size, [&](std::string_view piece) {
        const auto size = piece.size();
        const auto before = found.last;
        found.last = parser.read(piece);
        found.taken += size - piece.size();
        require(before == status::need_more || found.last == before, "what is decided stays");
        require(before == status::need_more || piece.size() == size, "nothing is taken behind the end");
        require(found.last != status::need_more || piece.empty(), "need_more takes all of the input");
        require(parser.has_begun() || found.taken == 0, "a header has begun with its first byte");
    });
    if (found.last == status::complete)
        found.value = parser.value();
    return found;
}

} // namespace

void run(std::string_view input)
{
    auto whole = read_header(input, input.size());
    for (const auto size : piece_sizes) {
        auto cut = read_header(input, size);
        if (whole.last == status::malformed) // how much of it was taken is nobody's business
            cut.taken = whole.taken;
        require(cut == whole, "a header does not depend on how it is cut");
    }
    if (whole.last == status::complete)
        require(read_header(input.substr(0, whole.taken), 1) == whole, "a header needs nothing behind it");
}

} // namespace libftp::fuzz
