// The beginning of a file, as RANG chooses it.
#pragma once

#include "../store/read_within.hpp"

#include <libftp/store/file_store.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

namespace libftp {

/// Gives what `file` gives, but at most `left` bytes.
class limited_reader final : public file_reader {
public:
    limited_reader(std::unique_ptr<file_reader> file, std::uint64_t left) : file_(std::move(file)), left_(left) {}

    result<std::size_t> read(std::span<char> buffer) override
    {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
        if (wanted == 0)
            return std::size_t{0};
        auto n = read_within(*file_, buffer.first(wanted));
        if (n)
            left_ -= *n;
        return n;
    }
    [[nodiscard]] std::optional<std::uint64_t> remaining() const override
    {
        const auto all = file_->remaining();
        return all ? std::optional{std::min(*all, left_)} : std::nullopt;
    }
    [[nodiscard]] std::optional<native_file> native() const override { return file_->native(); }
    void skip(std::uint64_t bytes) override
    {
        left_ -= bytes;
        file_->skip(bytes);
    }

private:
    std::unique_ptr<file_reader> file_;
    std::uint64_t left_;
};

} // namespace libftp
