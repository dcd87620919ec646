// Drives zlib with a buffer of fixed size on its output side.
#include <libftp/protocol/deflate_codec.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <system_error>

#define ZLIB_CONST // zlib does not write to its input.
#include <zlib.h>

namespace libftp {

namespace {

constexpr std::size_t buffer_bytes = std::size_t{16} * 1024;
/// A thousand times more bytes can go in than come out, and whoever waits for the first of those would wait long.
constexpr std::size_t most_without_output = std::size_t{256} * 1024;

/// What both directions do with zlib. A stream that could not be set up answers every call with Z_STREAM_ERROR.
struct zlib_stream {
    z_stream zlib{};
    std::array<char, buffer_bytes> buffer;

    /// Lends zlib the empty buffer and as much of `input` as it can count.
    void lend(std::string_view input) noexcept
    {
        constexpr std::size_t most = std::numeric_limits<uInt>::max();
        zlib.next_in = reinterpret_cast<const Bytef*>(input.data());
        zlib.avail_in = static_cast<uInt>(std::min(input.size(), most));
        zlib.next_out = reinterpret_cast<Bytef*>(buffer.data());
        zlib.avail_out = static_cast<uInt>(buffer.size());
    }

    /// Drops what zlib has taken from the front of `input`, and gives what it has made of it.
    std::string_view take_back(std::string_view& input) const noexcept
    {
        input.remove_prefix(static_cast<std::size_t>(reinterpret_cast<const char*>(zlib.next_in) - input.data()));
        return {buffer.data(), buffer.size() - zlib.avail_out};
    }
};

} // namespace

struct deflate_encoder::stream : zlib_stream {
    explicit stream(int level) { deflateInit(&zlib, level); }
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;
    ~stream() { deflateEnd(&zlib); }

    result<void> append(std::string_view bytes, int flush, std::string& out)
    {
        // Room left in the buffer says that zlib has no more to give.
        do {
            lend(bytes);
            if (deflate(&zlib, flush) == Z_STREAM_ERROR)
                return std::make_error_code(std::errc::not_enough_memory);
            out.append(take_back(bytes));
        } while (!bytes.empty() || zlib.avail_out == 0);
        return {};
    }

    std::size_t without_output = 0; ///< Bytes taken since something came out.
};

deflate_encoder::deflate_encoder(int level)
    : stream_(std::make_unique<stream>(std::clamp(level, Z_BEST_SPEED, Z_BEST_COMPRESSION)))
{
}

deflate_encoder::~deflate_encoder() = default;

result<void> deflate_encoder::encode(std::string_view bytes, std::string& out)
{
    const auto before = out.size();
    if (auto done = stream_->append(bytes, Z_NO_FLUSH, out); !done)
        return done;
    auto& silent = stream_->without_output;
    silent = out.size() == before ? silent + bytes.size() : 0;
    if (silent < most_without_output)
        return {};
    silent = 0;
    return stream_->append({}, Z_SYNC_FLUSH, out);
}

result<void> deflate_encoder::finish(std::string& out)
{
    return stream_->append({}, Z_FINISH, out);
}

struct deflate_decoder::stream : zlib_stream {
    stream() { inflateInit(&zlib); }
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;
    ~stream() { inflateEnd(&zlib); }
};

deflate_decoder::deflate_decoder() : stream_(std::make_unique<stream>()) {}

deflate_decoder::~deflate_decoder() = default;

data_event deflate_decoder::decode(std::string_view& input)
{
    while (phase_ == phase::data) {
        stream_->lend(input);
        const auto status = inflate(&stream_->zlib, Z_NO_FLUSH);
        text_ = stream_->take_back(input);
        if (status == Z_STREAM_END)
            phase_ = phase::end_is_due;
        else if (status != Z_OK && status != Z_BUF_ERROR)
            return data_event::malformed;
        if (!text_.empty())
            return data_event::bytes;
        if (phase_ == phase::data && input.empty())
            return data_event::need_more;
    }
    if (phase_ == phase::end_is_due) {
        phase_ = phase::ended;
        return data_event::end_of_file;
    }
    return input.empty() ? data_event::need_more : data_event::malformed;
}

} // namespace libftp
