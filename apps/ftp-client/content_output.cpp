// A terminal gets whole lines, so that its control bytes can be told from those of a file.
#include "content_output.hpp"

#include "terminal.hpp"
#include "transfers.hpp"

#include <libftp/protocol/reply.hpp>
#include <libftp/store/file_place.hpp>

#include <algorithm>
#include <string_view>
#include <system_error>

using namespace libftp;

namespace {

template <class Write>
result<void> try_output(Write write)
try {
    write();
    return {};
} catch (const terminal::output_closed&) {
    return std::make_error_code(std::errc::broken_pipe);
} catch (const terminal::output_failed& failure) {
    return failure.code();
}

result<void> write_out(std::string_view bytes)
{
    return try_output([bytes] { terminal::write(bytes); });
}

result<void> flush()
{
    return try_output(terminal::flush);
}

std::unique_ptr<file_writer> make_terminal_writer()
{
    static constexpr std::size_t longest_kept = 64 * 1024;
    const auto kept = std::make_shared<std::string>();
    return make_callback_writer(
        [kept](std::string_view bytes) -> result<void> {
            kept->append(bytes);
            auto whole = kept->rfind('\n') + 1; // npos + 1 is 0
            if (kept->size() - whole > longest_kept)
                whole = kept->size();
            const auto shown = for_terminal(std::string_view{*kept}.substr(0, whole));
            kept->erase(0, whole);
            return write_out(shown);
        },
        [kept] { return write_out(for_terminal(*kept)); });
}

} // namespace

std::string for_terminal(std::string_view text)
{
    std::string shown;
    while (!text.empty()) {
        const auto harmless = std::min(text.find_first_of("\n\t\r"), text.size());
        shown += escape_controls(text.substr(0, harmless));
        text.remove_prefix(harmless);
        if (text.empty())
            break;
        const bool ends_line = text.starts_with("\r\n");
        shown += ends_line ? "\n" : text.front() == '\r' ? "\\x0d" : std::string{text.front()};
        text.remove_prefix(ends_line ? 2 : 1);
    }
    return shown;
}

std::unique_ptr<file_writer> make_output_writer()
{
    return terminal::output_width() ? make_terminal_writer() : make_callback_writer(write_out, flush);
}

outcome print_files(session& s, std::span<const std::string> remote)
{
    const data_output data{s.out};
    auto result = outcome::done;
    for (const auto& name : remote) {
        const transfer_notice notice{.name = name, .local = "-", .remote = name};
        s.out.began(notice);
        const auto made = s.client.download(name, make_output_writer(), watched(s, notice, {}));
        if (made) {
            s.out.transferred(notice, *made);
            continue;
        }
        s.out.stopped(notice);
        if (made.error().code == std::errc::broken_pipe)
            return outcome::done; // whoever takes it has seen enough
        result = refuse_transfer(s, name, made.error());
        if (s.is_interrupted())
            break;
    }
    return result;
}
