// Reading from whatever a program has written as a reader.
#pragma once

#include <libftp/store/file_store.hpp>

#include <cstddef>
#include <span>
#include <system_error>

namespace libftp {

/// As file.read(), but more bytes than there was room for are std::errc::io_error. The -1 of read(2) is a size, too, in
/// a reader that returns it as it is: the memory behind the buffer would go to the peer.
inline result<std::size_t> read_within(file_reader& file, std::span<char> buffer)
{
    auto given = file.read(buffer);
    if (given && *given > buffer.size())
        return std::make_error_code(std::errc::io_error);
    return given;
}

} // namespace libftp
