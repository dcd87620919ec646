// Files in memory for tests of transfer codings: one that is read in pieces, and one that says what became of it.
#pragma once

#include <libftp/session/transfer_coding.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace libftp::testing {

/// Gives `content` in pieces of at most this size, and then the error if there is one.
class piecewise_reader final : public file_reader {
public:
    explicit piecewise_reader(std::string_view content, std::size_t piece_size = 100'000, std::error_code failure = {})
        : content_(content), piece_size_(piece_size), failure_(failure)
    {
    }

    result<std::size_t> read(std::span<char> buffer) override
    {
        const auto n = std::min({buffer.size(), piece_size_, content_.size() - taken_});
        if (n == 0 && failure_)
            return failure_;
        std::memcpy(buffer.data(), content_.data() + taken_, n);
        taken_ += n;
        return n;
    }
    [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return content_.size() - taken_; }
    [[nodiscard]] std::optional<native_file> native() const override { return native_file{.descriptor = 7}; }

private:
    std::string content_;
    std::size_t taken_ = 0;
    std::size_t piece_size_;
    std::error_code failure_;
};

/// What became of a file that was written to.
struct received_file {
    std::string bytes{};
    std::size_t largest_write = 0;
    bool committed = false;
    std::vector<std::error_code> discarded{};

    std::optional<std::size_t> fails_beyond{}; ///< A write that would make it larger fails.
    bool fails_to_commit = false;
};

class recording_writer final : public file_writer {
public:
    explicit recording_writer(std::shared_ptr<received_file> file) : file_(std::move(file)) {}

    result<void> write(std::string_view bytes) override
    {
        if (file_->fails_beyond && file_->bytes.size() + bytes.size() > *file_->fails_beyond)
            return store_errc::insufficient_storage;
        file_->bytes.append(bytes);
        file_->largest_write = std::max(file_->largest_write, bytes.size());
        return {};
    }
    result<void> commit() override
    {
        if (file_->fails_to_commit)
            return store_errc::busy;
        file_->committed = true;
        return {};
    }
    void discard(std::error_code reason) override { file_->discarded.push_back(reason); }
    [[nodiscard]] std::optional<native_file> native() const override { return native_file{.descriptor = 8}; }

private:
    std::shared_ptr<received_file> file_;
};

/// The bytes that the reader gives until its end.
inline std::string all_of(file_reader& reader, std::size_t buffer_size = 10'000)
{
    std::string bytes;
    std::string buffer(buffer_size, '\0');
    while (true) {
        const auto n = reader.read(buffer);
        REQUIRE(n);
        if (*n == 0)
            return bytes;
        bytes.append(buffer, 0, *n);
    }
}

/// `content` as it is sent, read in pieces of this size.
inline std::string sent(const transfer_coding& coding, std::string_view content, std::size_t piece_size = 100'000,
                        std::uint64_t offset = 0)
{
    return all_of(*make_coding_reader(std::make_unique<piecewise_reader>(content, piece_size), coding, offset));
}

/// A decoding writer together with the file behind it.
struct receiver {
    explicit receiver(const transfer_coding& coding, std::uint64_t offset = 0)
        : writer(make_decoding_writer(std::make_unique<recording_writer>(file), coding, offset))
    {
    }

    std::shared_ptr<received_file> file = std::make_shared<received_file>();
    std::unique_ptr<file_writer> writer;
};

/// What is stored when these pieces have come and nothing was wrong with them.
inline std::string received(const transfer_coding& coding, const std::vector<std::string>& pieces)
{
    receiver r{coding};
    for (const auto& piece : pieces)
        REQUIRE(r.writer->write(piece));
    CHECK(r.writer->commit());
    CHECK(r.file->committed);
    CHECK(r.file->discarded.empty());
    return r.file->bytes;
}

inline std::vector<transfer_coding> every_coding()
{
    std::vector<transfer_coding> codings;
    for (const auto type : {representation_type::ascii, representation_type::image}) {
        for (const auto structure : {file_structure::file, file_structure::record}) {
            for (const auto mode :
                 {transfer_mode::stream, transfer_mode::block, transfer_mode::compressed, transfer_mode::deflate})
                codings.push_back({.type = type, .structure = structure, .mode = mode});
        }
    }
    return codings;
}

inline std::string name_of(const transfer_coding& coding)
{
    constexpr std::string_view types = "AI";
    constexpr std::string_view structures = "FR";
    constexpr std::string_view modes = "SBCZ";
    return {types[static_cast<std::size_t>(coding.type)], structures[static_cast<std::size_t>(coding.structure)],
            modes[static_cast<std::size_t>(coding.mode)]};
}

} // namespace libftp::testing
