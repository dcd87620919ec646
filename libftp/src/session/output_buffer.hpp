// Bytes on their way to the control connection; each is overwritten once it has left, because passwords pass through.
#pragma once

#include <libftp/secret.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace libftp {

class output_buffer {
public:
    output_buffer() = default;
    output_buffer(const output_buffer&) = delete;
    output_buffer& operator=(const output_buffer&) = delete;
    ~output_buffer() { clear(); }

    [[nodiscard]] std::string_view view() const noexcept { return std::string_view{bytes_}.substr(sent_); }

    void append(std::string_view bytes)
    {
        if (bytes.size() > bytes_.capacity() - bytes_.size())
            make_room(bytes.size());
        bytes_.append(bytes);
    }

    /// The first `count` bytes of view() have left; fewer if it was cleared meanwhile.
    void sent(std::size_t count) noexcept
    {
        count = std::min(count, view().size());
        wipe(bytes_.data() + sent_, count);
        sent_ += count;
        if (sent_ == bytes_.size()) {
            bytes_.clear();
            sent_ = 0;
        }
    }

    void clear() noexcept { sent(view().size()); }

private:
    /// As growing by append() would, but without leaving the old bytes in freed memory.
    void make_room(std::size_t count)
    {
        std::string larger;
        larger.reserve(2 * (view().size() + count));
        larger.append(view());
        clear();
        bytes_.swap(larger);
    }

    std::string bytes_;
    std::size_t sent_ = 0;
};

} // namespace libftp
