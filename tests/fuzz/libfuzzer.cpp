// How libFuzzer calls a target.
#include "fuzzing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    libftp::fuzz::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
