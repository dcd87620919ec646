// What Tab inserts.
#include "../../../apps/ftp-client/completion.hpp"

#include <doctest/doctest.h>

#include <array>

namespace {

const vocabulary_row* find(std::string_view name)
{
    static constexpr std::array<vocabulary_row, 7> rows{
        vocabulary_row{.names = {"get"}, .arguments = "[-c] [-n COUNT] FILE [LOCAL]"},
        vocabulary_row{.names = {"put"}, .arguments = "[-c] LOCAL [REMOTE]"},
        vocabulary_row{.names = {"mput"}, .arguments = "LOCAL..."},
        vocabulary_row{.names = {"RETR"}, .arguments = "FILE"},
        vocabulary_row{.names = {"help"}, .arguments = "[COMMAND]"},
        vocabulary_row{.names = {"ls"}, .arguments = "[-l] [-1] [PATH]..."},
        vocabulary_row{.names = {"open"}, .arguments = "[HOST [PORT]]"}};
    for (const auto& row : rows) {
        if (row.names.front() == name)
            return &row;
    }
    return nullptr;
}

completion_place place(std::string_view line)
{
    return place_to_complete(line, find);
}

std::string inserted(std::string_view line, std::initializer_list<candidate> candidates)
{
    return text_to_insert(place(line), std::span{candidates.begin(), candidates.size()});
}

} // namespace

TEST_CASE("The first word is a command")
{
    CHECK(place("").kind == completed_kind::command);
    CHECK(place("  ge").kind == completed_kind::command);
    CHECK(place("  ge").word == "ge");
}

TEST_CASE("Further words are what the usage text says")
{
    CHECK(place("get ").kind == completed_kind::remote_name);
    CHECK(place("get a").word == "a");
    CHECK(place("get a ").kind == completed_kind::local_name);
    CHECK(place("get a b ").kind == completed_kind::nothing);
    CHECK(place("get -c a").kind == completed_kind::remote_name);
    CHECK(place("get -n 4 a").kind == completed_kind::remote_name);
    CHECK(place("get -n 4 a b").kind == completed_kind::local_name);
    CHECK(place("put a").kind == completed_kind::local_name);
    CHECK(place("put a b").kind == completed_kind::remote_name);
    CHECK(place("mput a b c").kind == completed_kind::local_name);
    CHECK(place("help ge").kind == completed_kind::command);
    CHECK(place("ls ima").kind == completed_kind::remote_name);
    CHECK(place("ls -l ima").kind == completed_kind::remote_name);
    CHECK(place("open w").kind == completed_kind::host);
    CHECK(place("open w 2").kind == completed_kind::nothing);
    CHECK(place("frob x").kind == completed_kind::nothing);
}

TEST_CASE("Behind a pipe nothing is completed, behind > a local name")
{
    CHECK(place("get a | le").kind == completed_kind::nothing);
    CHECK(place("ls > li").kind == completed_kind::local_name);
}

TEST_CASE("A name is written so that it is read again as it is")
{
    CHECK(inserted("get a", {{"a.jpg"}}) == ".jpg ");
    CHECK(inserted("get a", {{"a b.jpg"}}) == "\\ b.jpg ");
    CHECK(inserted("get \"a", {{"a b.jpg"}}) == " b.jpg\" ");
    CHECK(inserted("get \"a", {{"a\"b"}}) == "\\\"b\" ");
    CHECK(inserted("get 'a", {{"a b\".jpg"}}) == " b\".jpg' ");
    CHECK(inserted("get 'a", {{"a'b"}}).empty());
    CHECK(inserted("get ", {{"'tis"}}) == "\\'tis ");
    CHECK(inserted("get it", {{"it's"}}) == "'s ");
    CHECK(inserted("get ", {{"|x"}}) == "\\|x ");
    CHECK(inserted("get ", {{"-c"}}) == "./-c ");
    CHECK(inserted("get \"", {{"-c"}}) == "./-c\" ");
    CHECK(inserted("get ", {{"-c"}, {"-d"}}) == "./-");
    CHECK(inserted("get ", {{"~x"}}) == "./~x ");
    CHECK(inserted("get ~", {{"~x"}}) == "x ");
    CHECK(inserted("RETR a", {{"a b.jpg"}}) == " b.jpg");
}

TEST_CASE("A name that would be read as an option is not completed")
{
    CHECK(place("get -d").kind == completed_kind::nothing);
    CHECK(place("get -c \"-d").kind == completed_kind::nothing);
    CHECK(place("get -- -d").kind == completed_kind::remote_name);
    CHECK(place("mput -d").kind == completed_kind::local_name);
}

TEST_CASE("A directory ends in a slash, behind which more can follow")
{
    CHECK(inserted("get im", {{"images", true}}) == "ages/");
    CHECK(inserted("get \"im", {{"images", true}}) == "ages/");
}

TEST_CASE("Of several names it is what they have in common, in whole letters")
{
    CHECK(inserted("get i", {{"image1"}, {"image2"}}) == "mage");
    CHECK(inserted("get image", {{"image1"}, {"image2"}}).empty());
    CHECK(inserted("get B", {{"B\xc3\xa4r"}, {"B\xc3\xb6r"}}).empty());
    CHECK(inserted("get B", {}).empty());
}

TEST_CASE("The directory is what stands up to the last slash")
{
    CHECK(directory_part("images/a/b.jpg") == "images/a/");
    CHECK(directory_part("b.jpg").empty());
}
