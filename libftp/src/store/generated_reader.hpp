// A reader of bytes that are made piece by piece, such as listings and coded files.
#pragma once

#include <libftp/result.hpp>
#include <libftp/store/file_store.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <system_error>

namespace libftp {

class generated_reader : public file_reader {
public:
    result<std::size_t> read(std::span<char> buffer) final
    {
        while (taken_ == text_.size() && !ended_) {
            text_.clear();
            taken_ = 0;
            if (failure_)
                return failure_;
            const auto more = fill(text_);
            if (!more)
                failure_ = more.error(); // what was made before it still counts
            ended_ = more && !*more;
        }
        const auto n = std::min(buffer.size(), text_.size() - taken_);
        std::memcpy(buffer.data(), text_.data() + taken_, n);
        taken_ += n;
        return n;
    }
    [[nodiscard]] std::optional<std::uint64_t> remaining() const final { return std::nullopt; }

private:
    /// Appends the next piece to `text`; false: nothing comes after that.
    virtual result<bool> fill(std::string& text) = 0;

    std::string text_;
    std::size_t taken_ = 0;
    bool ended_ = false;
    std::error_code failure_{};
};

} // namespace libftp
