// The data connection that transfers in MODE B follow each other over (RFC 959 3.3).
#pragma once

#include <libftp/endpoint.hpp>
#include <libftp/session/actions.hpp>
#include <libftp/tls_facts.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace libftp {

/// A data connection that a transfer has left open for the next.
struct kept_data {
    op_id id = op_id::none;
    endpoint peer{};
    std::shared_ptr<const tls_facts> tls{};
    bool is_by_plain_address = false; ///< PASV.
};

/// Whether what the command brings or takes goes over a data connection.
inline bool transfers_data(std::string_view verb) noexcept
{
    constexpr std::string_view verbs[] = {"RETR", "STOR", "MLSD", "LIST"};
    return std::ranges::find(verbs, verb) != std::end(verbs);
}

/// Whether a data connection that is kept does not outlast the command.
inline bool ends_data(std::string_view verb) noexcept
{
    constexpr std::string_view verbs[] = {"EPSV", "PASV", "EPRT", "PORT", "MODE", "ABOR", "PROT", "USER", "REIN"};
    return std::ranges::find(verbs, verb) != std::end(verbs);
}

/// What a session knows of it: where the replies have come to, where the bytes have, and where the commands have.
class shared_data {
public:
    /// nullptr: none waits for the next transfer.
    [[nodiscard]] const kept_data* kept() const noexcept { return kept_ ? &*kept_ : nullptr; }
    /// nullptr: no upload may begin before its turn.
    [[nodiscard]] const kept_data* followed() const noexcept { return followed_ ? &*followed_ : nullptr; }
    /// Whether the connection of the last transfer that was asked for serves the next one too, if all goes well.
    [[nodiscard]] bool is_kept_behind_sent() const noexcept { return is_kept_behind_sent_; }

    /// The command goes out now, whenever its turn comes.
    void sent(std::string_view verb, std::string_view argument) noexcept
    {
        if (ends_data(verb))
            is_kept_behind_sent_ = false;
        if (verb == "MODE")
            is_asked_in_blocks_ = argument == "B";
        if (transfers_data(verb))
            is_kept_behind_sent_ = is_asked_in_blocks_;
    }
    /// Nobody takes what a transfer brings that was sent.
    void nobody_reads() noexcept { is_kept_behind_sent_ = false; }

    void keep(kept_data connection)
    {
        if (is_there(connection))
            kept_ = std::move(connection);
    }
    /// All of an upload has gone over it: the next one's bytes may follow, whatever has been said yet.
    void let_follow(kept_data connection)
    {
        if (is_there(connection))
            followed_ = std::move(connection);
    }
    /// The transfer that has its turn uses it. Precondition: kept().
    [[nodiscard]] kept_data take() { return *std::exchange(kept_, std::nullopt); }
    /// It serves nobody any more. -> The connection, if somebody has to close it.
    [[nodiscard]] op_id let_go() noexcept
    {
        followed_.reset();
        const auto last = std::exchange(kept_, std::nullopt);
        return last ? last->id : op_id::none;
    }
    /// This connection has ended, whoever uses it. -> As let_go().
    [[nodiscard]] op_id broke(op_id connection) noexcept
    {
        broken_ = connection;
        followed_.reset();
        return kept_ && kept_->id == connection ? let_go() : op_id::none;
    }
    /// The active transfer's is gone. If transfers were sent ahead, theirs is another.
    void lost(bool are_transfers_ahead) noexcept
    {
        followed_.reset();
        is_kept_behind_sent_ = (is_kept_behind_sent_ && are_transfers_ahead) || kept_;
    }

private:
    [[nodiscard]] bool is_there(const kept_data& connection) const noexcept
    {
        return connection.id != op_id::none && connection.id != broken_;
    }

    std::optional<kept_data> kept_;
    std::optional<kept_data> followed_;
    op_id broken_ = op_id::none;      ///< Neither to be kept nor to be followed.
    bool is_asked_in_blocks_ = false; ///< MODE B was sent last.
    bool is_kept_behind_sent_ = false;
};

} // namespace libftp
