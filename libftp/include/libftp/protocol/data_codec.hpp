// What the byte machines of the data connection have in common: the steps of an encoder and the events of a decoder
// (RFC 959 3.4, 3.5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace libftp {

/// From the file to the data connection. Everything is appended to `out`.
class data_encoder {
public:
    /// What one string of MODE C can hold, which a marker's text is.
    static constexpr std::size_t max_mark_bytes = 127;

    virtual ~data_encoder() = default;

    /// The next bytes of the file, in pieces of any size.
    virtual void encode(std::string_view bytes, std::string& out) = 0;
    /// A record ends here (STRU R); codings without records leave it out.
    virtual void end_record(std::string& out) = 0;
    /// A restart marker at this place; codings without markers leave it out. `text`: 1 to max_mark_bytes printable
    /// characters without space.
    virtual void mark(std::string_view /*text*/, std::string& /*out*/) {}
    /// The end of the file, once.
    virtual void finish(std::string& out) = 0;
};

/// What a decoder finds next.
enum class data_event : std::uint8_t {
    need_more,      ///< The input is used up.
    bytes,          ///< text() are bytes of the file, at least one.
    end_of_record,  ///< Also before an end of the file that is flagged together with it.
    restart_marker, ///< text() is the peer's name for this place.
    end_of_file,    ///< Any byte behind it is malformed.
    malformed,      ///< The coding cannot have these bytes. Every further call says the same.
};

/// From the data connection to the file.
class data_decoder {
public:
    data_decoder() = default;
    data_decoder(const data_decoder&) = delete;
    data_decoder& operator=(const data_decoder&) = delete;
    virtual ~data_decoder() = default;

    /// Takes bytes off the front of `input`, up to one event. An event may come without any input; after need_more
    /// there is none left.
    data_event read(std::string_view& input)
    {
        if (event_ != data_event::malformed)
            event_ = decode(input);
        return event_;
    }

    /// What comes with the event that read() just returned. It points into that input or into this object: valid until
    /// the next read() and as long as the input.
    [[nodiscard]] std::string_view text() const noexcept { return text_; }

    /// Whether the file is whole if the data connection ends here.
    [[nodiscard]] virtual bool has_ended() const noexcept = 0;

protected:
    std::string_view text_; ///< What text() gives.

private:
    virtual data_event decode(std::string_view& input) = 0;

    data_event event_ = data_event::need_more;
};

} // namespace libftp
