// Converts line ends in whole runs between them, so that the speed is that of memchr and memcpy.
#include <libftp/protocol/ascii_codec.hpp>

namespace libftp {

void ascii_encoder::encode(std::string_view bytes, std::string& out)
{
    // Of what is copied at once, the LF that ended the line before is the first byte.
    for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n', 1)) {
        const bool has_cr = end == 0 ? after_cr_ : bytes[end - 1] == '\r';
        out.append(bytes.substr(0, end));
        if (!has_cr)
            out.push_back('\r');
        bytes.remove_prefix(end);
    }
    out.append(bytes);
    if (!bytes.empty())
        after_cr_ = bytes.back() == '\r';
}

void ascii_decoder::decode(std::string_view bytes, std::string& out)
{
    while (!bytes.empty()) {
        if (cr_held_ && bytes.front() != '\n')
            out.push_back('\r');
        const auto run = bytes.substr(0, bytes.find('\r'));
        out.append(run);
        bytes.remove_prefix(run.size());
        cr_held_ = !bytes.empty();
        if (cr_held_)
            bytes.remove_prefix(1);
    }
}

void ascii_decoder::finish(std::string& out)
{
    if (cr_held_)
        out.push_back('\r');
    cr_held_ = false;
}

} // namespace libftp
