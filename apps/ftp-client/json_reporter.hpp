// Says everything as one JSON object a line, for programs.
#pragma once

#include "reporter.hpp"
#include "transfer_batch.hpp"

#include <libftp/clock.hpp>
#include <libftp/protocol/json_text.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>

/// Each object has the member `event`: command, reply, answer, note, output, entry, begin, progress, transfer, stop,
/// batch, total, error, and as the last one end.
class json_reporter : public reporter {
public:
    using line_writer = std::function<void(std::string_view)>;

    /// A writer takes an object without the line's end; `write_aside` what would disturb the data of a command whose
    /// output goes to a program or a file. `now` tells how often to speak of progress.
    json_reporter(line_writer write, line_writer write_aside, std::function<libftp::clock::time_point()> now);

    void command(std::string_view line) override;
    void reply(const libftp::reply& reply) override;
    void answer(const libftp::reply& reply) override;
    void say(std::string_view line) override;
    void print(std::string_view line) override;
    [[nodiscard]] bool wants_entries() const override { return true; }
    void listing(std::string_view directory, std::span<const libftp::listed_entry> entries, listing_look look) override;
    void began(const transfer_notice& transfer) override;
    void progressed(const transfer_notice& transfer, const libftp::transfer_progress& made) override;
    void transferred(const transfer_notice& transfer, const libftp::transfer_result& result) override;
    void stopped(const transfer_notice& transfer) override;
    void batch_began(const batch_plan& plan) override;
    void batch_ended(const batch_result& result) override;
    void use_output(output_use use) override { use_ = use; }

    /// The last word.
    void ended(cause why);

protected:
    void show_error(cause why, std::string_view sentence) override;

private:
    /// What the command was not for.
    void tell(const libftp::json_object& object) const;

    line_writer write_;
    line_writer write_aside_;
    std::function<libftp::clock::time_point()> now_;
    output_use use_ = output_use::conversation;
    std::map<std::string, libftp::clock::time_point, std::less<>> told_at_{}; ///< Of the transfers that run.
};
