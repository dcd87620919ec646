// Doubles the escape byte, and takes whole runs of bytes between escapes.
#include <libftp/protocol/record_structure.hpp>

namespace libftp {

namespace {

constexpr char escape = '\xff';
constexpr std::string_view one_escape{&escape, 1};
constexpr std::string_view end_of_record = "\xff\x01";
constexpr std::string_view end_of_file = "\xff\x02";

} // namespace

void record_encoder::encode(std::string_view bytes, std::string& out)
{
    while (!bytes.empty()) {
        const auto found = bytes.find(escape);
        if (found == std::string_view::npos) {
            out.append(bytes);
            return;
        }
        out.append(bytes.substr(0, found + 1)).push_back(escape);
        bytes.remove_prefix(found + 1);
    }
}

void record_encoder::end_record(std::string& out)
{
    out.append(end_of_record);
}

void record_encoder::finish(std::string& out)
{
    out.append(end_of_file);
}

data_event record_decoder::decode(std::string_view& input)
{
    if (end_is_due_) {
        end_is_due_ = false;
        ended_ = true;
        return data_event::end_of_file;
    }
    while (!input.empty()) {
        if (ended_)
            return data_event::malformed;
        if (after_escape_) {
            const auto code = static_cast<unsigned char>(input.front());
            input.remove_prefix(1);
            after_escape_ = false;
            return take_control_code(code);
        }
        text_ = input.substr(0, input.find(escape));
        input.remove_prefix(text_.size());
        if (!text_.empty())
            return data_event::bytes;
        input.remove_prefix(1);
        after_escape_ = true;
    }
    return data_event::need_more;
}

data_event record_decoder::take_control_code(unsigned code) noexcept
{
    switch (code) {
    case 1: return data_event::end_of_record;
    case 2: ended_ = true; return data_event::end_of_file;
    case 3: end_is_due_ = true; return data_event::end_of_record;
    case 255: text_ = one_escape; return data_event::bytes;
    default: return data_event::malformed;
    }
}

} // namespace libftp
