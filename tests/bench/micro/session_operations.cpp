// Commands through a whole session, from the bytes that come to the bytes that go, with files in memory.
#include "operation.hpp"

#include <libftp/session/server_session.hpp>
#include <libftp/store/memory_store.hpp>

#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace libftp::bench {

namespace {

constexpr std::size_t small_file_bytes = 1024;

/// The least host that a session can have: stores are called where they are asked for, and a data connection comes as
/// soon as a transfer waits for it.
class session_host {
public:
    /// `options` must outlive it.
    session_host(std::shared_ptr<file_store> files, const session_options& options)
        : files_(std::move(files)), session_(options, observer_, 1, peer_, local_, now_)
    {
        send("USER ann\r\nPASS secret\r\nTYPE I\r\n");
    }

    /// The peer sends this. Done when the session has nothing more to say; what it says is only looked at.
    void send(std::string_view bytes)
    {
        session_.received(bytes, now_);
        bool is_busy = true;
        while (is_busy) {
            is_busy = false;
            while (auto asked = session_.next_action()) {
                std::visit([this](auto& request) { answer(request); }, *asked);
                is_busy = true;
            }
            if (session_.awaits_data_connection() && data_ != op_id::none) {
                session_.data_connected(std::exchange(data_, op_id::none), data_peer_, now_);
                is_busy = true;
            }
            if (const auto output = session_.output(); !output.empty()) {
                first_digit_ = output.front();
                session_.output_sent(output.size(), now_);
                is_busy = true;
            }
        }
    }

    /// Of the last replies that were sent together: '2' is success.
    [[nodiscard]] char first_digit() const noexcept { return first_digit_; }

private:
    void answer(action::call_store& asked)
    {
        session_.store_answered(asked.id, perform(asked.store, asked.request), now_);
    }
    void answer(action::authenticate& asked)
    {
        session_.authenticated(asked.id, account{.name = "ann", .store = files_, .allowed = permissions::full()}, now_);
    }
    void answer(action::listen_data& asked)
    {
        data_ = asked.id;
        session_.data_listening(asked.id, endpoint{local_.address, 50004}, now_);
    }
    void answer(action::send_data& asked)
    {
        std::array<char, 4 * small_file_bytes> buffer;
        transfer_outcome outcome;
        while (const auto bytes = asked.source->read(buffer).value_or(0))
            outcome.bytes += bytes;
        session_.transfer_finished(asked.id, outcome, now_);
    }
    template <class Other>
    void answer(Other& /*asked*/)
    {
    }

    std::shared_ptr<file_store> files_;
    session_observer observer_{};
    clock::time_point now_{std::chrono::hours{24} * 365 * 56};
    endpoint peer_{ip_address{std::array<std::uint8_t, 4>{192, 0, 2, 7}}, 40000};
    endpoint data_peer_{peer_.address, 40001};
    endpoint local_{ip_address{std::array<std::uint8_t, 4>{192, 0, 2, 1}}, 21};
    op_id data_ = op_id::none;
    char first_digit_ = 0;
    server_session session_;
};

const session_options usual_options;

std::shared_ptr<file_store> usual_files()
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/a.txt", std::string(small_file_bytes, 'a'));
    files->add_file("/pub/music/album/01.flac", std::string(small_file_bytes, 'a'));
    return files;
}

/// `commands` to a session that is logged in. They must succeed: what is refused would be measured in vain.
operation say(std::string_view name, std::string_view commands)
{
    return {.name = name, .prepare = [commands] {
                return [commands, host = std::make_shared<session_host>(usual_files(), usual_options)] {
                    host->send(commands);
                    if (host->first_digit() != '2')
                        std::abort();
                };
            }};
}

} // namespace

std::vector<operation> session_operations()
{
    return {
        say("session_noop", "NOOP\r\n"),
        say("session_16_noops", "NOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\n"
                                "NOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\n"),
        say("session_pwd", "PWD\r\n"),
        say("session_size", "SIZE a.txt\r\n"),
        say("session_size_of_long_path", "SIZE pub/music/album/01.flac\r\n"),
        say("session_mlst", "MLST a.txt\r\n"),
        say("session_cwd", "CWD /pub/music\r\nCWD /\r\n"),
        say("session_passive_download", "EPSV\r\nRETR a.txt\r\n"),
        {.name = "session_of_a_login",
         .prepare = [] { return [files = usual_files()] {
                             keep(session_host{files, usual_options}.first_digit());
                         }; }},
    };
}

} // namespace libftp::bench
