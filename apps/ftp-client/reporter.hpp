// What commands have to say, and the one place that knows who listens: a person, a script's transcript, a program.
#pragma once

#include "transfer_batch.hpp"

#include <libftp/protocol/listing_parser.hpp>
#include <libftp/protocol/reply.hpp>
#include <libftp/session/client_operation.hpp>
#include <libftp/session/transfer_result.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Why something failed: the exit codes of scripts and of the forms with one command.
enum class cause : std::uint8_t {
    none = 0,
    refused = 1,    ///< The server said no.
    usage = 2,      ///< What was typed cannot be run.
    connection = 3, ///< There is no connection, or it was lost.
    login = 4,
    tls = 5,
    local = 6,    ///< A file, a directory or a program of this side.
    transfer = 7, ///< A transfer did not come to its end, or its result is not what it should be.
    timed_out = 8,
    interrupted = 130, ///< By Ctrl+C.
};
std::string_view to_string(cause why) noexcept;

/// What an operation's failure comes under.
cause cause_of(const libftp::operation_error& error);

/// How entries are laid out for people.
enum class listing_look : std::uint8_t {
    columns,
    one_a_line,
    long_form,
};

enum class transfer_direction : std::uint8_t { download, upload };

/// Which transfer it is, for as long as it runs.
struct transfer_notice {
    std::string name{}; ///< As a summary calls it: what was typed, not escaped.
    std::string local{};
    std::string remote{};
    transfer_direction direction = transfer_direction::download;
};

/// What standard output is for.
enum class output_use : std::uint8_t {
    conversation, ///< All that is said.
    data,         ///< Only what a command was asked for, as in a pipe: print(), answer(), listing(), a file's content.
};

/// One thread at a time. Names and texts of peers are escaped by whoever makes a line of them; replies, entries and
/// notices come as they are, and the reporter escapes what it shows.
class reporter {
public:
    reporter() = default;
    reporter(const reporter&) = delete;
    reporter& operator=(const reporter&) = delete;
    virtual ~reporter() = default;

    /// A line that is about to run, without its passwords.
    virtual void command(std::string_view line) = 0;
    /// What the server said on the way.
    virtual void reply(const libftp::reply& reply) = 0;
    /// What the server said to a command that was for its answer: PWD, FEAT, SIZE.
    virtual void answer(const libftp::reply& reply) = 0;
    /// A line for a person to know how things are.
    virtual void say(std::string_view line) = 0;
    /// A line on what was left out though it may have been meant: no failure, but told also where say() is not.
    virtual void warn(std::string_view line) { say(line); }
    /// A line that the command was for.
    virtual void print(std::string_view line) = 0;

    /// Whether listings should come as entries; else as lines of the server, by print().
    [[nodiscard]] virtual bool wants_entries() const = 0;
    virtual void listing(std::string_view directory, std::span<const libftp::listed_entry> entries,
                         listing_look look) = 0;

    virtual void began(const transfer_notice& transfer) = 0;
    virtual void progressed(const transfer_notice& transfer, const libftp::transfer_progress& made) = 0;
    virtual void transferred(const transfer_notice& transfer, const libftp::transfer_result& result) = 0;
    /// It ended otherwise; the error follows.
    virtual void stopped(const transfer_notice& transfer) = 0;
    /// Whether anybody looks at progressed(): it may cost a command for each file.
    [[nodiscard]] virtual bool wants_progress() const { return true; }
    /// Many transfers are to come, perhaps several at the same time, until batch_ended().
    virtual void batch_began(const batch_plan& /*plan*/) {}
    virtual void batch_ended(const batch_result& /*result*/) {}

    virtual void use_output(output_use use) = 0;
    /// A line of the protocol, escaped, for standard error.
    virtual void trace(std::string_view line);

    /// One sentence on what went wrong, with whom, and what to do; not escaped.
    void error(cause why, std::string_view sentence);
    /// Of those since the last forget_failures().
    [[nodiscard]] cause first_failure() const noexcept { return first_failure_; }
    void forget_failures() noexcept { first_failure_ = cause::none; }

protected:
    virtual void show_error(cause why, std::string_view sentence) = 0;

private:
    cause first_failure_ = cause::none;
};

/// Makes standard output one for data for as long as it lives.
class data_output {
public:
    explicit data_output(reporter& out) : out_(out) { out_.use_output(output_use::data); }
    ~data_output() { out_.use_output(output_use::conversation); }
    data_output(const data_output&) = delete;
    data_output& operator=(const data_output&) = delete;

private:
    reporter& out_;
};
