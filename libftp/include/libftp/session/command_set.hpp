// Which commands a server's sessions know: the standard ones, less those forbidden, and a program's own.
#pragma once

#include <libftp/auth/authenticator.hpp>
#include <libftp/protocol/command_table.hpp>
#include <libftp/protocol/reply.hpp>
#include <libftp/session/session_observer.hpp>
#include <libftp/store/store_path.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace libftp {

/// What a program's own command or hook gets to know. Copies of it may be kept.
struct command_context {
    session_facts session{};
    std::string name{};     ///< The verb as sent; for SITE commands the word behind SITE.
    std::string argument{}; ///< Bytes from the peer. `***` in hooks, where it is a secret.
    /// Of the session; null before the login. A store may be used as its interface says.
    std::shared_ptr<const account> login{};
};

/// Carries out a command and returns the reply for it: code 200 to 599, one line or more, of which the inner ones
/// travel with a space in front. May block: it runs where store calls run, on several threads at once for several
/// sessions. Must not throw.
using command_handler = std::function<reply(const command_context&)>;

/// Asked before a command runs, when all rules allow it: a reply refuses it, nothing lets it pass. The ABOR of
/// something that runs is not asked for. Runs on the session's thread: must not block and must not throw.
using before_hook = std::function<std::optional<reply>(const command_context&)>;

/// Told the code of a command's last reply (226 or 250 for a complete upload). As before_hook otherwise. It gets the
/// command as it was said; session_observer::transfer_ended() gets the path that an upload has, and hears of all kinds
/// of them.
using after_hook = std::function<void(const command_context&, int reply_code)>;

/// The commands of a server. To be set up before sessions use it. Texts of verbs are in capital letters and, like all
/// texts of a row, must live as long as the set: string literals do. What is said of a verb holds for its other names
/// too (MKD and XMKD).
class command_set {
public:
    /// The standard commands, and those of SITE.
    command_set();

    /// Adds a command or replaces the one of the same text. Of `row`, its texts, argument, login and needs count.
    /// During a transfer the command waits.
    void add(const command_row& row, const command_handler& handler);
    /// The same for `SITE <text>`, which always needs a login.
    void add_site(const command_row& row, const command_handler& handler);
    /// Takes a command (`SITE CHMOD` for one of SITE) out of FEAT and HELP; it is answered 502 then. SITE takes all
    /// commands behind it along. Unknown texts are ignored.
    void forbid(std::string_view text);
    /// The same as forbid() of `SITE <text>`.
    void forbid_site(std::string_view text);

    /// Calls `hook` before or after the command of this text (`SITE CHMOD` for one of SITE, `SITE` for all of them);
    /// empty: every command.
    /// Several hooks are called in the order they were added; the first reply refuses.
    void before(std::string_view text, before_hook hook);
    /// As before(), when the command is over.
    void after(std::string_view text, after_hook hook);

    /// Sorted by text.
    [[nodiscard]] std::span<const command_row> rows() const noexcept { return commands_.rows; }
    /// The same for SITE.
    [[nodiscard]] std::span<const command_row> site_rows() const noexcept { return site_.rows; }

    // What a session asks; `row` is one of rows() or site_rows().

    /// Empty for standard commands.
    [[nodiscard]] const command_handler& handler(const command_row& row) const noexcept;
    /// Whether any hook has been added.
    [[nodiscard]] bool has_hooks() const noexcept { return !before_.empty() || !after_.empty(); }
    /// The first refusal by a hook; nothing: the command may run.
    [[nodiscard]] std::optional<reply> ask_before(const command_row& row, const command_context& context) const;
    /// Tells all hooks that are for the command.
    void tell_after(const command_row& row, const command_context& context, int reply_code) const;

private:
    struct table {
        std::vector<command_row> rows;
        std::vector<command_handler> handlers; ///< One for each row.

        [[nodiscard]] bool mean_the_same(std::string_view text, const command_row& row) const;
        void put(command_row row, const command_handler& handler);
        void forbid(std::string_view text);
    };
    template <class Hook>
    struct hooked {
        std::string text;
        Hook hook;
    };

    [[nodiscard]] bool is_site(const command_row& row) const noexcept;
    [[nodiscard]] bool is_for(std::string_view text, const command_row& row) const;

    table commands_;
    table site_;
    std::vector<hooked<before_hook>> before_;
    std::vector<hooked<after_hook>> after_;
};

} // namespace libftp
