// A password in memory: it is wiped when it goes, cannot be copied by accident, and cannot be printed.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace libftp {

/// Overwrites memory in a way that the optimiser keeps.
void wipe(char* data, std::size_t size) noexcept;

/// Owns the bytes of a secret. Move-only; the bytes are overwritten by the destructor. There is no stream or format
/// operator on purpose: whoever needs the bytes asks for reveal().
class secret {
public:
    /// Without bytes.
    secret() noexcept = default;
    /// Copies `text`; wiping the original is up to its owner.
    explicit secret(std::string_view text);
    secret(secret&& other) noexcept;
    secret& operator=(secret&& other) noexcept;
    ~secret();

    /// A second copy, which has to be asked for.
    [[nodiscard]] secret clone() const { return secret{reveal()}; }
    /// Whether there are no bytes.
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    /// The bytes, valid until the secret is moved from, assigned or destroyed.
    [[nodiscard]] std::string_view reveal() const noexcept { return {bytes_.get(), size_}; }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
};

} // namespace libftp
