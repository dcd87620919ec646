// Writes the fourteen columns of an xferlog line.
#include <libftp/session/xferlog.hpp>

#include "../protocol/civil_time.hpp"
#include "../protocol/utf8.hpp"

#include <fmt/compile.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string>

namespace libftp {

namespace {

constexpr std::array<std::string_view, 7> weekday_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/// As ctime() has it, in UTC.
std::string calendar_time(clock::time_point now)
{
    using namespace std::chrono;
    const sys_seconds moment{floor<seconds>(now.time_since_epoch())};
    const auto day = floor<days>(moment);
    const year_month_day date{day};
    const hh_mm_ss time_of_day{moment - day};
    return fmt::format(FMT_COMPILE("{} {} {:>2} {:02}:{:02}:{:02} {}"), weekday_names[weekday{day}.c_encoding()],
                       month_names[static_cast<unsigned>(date.month()) - 1], static_cast<unsigned>(date.day()),
                       time_of_day.hours().count(), time_of_day.minutes().count(), time_of_day.seconds().count(),
                       static_cast<int>(date.year()));
}

/// A name that fills exactly one column.
std::string column(std::string_view name)
{
    if (name.empty())
        return "*";
    std::string text;
    while (!name.empty()) {
        const auto character = utf8::take_character(name);
        text.append(character == " " || utf8::is_control(character) ? "_" : character);
    }
    return text;
}

/// What differs between the lines of one session.
struct entry {
    std::chrono::seconds time{};
    std::uint64_t bytes = 0;
    const store_path& path;
    char type = 'b';
    char direction = 'o';
    char completion = 'c';
};

/// No action was taken on the file itself (`_`), and nobody but FTP has checked who the user is (`0 *`).
std::string line(const session_facts& session, const entry& entry)
{
    return fmt::format(FMT_COMPILE("{} {} {} {} {} {} _ {} {} {} ftp 0 * {}"), calendar_time(session.now),
                       entry.time.count(), session.peer.address.to_string(), entry.bytes, column(entry.path.string()),
                       entry.type, entry.direction, session.is_anonymous ? 'a' : 'r', column(session.user),
                       entry.completion);
}

} // namespace

void xferlog::transfer_ended(const session_facts& session, const transfer_report& report)
{
    using namespace std::chrono;
    if (report.kind == transfer_kind::listing)
        return;
    write_(line(session, {.time = std::max(round<seconds>(report.time), seconds{1}),
                          .bytes = report.bytes,
                          .path = report.path,
                          .type = report.coding.type == representation_type::ascii ? 'a' : 'b',
                          .direction = report.kind == transfer_kind::download ? 'o' : 'i',
                          .completion = report.end == transfer_end::completed ? 'c' : 'i'}));
}

void xferlog::changed(const session_facts& session, const change_report& report)
{
    if (report.kind == change_kind::file_removed)
        write_(line(session, {.path = report.path, .direction = 'd'}));
}

} // namespace libftp
