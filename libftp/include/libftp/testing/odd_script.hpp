// What an odd server does otherwise than RFC 959 has it, and what it has heard: the part of it that a test talks to.
#pragma once

#include <libftp/session/session_options.hpp>
#include <libftp/store/memory_store.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace libftp::testing {

struct odd_conduct;
class odd_state;

/// What happens at the commands that the rule is for. Whatever a rule does not say is done as a well-behaved server
/// does it. Any thread may call, best before the command comes.
///
/// Texts are replies as they travel, `452 No space`; a CRLF at the end may be left out, and several replies or lines
/// are parted by CRLF. `{port}` in a text is the last passive port, `{p1}` and `{p2}` are its two bytes as in 227.
class odd_rule {
public:
    /// Holds for so many commands only; after them the next rule that fits has its turn, or none.
    odd_rule& times(std::size_t count);
    /// Holds for one command only.
    odd_rule& once() { return times(1); }

    // Instead of the command. It is not carried out, but a 230 logs in.

    /// Says this, whatever was asked.
    odd_rule& answers(std::string_view text);
    /// As answers(), but exactly these bytes: half a reply, or none at all.
    odd_rule& answers_exactly(std::string_view bytes);
    /// Says nothing.
    odd_rule& stays_silent() { return answers_exactly({}); }

    // The command is carried out, but answered otherwise.

    /// Says `text` where a well-behaved server would reply `code`.
    odd_rule& replaces(int code, std::string_view text);
    /// Leaves out the reply with this code.
    odd_rule& omits(int code);
    /// Of all that is said to the command only so many bytes are sent.
    odd_rule& cuts_replies_after(std::size_t bytes);

    // The data connection of the command. In the places told, bytes are counted as they travel.

    /// Sends these bytes instead of a file or listing, which need not exist.
    odd_rule& sends(std::string_view bytes);
    /// Closes the data connection when so many bytes have moved, and replies 426. More of an upload may have been read.
    odd_rule& cuts_data_after(std::uint64_t bytes);
    /// The same with a reset.
    odd_rule& resets_data_after(std::uint64_t bytes);
    /// Resets the data connection when all has moved, and replies 426.
    odd_rule& resets_data();
    /// Says 226, but does not close the data connection.
    odd_rule& leaves_data_open();
    /// For PASV and EPSV: nobody listens at the port that is told.
    odd_rule& refuses_connections();
    /// For PASV and EPSV: what connects to the port that is told is never served.
    odd_rule& ignores_connections();

    // Waiting for odd_script::release(), as a slow server makes its client wait. ABOR ends the waiting of a transfer's
    // data.

    /// Before anything is done or said.
    odd_rule& holds();
    /// Before the reply `code`, or what replaces it.
    odd_rule& holds_reply(int code);
    /// When so many bytes have moved.
    odd_rule& holds_data_after(std::uint64_t bytes);

    // The control connection, after all that is said to the command.

    /// In order.
    odd_rule& then_closes();
    /// By a reset.
    odd_rule& then_resets();

private:
    friend class odd_script;
    odd_rule(std::shared_ptr<odd_state> script, std::shared_ptr<odd_conduct> conduct);

    template <class Change>
    odd_rule& set(Change change);

    std::shared_ptr<odd_state> script_;
    std::shared_ptr<odd_conduct> conduct_;
};

/// The rules, files and users of an odd server, for all connections to it. Without rules it is libftp's own server, for
/// everybody. No rule waits for a clock. Any thread may call; nothing blocks.
class odd_script {
public:
    odd_script();
    ~odd_script();
    odd_script(const odd_script&) = delete;
    odd_script& operator=(const odd_script&) = delete;

    /// The files that it serves; their times are the epoch unless a client sets them.
    [[nodiscard]] memory_store& files() noexcept;
    /// The options of sessions; to be changed before the first connection only. Its limits are a day each, and a wrong
    /// password is answered at once.
    [[nodiscard]] session_options& options() noexcept;

    /// Lets in this user, and no others but those that were named before. `account` is what ACCT must say, if anything.
    void logs_in(std::string_view user, std::string_view password, std::string_view account = {});
    /// Answers 502 to these commands and leaves them out of FEAT, on connections that come later. MLSD takes MLST with
    /// it, because FEAT has one line for both.
    void lacks(std::initializer_list<std::string_view> verbs);

    /// A rule for a command: `RETR`, in capitals, or with its argument: `RETR *.txt`. Both may be patterns, as
    /// glob_matches() has them. Of the rules that fit, the first one that is not used up holds.
    odd_rule on(std::string_view command);
    /// A rule for the moment when a client has connected: what it says is the greeting, whose code is 220.
    odd_rule on_connection();
    /// The greeting of all connections.
    void greets(std::string_view text) { on_connection().answers(text); }
    /// From now on no rule holds. What is held stays so.
    void forget_rules();

    /// Sends these bytes on all control connections that there are, at once, whatever goes on there.
    void says(std::string_view bytes);
    /// Lets one thing go on that is held, or that will be.
    void release();

    /// All command lines in the order they came. The argument of PASS and ACCT is `***`.
    [[nodiscard]] std::vector<std::string> heard() const;
    /// How many connections there have been.
    [[nodiscard]] std::size_t connections() const;

private:
    friend class odd_session;
    friend class odd_server;

    std::shared_ptr<odd_state> state_;
};

} // namespace libftp::testing
