// Keeps a password's bytes in one place and overwrites them when they are no longer needed.
#include <libftp/secret.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace libftp {

void wipe(char* data, std::size_t size) noexcept
{
    // Which function a volatile pointer leads to is not known, so no optimiser may drop the call.
    static void* (*const volatile overwrite)(void*, int, std::size_t) = &std::memset;
    if (size != 0)
        overwrite(data, 0, size);
}

secret::secret(std::string_view text) : size_(text.size())
{
    if (text.empty())
        return;
    bytes_ = std::make_unique<char[]>(size_);
    std::copy(text.begin(), text.end(), bytes_.get());
}

secret::secret(secret&& other) noexcept : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

secret& secret::operator=(secret&& other) noexcept
{
    // What was here leaves with `taken`, whose destructor wipes it; assigning to itself changes nothing.
    secret taken{std::move(other)};
    std::swap(bytes_, taken.bytes_);
    std::swap(size_, taken.size_);
    return *this;
}

secret::~secret()
{
    wipe(bytes_.get(), size_);
}

} // namespace libftp
