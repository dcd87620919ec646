// Runs client tasks at once, against a server that is a tree in memory: steps in any order, failures wherever asked
// for.
#pragma once

#include <libftp/session/client_task.hpp>
#include <libftp/store/memory_store.hpp>

#include "support/store_access.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace libftp::testing {

class tree_host {
public:
    libftp::memory_store server{}; ///< Its root is the working directory.
    std::size_t sessions = 1;      ///< Steps in flight.
    unsigned seed = 1;             ///< Of the order in which steps end.
    libftp::time_precision precision = libftp::time_precision::second;
    bool tells_times = true;             ///< MDTM.
    bool tells_digests = true;           ///< HASH.
    bool lists_missing_as_empty = false; ///< As some servers do.
    bool times_last = false;             ///< Whatever else is in flight ends before an MFMT.

    /// Why an operation fails, such as `LIST a` or `RETR a/b`. A download fails half way.
    std::function<std::optional<libftp::operation_error>(const std::string& what)> failure_of{};
    /// Changes what a listing of a path says.
    std::function<void(const std::string& path, libftp::parsed_listing& listing)> falsify{};

    std::vector<std::string> done{}; ///< The operations, as they ended.
    std::vector<libftp::clock::duration> pauses{};
    std::size_t calls = 0;
    std::size_t most_in_flight = 0;

    static libftp::operation_error refusal(int code)
    {
        using enum libftp::protocol_errc;
        return {.code = code < 500 ? refused_transiently : refused_permanently,
                .answer = {.code = code, .lines = {"No."}},
                .step = libftp::operation_step::command};
    }
    static libftp::operation_error lost_connection()
    {
        return {.code = libftp::protocol_errc::connection_closed,
                .answer = {},
                .step = libftp::operation_step::command,
                .session = libftp::session_state::closed};
    }

    /// Until nothing more comes, or so many steps have ended.
    void run(libftp::client_task& task, std::size_t max_steps = SIZE_MAX)
    {
        for (; max_steps > 0; --max_steps) {
            while (in_flight_.size() < sessions) {
                auto step = task.next_step();
                if (!step)
                    break;
                in_flight_.push_back(*std::move(step));
            }
            most_in_flight = std::max(most_in_flight, in_flight_.size());
            if (in_flight_.empty())
                return;
            end_one();
        }
    }

    /// What was asked for is answered, nothing else is asked for.
    void end_steps_in_flight()
    {
        while (!in_flight_.empty())
            end_one();
    }

    [[nodiscard]] std::size_t count_done(const std::string& what) const
    {
        return static_cast<std::size_t>(std::count(done.begin(), done.end(), what));
    }

private:
    using outcome = libftp::client_result<libftp::operation_value>;

    void end_one()
    {
        if (!chance_)
            chance_.emplace(seed);
        auto may_end = in_flight_.size();
        if (times_last) {
            const auto times = std::stable_partition(in_flight_.begin(), in_flight_.end(),
                                                     [](const auto& step) { return !sets_time(step); });
            if (times != in_flight_.begin())
                may_end = static_cast<std::size_t>(times - in_flight_.begin());
        }
        const auto chosen = std::uniform_int_distribution<std::size_t>{0, may_end - 1}(*chance_);
        auto step = std::move(in_flight_[chosen]);
        in_flight_.erase(in_flight_.begin() + static_cast<std::ptrdiff_t>(chosen));
        std::visit([this](auto& what) { perform(what); }, step);
    }

    static bool sets_time(const libftp::client_task_step& step)
    {
        const auto* const asked = std::get_if<libftp::client_step::operate>(&step);
        return asked != nullptr && std::holds_alternative<libftp::operation::set_modified>(asked->what);
    }

    void perform(libftp::client_step::call& step)
    {
        ++calls;
        step.job();
        step.then();
    }

    void perform(libftp::client_step::pause& step)
    {
        pauses.push_back(step.time);
        step.then();
    }

    void perform(libftp::client_step::operate& step)
    {
        auto answer = std::visit([this](auto& what) { return answer_to(what); }, step.what);
        if (const auto* made = answer ? std::get_if<libftp::transfer_result>(&*answer) : nullptr; made && step.progress)
            step.progress({.bytes = made->bytes});
        step.then({.operation = {}, .outcome = std::move(answer), .answer = {}});
    }

    std::optional<libftp::operation_error> failure(std::string what)
    {
        done.push_back(std::move(what));
        return failure_of ? failure_of(done.back()) : std::nullopt;
    }

    static libftp::store_path where(const std::string& path)
    {
        return path.empty() ? libftp::store_path{} : libftp::store_path{}.resolve(path).value_or(at("/too/long"));
    }

    static outcome answer_of(const libftp::result<void>& changed)
    {
        if (!changed)
            return refusal(550);
        return libftp::operation_value{libftp::reply{250, {"Done."}}};
    }

    static libftp::file_time rounded(libftp::file_time time, libftp::time_precision precision)
    {
        using namespace std::chrono;
        switch (precision) {
        case libftp::time_precision::day: return floor<days>(time);
        case libftp::time_precision::minute: return floor<minutes>(time);
        case libftp::time_precision::second: return floor<seconds>(time);
        default: return time;
        }
    }

    libftp::listed_entry listed(libftp::file_info info) const
    {
        libftp::listed_entry entry;
        static_cast<libftp::file_info&>(entry) = std::move(info);
        entry.style = libftp::listing_style::facts;
        entry.precision = precision;
        if (precision == libftp::time_precision::none)
            entry.modified.reset();
        else
            entry.modified = rounded(*entry.modified, precision);
        return entry;
    }

    outcome answer_to(libftp::operation::list& what)
    {
        if (auto why = failure("LIST " + what.path))
            return *std::move(why);
        libftp::parsed_listing listing;
        const auto reader = server.open_directory(where(what.path));
        if (!reader && !lists_missing_as_empty)
            return refusal(550);
        for (libftp::file_info entry; reader && (*reader)->next(entry).value();)
            listing.entries.push_back(listed(entry));
        if (falsify)
            falsify(what.path, listing);
        return libftp::operation_value{std::move(listing)};
    }

    outcome answer_to(libftp::operation::stat& what)
    {
        if (auto why = failure("MLST " + what.path))
            return *std::move(why);
        auto found = server.stat(where(what.path));
        if (!found)
            return refusal(550);
        return libftp::operation_value{listed(*std::move(found))};
    }

    outcome answer_to(libftp::operation::command& what)
    {
        if (auto why = failure(what.verb + ' ' + what.argument))
            return *std::move(why);
        const auto path = where(what.argument);
        if (what.verb == "MKD")
            return answer_of(server.make_directory(path, std::nullopt));
        if (what.verb == "RMD")
            return answer_of(server.remove_directory(path));
        if (what.verb == "DELE")
            return answer_of(server.remove_file(path));
        return refusal(502);
    }

    outcome answer_to(libftp::operation::modified& what)
    {
        if (auto why = failure("MDTM " + what.path))
            return *std::move(why);
        if (!tells_times)
            return libftp::operation_error{.code = libftp::protocol_errc::not_supported};
        const auto found = server.stat(where(what.path));
        if (!found)
            return refusal(550);
        return libftp::operation_value{rounded(*found->modified, libftp::time_precision::second)};
    }

    outcome answer_to(libftp::operation::set_modified& what)
    {
        if (auto why = failure("MFMT " + what.path))
            return *std::move(why);
        const auto time = rounded(what.time, libftp::time_precision::second);
        if (!server.set_attributes(where(what.path), {.modified = time}))
            return refusal(550);
        return libftp::operation_value{};
    }

    outcome answer_to(libftp::operation::hash& what)
    {
        if (auto why = failure("HASH " + what.path))
            return *std::move(why);
        if (!tells_digests)
            return libftp::operation_error{.code = libftp::protocol_errc::not_supported};
        const auto content = server.content(where(what.path).string());
        if (!content)
            return refusal(550);
        const auto algorithm = what.algorithm.value_or(libftp::digest_algorithm::sha1);
        auto made = libftp::digest::begin(algorithm).value();
        made.update(*content);
        return libftp::operation_value{libftp::file_digest{algorithm, made.finish().value()}};
    }

    outcome answer_to(libftp::operation::download& what)
    {
        auto why = failure("RETR " + what.path);
        const auto content = server.content(where(what.path).string());
        if (!why && !content)
            why = refusal(550);
        auto bytes = content.value_or("").substr(static_cast<std::size_t>(what.offset));
        if (why)
            bytes.resize(bytes.size() / 2);
        if (const auto written = what.sink->write(bytes); !written && !why)
            why = near_failure(written.error());
        if (why)
            what.sink->discard(why->code);
        else if (const auto committed = what.sink->commit(); !committed)
            why = near_failure(committed.error());
        if (!why)
            return libftp::operation_value{libftp::transfer_result{.bytes = bytes.size(), .is_confirmed = true}};
        why->bytes = bytes.size();
        return *std::move(why);
    }

    outcome answer_to(libftp::operation::upload& what)
    {
        if (auto why = failure("STOR " + what.path))
            return *std::move(why);
        const auto bytes = read_all(*what.source);
        if (!write_file(server, where(what.path).string(), bytes))
            return refusal(553);
        return libftp::operation_value{libftp::transfer_result{.bytes = bytes.size(), .is_confirmed = true}};
    }

    template <class Other>
    outcome answer_to(Other& /*what*/)
    {
        return refusal(502);
    }

    static libftp::operation_error near_failure(std::error_code code)
    {
        return {.code = code, .step = libftp::operation_step::near_end};
    }

    std::vector<libftp::client_task_step> in_flight_;
    std::optional<std::mt19937> chance_;
};

} // namespace libftp::testing
