// Which replies a client still has to get: none may be missing, doubled, out of order, or one that the verb cannot
// have.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace libftp::simulation {

class reply_count {
public:
    /// What a failing store makes of replies: any refusal then fits any verb.
    enum class refusals : unsigned char { of_the_verb, any };

    explicit reply_count(refusals allowed) : allowed_(allowed) {}

    void said(std::string_view line);
    /// Nothing more will be said: long work may be given up then.
    void said_all() noexcept { has_said_all_ = true; }
    /// nullptr: it fits. Else what is wrong with it.
    const char* heard(int code);
    [[nodiscard]] std::size_t outstanding() const noexcept { return waiting_.size(); }
    /// 421 was said: nothing more is owed.
    [[nodiscard]] bool is_closing() const noexcept { return is_closing_; }

private:
    struct command {
        std::string verb;
        bool has_begun = false; ///< By a preliminary reply.
    };

    [[nodiscard]] bool fits(const command& asked, int code) const;

    refusals allowed_;
    std::deque<command> waiting_;
    bool is_greeted_ = false;
    bool is_closing_ = false;
    bool has_said_all_ = false;
};

} // namespace libftp::simulation
