// A secret keeps its bytes, moves them, and wipes them.
#include <doctest/doctest.h>

#include <libftp/secret.hpp>

#include <string>
#include <type_traits>
#include <utility>

using libftp::secret;

static_assert(!std::is_copy_constructible_v<secret> && !std::is_copy_assignable_v<secret>);
static_assert(!std::is_convertible_v<std::string_view, secret> && !std::is_convertible_v<secret, std::string_view>);

TEST_CASE("A secret reveals the bytes it was given, NUL included")
{
    const std::string_view bytes{"a\0b\xff", 4};
    CHECK(secret{bytes}.reveal() == bytes);
}

TEST_CASE("A secret keeps a copy of its own")
{
    std::string text = "hunter2";
    const secret password{text};
    text.assign("changed");
    CHECK(password.reveal() == "hunter2");
}

TEST_CASE("A secret of no bytes is empty")
{
    CHECK(secret{}.empty());
    CHECK(secret{}.reveal().empty());
    CHECK(secret{""}.empty());
    CHECK_FALSE(secret{"x"}.empty());
}

TEST_CASE("Moving a secret leaves nothing behind")
{
    secret first{"hunter2"};
    const char* const bytes = first.reveal().data();
    secret second{std::move(first)};
    CHECK(second.reveal() == "hunter2");
    CHECK(second.reveal().data() == bytes);
    CHECK(first.empty()); // NOLINT(bugprone-use-after-move)

    secret third{"old"};
    third = std::move(second);
    CHECK(third.reveal() == "hunter2");
    CHECK(second.empty()); // NOLINT(bugprone-use-after-move)
}

TEST_CASE("A secret survives being moved to itself")
{
    secret password{"hunter2"};
    auto& same = password;
    password = std::move(same);
    CHECK(password.reveal() == "hunter2");
}

TEST_CASE("A clone is a second copy")
{
    secret first{"hunter2"};
    const auto second = first.clone();
    first = secret{};
    CHECK(second.reveal() == "hunter2");
}

TEST_CASE("wipe overwrites every byte and no other")
{
    std::string text = "[secret]";
    libftp::wipe(text.data() + 1, 6);
    CHECK(text == std::string{"[\0\0\0\0\0\0]", 8});
    libftp::wipe(nullptr, 0);
}
