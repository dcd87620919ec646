// Runs tasks, step by step in the order they come, against files in memory that stand for the server's. Any operation
// can fail half-way, and the task can be canceled before any step.
#pragma once

#include <libftp/session/client_task.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace libftp::testing {

inline operation_error lost_connection()
{
    return {.code = protocol_errc::connection_closed,
            .answer = {},
            .step = operation_step::transfer,
            .session = session_state::closed};
}

inline operation_error refusal(int code, operation_step step = operation_step::command)
{
    const auto error = code < 500 ? protocol_errc::refused_transiently : protocol_errc::refused_permanently;
    return {.code = error, .answer = {code, {"no"}}, .step = step};
}

class task_host {
public:
    struct far_file {
        std::string content{};
        file_time modified{};
    };

    // What the server is like.
    std::map<std::string, far_file> files{};
    bool can_stat = true;
    file_type type = file_type::file; ///< Of what is there.
    bool tells_size = true;           ///< When it is asked about a file.
    bool can_hash = true;
    bool can_restart = true;
    bool ignores_restart = false; ///< It takes REST, and begins at the beginning all the same.
    bool can_set_time = true;
    bool announces_size = true;
    bool confirms = true;
    bool keeps_partial_uploads = true; ///< Else the old file stays until the new one is complete.
    time_precision precision = time_precision::second;
    std::string unique_name = "f.1";
    file_time now = file_time{std::chrono::hours{24}}; ///< Of what is uploaded; a minute more each time.

    /// What the host was asked for, in this order: "call", "pause 500", "stat f", "download f from 3" and the like.
    std::vector<std::string> log{};
    /// The sinks of transfers that failed are not released at once.
    bool keeps_sinks = false;
    std::vector<std::unique_ptr<file_writer>> kept_sinks{};
    std::size_t pieces = 3; ///< That a transfer comes in.

    /// Operation number `at` of the log fails after as many bytes.
    void fail_at(std::size_t at, operation_error why, std::uint64_t after = 0)
    {
        faults_[at] = {std::move(why), after};
    }
    void before(std::size_t at, std::function<void()> what) { events_[at] = std::move(what); }
    /// Before the step of this number; what runs then ends as canceled, or well all the same.
    enum class running { ends, completes };
    void cancel_at(std::size_t at, running what = running::ends)
    {
        cancel_at_ = at;
        running_ = what;
    }

    template <class Task>
    client_result<transfer_result> run(Task& task)
    {
        std::deque<client_task_step> waiting;
        while (log.size() < 1000) {
            while (auto step = task.next_step())
                waiting.push_back(std::move(*step));
            if (waiting.empty())
                break;
            CHECK_FALSE(task.is_done());
            if (log.size() == cancel_at_)
                task.cancel();
            if (const auto event = events_.find(log.size()); event != events_.end())
                event->second();
            auto step = std::move(waiting.front());
            waiting.pop_front();
            std::visit([this](auto&& what) { this->perform(std::move(what)); }, std::move(step));
        }
        REQUIRE(task.is_done());
        return task.take_result();
    }

private:
    struct fault {
        operation_error why{};
        std::uint64_t after = 0;
    };
    /// Where a size has 32 bits, a file's may have more.
    static std::size_t at_most(std::size_t most, std::uint64_t wanted)
    {
        return static_cast<std::size_t>(std::min<std::uint64_t>(most, wanted));
    }

    using outcome = client_result<operation_value>;
    using progress_listener = std::function<void(const transfer_progress&)>;

    void perform(client_step::call step)
    {
        log.emplace_back("call");
        step.job();
        step.then();
    }

    void perform(client_step::pause step)
    {
        log.push_back("pause " +
                      std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(step.time).count()));
        step.then();
    }

    void perform(client_step::operate step)
    {
        const auto number = log.size();
        log.emplace_back();
        fault failure;
        if (const auto found = faults_.find(number); found != faults_.end())
            failure = found->second;
        if (number >= cancel_at_ && running_ == running::ends)
            failure.why = {protocol_errc::canceled};
        auto made = std::visit([&](auto& what) { return make(what, log[number], failure, step.progress); }, step.what);
        step.then({op_id::none, std::move(made), {}});
    }

    template <class Operation>
    outcome make(Operation& /*what*/, std::string& /*text*/, const fault& /*failure*/,
                 const progress_listener& /*listener*/)
    {
        FAIL("the task asks for something else");
        return operation_error{protocol_errc::not_supported};
    }

    outcome make(operation::stat& what, std::string& text, const fault& failure, const progress_listener& /*listener*/)
    {
        text = "stat " + what.path;
        if (failure.why.code)
            return failure.why;
        if (!can_stat)
            return operation_error{protocol_errc::not_supported};
        const auto file = files.find(what.path);
        if (file == files.end())
            return refusal(550);
        listed_entry entry;
        entry.name = what.path;
        entry.type = type;
        if (tells_size)
            entry.size = file->second.content.size();
        if (precision != time_precision::none)
            entry.modified = file->second.modified;
        entry.raw = "facts";
        entry.style = listing_style::facts;
        entry.precision = precision;
        return operation_value{std::move(entry)};
    }

    outcome make(operation::hash& what, std::string& text, const fault& failure, const progress_listener& /*listener*/)
    {
        text = "hash " + what.path;
        if (failure.why.code)
            return failure.why;
        if (!can_hash)
            return operation_error{protocol_errc::not_supported};
        auto sum = digest::begin(digest_algorithm::sha256).value();
        sum.update(files.at(what.path).content);
        return operation_value{file_digest{digest_algorithm::sha256, sum.finish().value()}};
    }

    outcome make(operation::set_modified& what, std::string& text, const fault& failure,
                 const progress_listener& /*listener*/)
    {
        text = "set time " + what.path;
        if (failure.why.code)
            return failure.why;
        if (!can_set_time)
            return operation_error{protocol_errc::not_supported};
        files.at(what.path).modified = what.time;
        return operation_value{};
    }

    outcome make(operation::download& what, std::string& text, const fault& failure, const progress_listener& listener)
    {
        text = "download " + what.path;
        if (what.offset != 0)
            text += " from " + std::to_string(what.offset);
        if (what.length)
            text += " length " + std::to_string(*what.length);
        if (what.offset != 0 && !can_restart)
            return refusal(502, operation_step::restart);
        const auto file = files.find(what.path);
        if (file == files.end() && !failure.why.code)
            return refusal(550, operation_step::transfer_command);

        const auto whole = file == files.end() ? std::string{} : file->second.content;
        const auto begin = ignores_restart ? 0 : at_most(whole.size(), what.offset);
        auto bytes = whole.substr(begin, at_most(whole.size(), what.length.value_or(whole.size())));
        if (failure.why.code)
            bytes.resize(at_most(bytes.size(), failure.after));
        transfer_result made{
            .bytes = 0, .offset = what.offset, .is_confirmed = confirms, .time = std::chrono::seconds{1}};
        const auto step = std::max<std::size_t>(bytes.size() / pieces, 1);
        while (made.bytes < bytes.size()) {
            const auto piece = bytes.substr(static_cast<std::size_t>(made.bytes), step);
            if (auto written = what.sink->write(piece); !written)
                return near_failure(written.error(), made.bytes);
            made.bytes += piece.size();
            if (listener)
                listener({.bytes = made.bytes, .offset = what.offset});
        }
        if (failure.why.code) {
            what.sink->discard(failure.why.code);
            if (keeps_sinks)
                kept_sinks.push_back(std::move(what.sink));
            auto why = failure.why;
            why.bytes = made.bytes;
            return why;
        }
        if (auto committed = what.sink->commit(); !committed)
            return near_failure(committed.error(), made.bytes);
        if (announces_size && !what.length) {
            made.announced = whole.size();
            made.announced_by = size_source::preliminary_reply;
            made.verified = verification::size;
        }
        return operation_value{std::move(made)};
    }

    outcome make(operation::upload& what, std::string& text, const fault& failure, const progress_listener& listener)
    {
        using enum operation::upload_verb;
        text = what.verb == store ? "upload " : what.verb == append ? "append " : "unique ";
        text += what.path;
        if (what.offset != 0)
            text += " from " + std::to_string(what.offset);
        if (what.offset != 0 && !can_restart)
            return refusal(502, operation_step::restart);

        const auto name = what.verb == store_unique ? unique_name : what.path;
        std::string bytes;
        std::string piece(7, '\0');
        while (!failure.why.code || bytes.size() < failure.after) {
            const auto filled = what.source->read(piece);
            if (!filled)
                return near_failure(filled.error(), bytes.size());
            if (*filled == 0)
                break;
            bytes.append(piece, 0, *filled);
            if (failure.why.code)
                bytes.resize(at_most(bytes.size(), failure.after));
            if (listener)
                listener({.bytes = bytes.size(), .offset = what.offset});
        }
        const bool is_begun = !failure.why.code || failure.after != 0;
        if (is_begun && (!failure.why.code || keeps_partial_uploads)) {
            auto& file = files[name];
            const auto begin = ignores_restart ? 0 : static_cast<std::size_t>(what.offset);
            file.content.resize(what.verb == append ? file.content.size() : begin);
            file.content += bytes;
            file.modified = now += std::chrono::minutes{1};
        }
        if (failure.why.code) {
            auto why = failure.why;
            why.bytes = bytes.size();
            return why;
        }
        transfer_result made{.bytes = bytes.size(), .offset = what.offset, .is_confirmed = confirms};
        if (what.verb == store_unique)
            made.remote_name = unique_name;
        return operation_value{std::move(made)};
    }

    static operation_error near_failure(std::error_code code, std::uint64_t bytes)
    {
        return {.code = code,
                .answer = {},
                .step = operation_step::near_end,
                .session = session_state::usable,
                .bytes = bytes};
    }

    std::map<std::size_t, fault> faults_{};
    std::map<std::size_t, std::function<void()>> events_{};
    std::size_t cancel_at_ = static_cast<std::size_t>(-1);
    running running_ = running::ends;
};

} // namespace libftp::testing
