// Files through every combination of type, structure and mode, and back.
#include <doctest/doctest.h>

#include "../protocol/data_events.hpp"
#include "awkward_contents.hpp"
#include "coded_files.hpp"

#include <libftp/protocol/ascii_codec.hpp>

#include <algorithm>
#include <memory>
#include <string>

using namespace libftp;
using namespace libftp::testing;

namespace {

/// What is left of a file that has gone through the coding.
std::string after_round_trip(const transfer_coding& coding, const std::string& content)
{
    if (coding.type == representation_type::image)
        return content;
    std::string text;
    ascii_decoder line_ends;
    line_ends.decode(content, text);
    line_ends.finish(text);
    if (coding.structure == file_structure::record && !text.empty() && !text.ends_with('\n'))
        text += '\n';
    return text;
}

} // namespace

TEST_CASE("Only TYPE I, STRU F and MODE S together are plain")
{
    const auto codings = every_coding();
    CHECK(codings.size() == 16);
    CHECK(std::count_if(codings.begin(), codings.end(), [](const auto& coding) { return coding.is_plain(); }) == 1);
    CHECK(transfer_coding{.type = representation_type::image}.is_plain());
}

TEST_CASE("Small files come back from every coding, at every split of what is sent")
{
    for (const auto& coding : every_coding()) {
        CAPTURE(name_of(coding));
        for (const auto& content : small_awkward_contents()) {
            CAPTURE(content);
            const auto expected = after_round_trip(coding, content);
            for (const std::size_t piece_size : {1U, 3U, 1000U})
                at_every_split(sent(coding, content, piece_size), [&](const std::vector<std::string>& pieces) {
                    CHECK(received(coding, pieces) == expected);
                });
        }
    }
}

TEST_CASE("Large files come back from every coding")
{
    for (const auto& coding : every_coding()) {
        CAPTURE(name_of(coding));
        for (const auto& content : large_awkward_contents()) {
            CAPTURE(content.size());
            const bool came_back =
                received(coding, cut(sent(coding, content), 65'536)) == after_round_trip(coding, content);
            CHECK(came_back);
        }
    }
}

TEST_CASE("A file is sent the same in whatever pieces its bytes are taken")
{
    for (const auto& coding : every_coding()) {
        CAPTURE(name_of(coding));
        const auto content = mixed_bytes(50'000);
        const auto whole = all_of(*make_coding_reader(std::make_unique<piecewise_reader>(content), coding, 0), 200'000);
        for (const std::size_t buffer_size : {1U, 1000U}) {
            const bool is_same = all_of(*make_coding_reader(std::make_unique<piecewise_reader>(content), coding, 0),
                                        buffer_size) == whole;
            CHECK(is_same);
        }
    }
}
