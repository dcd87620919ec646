// The library's one way to throw, which also compiles where there are no exceptions.
#pragma once

#include <exception>

namespace libftp {

/// For what the caller has asserted not to happen, as by result::value(): without exceptions the program ends.
template <class Exception>
[[noreturn]] void throw_or_end(const Exception& exception)
{
#if __cpp_exceptions
    throw exception;
#else
    static_cast<void>(exception);
    std::terminate();
#endif
}

} // namespace libftp
