// Several digests of the same bytes.
#include "../../../libftp/src/session/digest_set.hpp"

#include <libftp/error.hpp>
#include <libftp/store/memory_store.hpp>
#include <libftp/store/single_file.hpp>

#include <doctest/doctest.h>

#include <array>

using namespace libftp;

namespace {

std::string digest_of(digest_algorithm algorithm, std::string_view bytes)
{
    auto sum = digest::begin(algorithm).value();
    sum.update(bytes);
    return sum.finish().value();
}

std::shared_ptr<file_place> place_of(const std::string& content)
{
    const auto store = std::make_shared<memory_store>();
    store->add_file("/f", content);
    return make_store_place(store, store_path{}.resolve("f").value());
}

} // namespace

TEST_CASE("Each of the digests is that of all the bytes")
{
    const std::string content(200'000, 'x');
    const auto place = place_of(content);
    for (const auto algorithm : digest_algorithms()) {
        digest_set digests{digest_algorithms()};
        REQUIRE(digests.update_from(*place, 150'000).has_value());
        digests.update(std::string_view{content}.substr(150'000));
        CHECK(digests.finish(algorithm).value() == digest_of(algorithm, content));
    }
}

TEST_CASE("A digest that was not begun is not supported")
{
    digest_set digests{std::array{digest_algorithm::sha1}};
    CHECK(digests.finish(digest_algorithm::md5).error() == protocol_errc::not_supported);
}

TEST_CASE("A beginning that is longer than the file is none")
{
    digest_set digests{digest_algorithms()};
    CHECK(digests.update_from(*place_of("abc"), 4).error() == store_errc::offset_invalid);
}

TEST_CASE("A place is asked only for what is needed")
{
    const auto place = make_source_place(make_text_reader(""));
    digest_set none{{}};
    CHECK(none.update_from(*place, 10).has_value());
    digest_set some{digest_algorithms()};
    CHECK(some.update_from(*place, 0).has_value());
    CHECK(place->open_read(0).has_value());
    CHECK(some.update_from(*place, 1).error() == store_errc::not_supported);
}
