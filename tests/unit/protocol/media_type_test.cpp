// Media types by the ends of names.
#include <doctest/doctest.h>

#include <libftp/protocol/media_type.hpp>

using libftp::guess_media_type;

TEST_CASE("What follows the last dot tells the media type, in any letter case")
{
    CHECK(guess_media_type("a.txt") == "text/plain");
    CHECK(guess_media_type("A.HTML") == "text/html");
    CHECK(guess_media_type("archive.tar.gz") == "application/gzip");
    CHECK(guess_media_type(".a.jpg") == "image/jpeg");
    CHECK(guess_media_type("first.7z") == "application/x-7z-compressed");
    CHECK(guess_media_type("last.zip") == "application/zip");
}

TEST_CASE("What is not known is a row of bytes")
{
    for (const auto* name :
         {"", ".", "..", "a", "a.", "a.unknown", ".txt", "txt", "a.txt~", "a.tx", "a.txtx", "a.\xff", "a. txt"}) {
        CAPTURE(name);
        CHECK(guess_media_type(name) == "application/octet-stream");
    }
}

TEST_CASE("Every media type can be the value of a fact")
{
    for (const auto* name : {"a.doc", "a.docx", "a.svg", "a.xls", "a.xlsx", "a"}) {
        const auto type = guess_media_type(name);
        CHECK(type.find('/') != std::string_view::npos);
        CHECK(type.find_first_of("; \r\n") == std::string_view::npos);
    }
}
