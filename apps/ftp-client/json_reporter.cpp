// Texts are bytes of peers and file systems; the JSON writer escapes them.
#include "json_reporter.hpp"

#include "entry_json.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

using namespace libftp;

namespace {

constexpr std::chrono::milliseconds progress_interval{250};

json_object event_of(std::string_view kind)
{
    json_object object;
    object.text("event", kind);
    return object;
}

json_object event_of(std::string_view kind, std::string_view text)
{
    auto object = event_of(kind);
    add_text(object, "text", text);
    return object;
}

json_object event_of(std::string_view kind, const transfer_notice& transfer)
{
    auto object = event_of(kind);
    add_text(object, "name", transfer.name);
    object.text("direction", transfer.direction == transfer_direction::download ? "download" : "upload");
    if (!transfer.remote.empty())
        add_text(object, "remote", transfer.remote);
    if (!transfer.local.empty())
        add_text(object, "local", transfer.local);
    return object;
}

json_object event_of(std::string_view kind, const libftp::reply& reply)
{
    auto object = event_of(kind);
    object.number("code", static_cast<std::uint64_t>(reply.code));
    add_text(object, "text", fmt::format("{}", fmt::join(reply.lines, "\n")));
    return object;
}

} // namespace

json_reporter::json_reporter(line_writer write, line_writer write_aside, std::function<clock::time_point()> now)
    : write_(std::move(write)), write_aside_(std::move(write_aside)), now_(std::move(now))
{
}

void json_reporter::command(std::string_view line)
{
    auto object = event_of("command");
    add_text(object, "line", line);
    tell(object);
}

void json_reporter::reply(const libftp::reply& reply)
{
    tell(event_of("reply", reply));
}

void json_reporter::answer(const libftp::reply& reply)
{
    write_(event_of("answer", reply).to_string());
}

void json_reporter::say(std::string_view line)
{
    tell(event_of("note", line));
}

void json_reporter::print(std::string_view line)
{
    write_(event_of("output", line).to_string());
}

void json_reporter::listing(std::string_view directory, std::span<const listed_entry> entries, listing_look /*look*/)
{
    for (const auto& entry : entries) {
        auto object = event_of("entry");
        add_text(object, "directory", directory);
        add_entry(object, entry);
        write_(object.to_string());
    }
}

void json_reporter::began(const transfer_notice& transfer)
{
    told_at_[transfer.name] = now_();
    tell(event_of("begin", transfer));
}

void json_reporter::progressed(const transfer_notice& transfer, const transfer_progress& made)
{
    const auto told = told_at_.find(transfer.name);
    if (told == told_at_.end() || now_() - told->second < progress_interval)
        return;
    told->second = now_();
    auto object = event_of("progress", transfer);
    object.number("bytes", made.bytes).number("offset", made.offset);
    if (made.total)
        object.number("total", *made.total);
    tell(object.number("bytes_per_second", made.bytes_per_second));
}

void json_reporter::transferred(const transfer_notice& transfer, const transfer_result& result)
{
    told_at_.erase(transfer.name);
    auto object = event_of("transfer", transfer);
    object.number("bytes", result.bytes).number("offset", result.offset);
    object.seconds("seconds", result.time).text("verified", to_string(result.verified));
    if (result.attempts > 1)
        object.number("attempts", result.attempts);
    if (!result.remote_name.empty())
        add_text(object, "remote_name", result.remote_name);
    if (result.tls)
        object.text("tls", result.tls->version);
    tell(object);
}

void json_reporter::stopped(const transfer_notice& transfer)
{
    told_at_.erase(transfer.name);
    tell(event_of("stop", transfer));
}

void json_reporter::batch_began(const batch_plan& plan)
{
    auto object = event_of("batch");
    if (plan.files)
        object.number("files", *plan.files);
    if (plan.bytes)
        object.number("bytes", *plan.bytes);
    tell(object);
}

void json_reporter::batch_ended(const batch_result& result)
{
    auto object = event_of("total");
    object.number("files", result.files).number("bytes", result.bytes).number("failures", result.failures);
    for (const auto& [key, number] : {std::pair{"unchanged", result.unchanged}, std::pair{"made", result.made},
                                      std::pair{"removed", result.removed}, std::pair{"skipped", result.skipped}})
        if (number > 0)
            object.number(key, number);
    if (result.is_dry_run)
        object.yes("dry_run");
    tell(object.seconds("seconds", result.time));
}

void json_reporter::ended(cause why)
{
    tell(event_of("end").text("cause", to_string(why)).number("exit_code", static_cast<std::uint64_t>(why)));
}

void json_reporter::show_error(cause why, std::string_view sentence)
{
    auto object = event_of("error").text("cause", to_string(why));
    object.number("exit_code", static_cast<std::uint64_t>(why));
    add_text(object, "text", sentence);
    tell(object);
}

void json_reporter::tell(const json_object& object) const
{
    const auto& write = use_ == output_use::data ? write_aside_ : write_;
    write(object.to_string());
}
