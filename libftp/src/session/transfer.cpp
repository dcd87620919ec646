// Conversions of the representation type, and listings as a stream (RFC 959 3.1.1.1, RFC 3659 7).
#include <libftp/session/transfer.hpp>

#include <libftp/protocol/ascii_codec.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>

namespace libftp {

namespace {

/// A reader of text that is made piece by piece: fill() appends the next piece, or nothing at the end.
class generated_reader : public file_reader {
public:
    result<std::size_t> read(std::span<char> buffer) final
    {
        while (taken_ == text_.size() && !ended_) {
            text_.clear();
            taken_ = 0;
            const auto more = fill(text_);
            if (!more)
                return more.error();
            ended_ = !*more;
        }
        const auto n = std::min(buffer.size(), text_.size() - taken_);
        std::memcpy(buffer.data(), text_.data() + taken_, n);
        taken_ += n;
        return n;
    }
    [[nodiscard]] std::optional<std::uint64_t> remaining() const final { return std::nullopt; }

private:
    /// Appends to `text`; false: nothing comes after that.
    virtual result<bool> fill(std::string& text) = 0;

    std::string text_;
    std::size_t taken_ = 0;
    bool ended_ = false;
};

class ascii_reader final : public generated_reader {
public:
    explicit ascii_reader(std::unique_ptr<file_reader> file) : file_(std::move(file)) {}

private:
    result<bool> fill(std::string& text) override
    {
        std::array<char, 16 * 1024> piece;
        const auto n = file_->read(piece);
        if (!n)
            return n.error();
        encoder_.encode({piece.data(), *n}, text);
        return *n != 0;
    }

    std::unique_ptr<file_reader> file_;
    ascii_encoder encoder_;
};

class ascii_writer final : public file_writer {
public:
    explicit ascii_writer(std::unique_ptr<file_writer> file) : file_(std::move(file)) {}

    result<void> write(std::string_view bytes) override
    {
        converted_.clear();
        decoder_.decode(bytes, converted_);
        return file_->write(converted_);
    }

    result<void> commit() override
    {
        converted_.clear();
        decoder_.finish(converted_);
        if (!converted_.empty()) {
            if (auto written = file_->write(converted_); !written)
                return written;
        }
        return file_->commit();
    }

private:
    std::unique_ptr<file_writer> file_;
    ascii_decoder decoder_;
    std::string converted_;
};

class listing_reader final : public generated_reader {
public:
    listing_reader(std::unique_ptr<directory_reader> directory, listing_style style)
        : directory_(std::move(directory)), style_(std::move(style))
    {
    }

private:
    result<bool> fill(std::string& text) override
    {
        constexpr std::size_t piece = 16 * 1024;
        while (text.size() < piece) {
            const auto more = directory_->next(entry_);
            if (!more)
                return more.error();
            if (!*more)
                return false;
            if (is_listable_name(entry_.name))
                append(text);
        }
        return true;
    }

    void append(std::string& text)
    {
        switch (style_.form) {
        case listing_form::unix_lines: append_unix_line(text, entry_, style_.now); return;
        case listing_form::names: text.append(style_.name_prefix).append(entry_.name); break;
        case listing_form::facts: append_facts(text, entry_, style_.facts, style_.allowed, entry_.name); break;
        }
        text += "\r\n";
    }

    std::unique_ptr<directory_reader> directory_;
    listing_style style_;
    file_info entry_;
};

class single_entry final : public directory_reader {
public:
    explicit single_entry(file_info entry) : entry_(std::move(entry)) {}

    result<bool> next(file_info& entry) override
    {
        if (given_)
            return false;
        given_ = true;
        entry = std::move(entry_);
        return true;
    }

private:
    file_info entry_;
    bool given_ = false;
};

} // namespace

std::unique_ptr<file_reader> make_ascii_reader(std::unique_ptr<file_reader> file)
{
    return std::make_unique<ascii_reader>(std::move(file));
}

std::unique_ptr<file_writer> make_ascii_writer(std::unique_ptr<file_writer> file)
{
    return std::make_unique<ascii_writer>(std::move(file));
}

std::unique_ptr<file_reader> make_listing_reader(std::unique_ptr<directory_reader> directory, listing_style style)
{
    return std::make_unique<listing_reader>(std::move(directory), std::move(style));
}

std::unique_ptr<directory_reader> make_single_entry(file_info entry)
{
    return std::make_unique<single_entry>(std::move(entry));
}

} // namespace libftp
