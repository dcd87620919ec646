// Digests that the server makes: HASH, or XSHA512, XSHA256, XSHA1, XMD5 and XCRC (draft-bryan-ftpext-hash).
#include "client_replies.hpp"
#include "quoted_words.hpp"
#include "running_operation.hpp"

#include <libftp/error.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace libftp {

namespace {

class hash final : public running_operation {
public:
    hash(client_control& control, op_id id, operation::hash what)
        : running_operation(control, id), what_(std::move(what))
    {
    }

private:
    void begin() override
    {
        const auto algorithm = what_.algorithm ? what_.algorithm : choose_best();
        if (!algorithm)
            return fail({protocol_errc::not_supported});
        algorithm_ = *algorithm;
        if (!hash_has(algorithm_))
            ask_verb();
        else if (control().server().hash == algorithm_)
            ask_hash();
        else
            choose_algorithm();
    }

    [[nodiscard]] bool hash_has(digest_algorithm wanted) const
    {
        const auto& all = control().server().features.hash;
        return std::ranges::find(all, wanted) != all.end();
    }
    [[nodiscard]] const digest_verb* find_verb(digest_algorithm wanted) const
    {
        const auto& all = control().server().digest_verbs;
        const auto found = std::ranges::find(all, wanted, &digest_verb::algorithm);
        return found == all.end() ? nullptr : &*found;
    }
    [[nodiscard]] std::optional<digest_algorithm> choose_best() const
    {
        for (const auto algorithm : digest_algorithms())
            if (hash_has(algorithm) || find_verb(algorithm))
                return algorithm;
        return std::nullopt;
    }

    void choose_algorithm()
    {
        // The operation may be given up before the reply comes.
        control().server().hash.reset();
        std::string option{"HASH "};
        ask("OPTS", option.append(to_string(algorithm_)), &hash::algorithm_chosen);
    }

    void algorithm_chosen(const reply& answer)
    {
        if (!answer.is_completion())
            return turn_to_verb(answer);
        control().server().hash = algorithm_;
        ask_hash();
    }

    /// The range of a transfer that was given up before its command would apply to the digest.
    void ask_hash()
    {
        if (control().server().has_restart_point)
            ask("REST", "0", &hash::range_lifted);
        else
            ask("HASH", what_.path, &hash::hash_told);
    }

    void range_lifted(const reply& answer)
    {
        control().server().has_restart_point = !answer.is_intermediate();
        ask("HASH", what_.path, &hash::hash_told);
    }

    void hash_told(const reply& answer)
    {
        if (says_unknown(answer))
            turn_to_verb(answer);
        else
            take_digest(answer);
    }

    /// After a refusal of HASH.
    void turn_to_verb(const reply& answer)
    {
        if (find_verb(algorithm_))
            ask_verb();
        else if (says_unknown(answer))
            fail({protocol_errc::not_supported, answer});
        else
            fail(refusal(answer));
    }

    void ask_verb()
    {
        const auto* const found = find_verb(algorithm_);
        if (!found)
            return fail({protocol_errc::not_supported});
        if (what_.path.find_first_of(" \"") == std::string::npos)
            ask(found->verb, what_.path, &hash::verb_told);
        else
            ask(found->verb, quoted_path(what_.path), &hash::quoted_told);
    }

    /// Serv-U and EFT want quotes around spaces; others take them for part of the name.
    void quoted_told(const reply& answer)
    {
        const auto* const found = find_verb(algorithm_);
        if (answer.is_permanent_failure() && found)
            ask(found->verb, what_.path, &hash::verb_told);
        else
            take_digest(answer);
    }

    void verb_told(const reply& answer)
    {
        if (says_unknown(answer))
            fail({protocol_errc::not_supported, answer});
        else
            take_digest(answer);
    }

    void take_digest(const reply& answer)
    {
        if (!answer.is_completion())
            return fail(refusal(answer));
        if (auto digits = parse_digest(answer, algorithm_, what_.path))
            return succeed(file_digest{algorithm_, *std::move(digits)});
        // It may have made another digest than it was told to.
        control().server().hash.reset();
        fail({protocol_errc::reply_unexpected, answer});
    }

    operation::hash what_;
    digest_algorithm algorithm_{};
};

} // namespace

prepared_operation prepare(client_control& control, op_id id, operation::hash what)
{
    if (!is_sendable_path(what.path))
        return protocol_errc::argument_invalid;
    return std::make_unique<hash>(control, id, std::move(what));
}

} // namespace libftp
