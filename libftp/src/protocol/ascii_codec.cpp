// Converts line ends in whole runs between them, so that the speed is that of memchr and memcpy.
#include <libftp/protocol/ascii_codec.hpp>

namespace libftp {

void ascii_encoder::encode(std::string_view bytes, std::string& out)
{
    while (!bytes.empty()) {
        const auto run = bytes.substr(0, bytes.find('\n'));
        out.append(run);
        if (!run.empty())
            after_cr_ = run.back() == '\r';
        bytes.remove_prefix(run.size());
        if (bytes.empty())
            return;

        out.append(after_cr_ ? "\n" : "\r\n");
        after_cr_ = false;
        bytes.remove_prefix(1);
    }
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
