// How whatever goes wrong ends a measurement: a number that is not what was asked for is worse than none.
#pragma once

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace bench {

struct failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// With what the system has just said.
[[noreturn]] inline void fail(const std::string& what)
{
    throw failure{what + ": " + std::system_category().message(errno)};
}

} // namespace bench
