// The extensions of common files.
#include <libftp/protocol/media_type.hpp>

#include "ascii.hpp"

#include <algorithm>
#include <array>

namespace libftp {

namespace {

struct extension {
    std::string_view text{};
    std::string_view media_type{};
};

constexpr std::array extensions{
    extension{"7z", "application/x-7z-compressed"},
    extension{"avi", "video/x-msvideo"},
    extension{"bmp", "image/bmp"},
    extension{"bz2", "application/x-bzip2"},
    extension{"css", "text/css"},
    extension{"csv", "text/csv"},
    extension{"doc", "application/msword"},
    extension{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    extension{"epub", "application/epub+zip"},
    extension{"flac", "audio/flac"},
    extension{"gif", "image/gif"},
    extension{"gz", "application/gzip"},
    extension{"htm", "text/html"},
    extension{"html", "text/html"},
    extension{"ico", "image/vnd.microsoft.icon"},
    extension{"jpeg", "image/jpeg"},
    extension{"jpg", "image/jpeg"},
    extension{"js", "text/javascript"},
    extension{"json", "application/json"},
    extension{"md", "text/markdown"},
    extension{"mp3", "audio/mpeg"},
    extension{"mp4", "video/mp4"},
    extension{"mpeg", "video/mpeg"},
    extension{"mpg", "video/mpeg"},
    extension{"odt", "application/vnd.oasis.opendocument.text"},
    extension{"ogg", "audio/ogg"},
    extension{"pdf", "application/pdf"},
    extension{"png", "image/png"},
    extension{"ps", "application/postscript"},
    extension{"rtf", "application/rtf"},
    extension{"svg", "image/svg+xml"},
    extension{"tar", "application/x-tar"},
    extension{"tif", "image/tiff"},
    extension{"tiff", "image/tiff"},
    extension{"txt", "text/plain"},
    extension{"wav", "audio/wav"},
    extension{"webm", "video/webm"},
    extension{"webp", "image/webp"},
    extension{"xls", "application/vnd.ms-excel"},
    extension{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    extension{"xml", "application/xml"},
    extension{"zip", "application/zip"},
};

constexpr bool comes_before(const extension& row, std::string_view text) noexcept
{
    return ascii::comes_before_ignoring_case(row.text, text);
}

static_assert(std::is_sorted(extensions.begin(), extensions.end(),
                             [](const extension& a, const extension& b) { return comes_before(a, b.text); }));

} // namespace

std::string_view guess_media_type(std::string_view name) noexcept
{
    static constexpr std::string_view unknown = "application/octet-stream";
    const auto dot = name.rfind('.');
    // A name that begins with its only dot is hidden, and has no extension.
    if (dot == std::string_view::npos || dot == 0)
        return unknown;
    const auto wanted = name.substr(dot + 1);
    const auto known = std::lower_bound(extensions.begin(), extensions.end(), wanted, comes_before);
    return known != extensions.end() && ascii::equal_ignoring_case(known->text, wanted) ? known->media_type : unknown;
}

} // namespace libftp
