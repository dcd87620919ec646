// The client driver's cases of big files: 2 GiB in one piece and in segments, and ends in the middle.
#include "client_driver.hpp"
#include "client_driver_files.hpp"

#include <libftp/net/async_client.hpp>
#include <libftp/store/single_file.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace driver {

namespace fs = std::filesystem;
using libftp::client_result;
using libftp::protocol_errc;
using libftp::session_state;
using libftp::transfer_options;
using libftp::transfer_result;

namespace {

/// Compares what comes with the sparse file instead of keeping it.
std::unique_ptr<libftp::file_writer> make_comparing_writer(std::uint64_t& taken)
{
    return libftp::make_callback_writer([&taken](std::string_view bytes) -> libftp::result<void> {
        if (!sparse::agrees(taken, bytes))
            return std::make_error_code(std::errc::illegal_byte_sequence);
        taken += bytes.size();
        return {};
    });
}

std::unique_ptr<libftp::file_reader> make_endless_reader()
{
    return libftp::make_callback_reader([](std::span<char> buffer) -> libftp::result<std::size_t> {
        std::ranges::fill(buffer, 'x');
        return buffer.size();
    });
}

/// An asynchronous client whose operations are waited for one by one, and ended in the middle.
class cancelable_client {
public:
    explicit cancelable_client(const settings& with) : with_(with), client_(context_.get_executor(), with.options)
    {
        client_.on_event(hear);
        if (with.options.tls != libftp::tls_use::off) {
            if (const auto used = client_.use_tls(tls_options(with)); !used)
                throw failed_check{used.error().text};
        }
        connect();
    }

    void connect()
    {
        must(wait<libftp::reply>([this](auto handler) { client_.async_connect(with_.url, std::move(handler)); }),
             "connect and log in");
    }

    /// Runs what `begin` begins with the handler it is given.
    template <class T, class Begin>
    client_result<T> wait(Begin begin)
    {
        std::optional<client_result<T>> outcome;
        begin(asio::bind_cancellation_slot(signal_.slot(),
                                           [&outcome](client_result<T> ended) { outcome.emplace(std::move(ended)); }));
        context_.restart();
        while (!outcome && context_.run_one() != 0) {
        }
        if (!outcome)
            throw failed_check{"the event loop has ended before the operation"};
        return *std::move(outcome);
    }

    client_result<transfer_result> download(const std::string& remote, const fs::path& near, transfer_options options)
    {
        return wait<transfer_result>(
            [&](auto handler) { client_.async_download(remote, near.string(), options, std::move(handler)); });
    }
    client_result<transfer_result> upload(std::unique_ptr<libftp::file_reader> source, const std::string& remote,
                                          transfer_options options)
    {
        return wait<transfer_result>(
            [&](auto handler) { client_.async_upload(std::move(source), remote, options, std::move(handler)); });
    }

    /// Options of a transfer that ends when some of it has come across.
    transfer_options ending_in_the_middle()
    {
        constexpr std::uint64_t some = 1'000'000;
        transfer_options options;
        options.progress = [this, has_ended = false](const libftp::transfer_progress& made) mutable {
            if (made.bytes >= some && !std::exchange(has_ended, true))
                asio::post(context_, [this] { signal_.emit(asio::cancellation_type::terminal); });
        };
        return options;
    }

    /// The session is what the error says it is, and works again.
    void check_canceled(const libftp::operation_error& error)
    {
        check_equal(error.code.message(), make_error_code(protocol_errc::canceled).message(), "why it failed");
        go_on(error);
    }

    void go_on(const libftp::operation_error& error)
    {
        if (error.session == session_state::usable) {
            check(client_.is_connected(), "the session is usable");
        } else {
            check(!client_.is_connected(), "the session is closed");
            connect();
        }
        must(wait<void>([this](auto handler) { client_.async_keep_alive(std::move(handler)); }), "NOOP");
        const std::string text = "small";
        must(upload(libftp::make_text_reader(text), "small", {}), "a small upload");
        check_equal(read_file(with_.served / "small"), text, "its content");
        must(download("small", with_.near / "small", {}), "a small download");
        check_equal(read_file(with_.near / "small"), text, "its content");
        fs::remove(with_.near / "small");
        remove("small");
    }

    void remove(const std::string& name)
    {
        must(wait<void>([&](auto handler) { client_.async_remove_file(name, std::move(handler)); }), "remove " + name);
    }

    void limit_time(std::optional<libftp::clock::duration> limit) { client_.set_time_limit(limit); }

    client_result<libftp::mirror_result> upload_tree(const fs::path& near, const std::string& remote, unsigned sessions)
    {
        libftp::mirror_options options;
        options.sessions = sessions;
        options.report = [this, files = 0](const libftp::mirror_event&) mutable {
            if (++files == 20)
                asio::post(context_, [this] { signal_.emit(asio::cancellation_type::terminal); });
        };
        return wait<libftp::mirror_result>(
            [&](auto handler) { client_.async_upload_tree(near.string(), remote, options, std::move(handler)); });
    }

private:
    const settings& with_;
    asio::io_context context_{1};
    asio::cancellation_signal signal_;
    libftp::net::async_client client_;
};

void cancel_downloads(const settings& with, cancelable_client& client)
{
    const auto folder = with.near / "downloads";
    fs::create_directory(folder);
    const auto options = client.ending_in_the_middle();
    client.check_canceled(must_fail(client.download("big", folder / "big", options), "a canceled download"));
    check_empty(folder, "there is no partial file");

    auto segmented = client.ending_in_the_middle();
    segmented.segments = 3;
    client.check_canceled(must_fail(client.download("big", folder / "big", segmented), "canceled segments"));
    check_empty(folder, "there is no partial file");

    auto resumed = client.ending_in_the_middle();
    resumed.existing = libftp::existing_file::resume;
    client.check_canceled(must_fail(client.download("medium", folder / "medium", resumed), "a download that is cut"));
    const auto kept = fs::file_size(folder / "medium");
    const auto whole = fs::file_size(with.served / "medium");
    check(kept > 0 && kept < whole, "a part of it is kept");
    resumed.progress = nullptr;
    const auto done = must(client.download("medium", folder / "medium", resumed), "going on after the cut");
    check_equal(done.bytes, whole - kept, "the bytes that were missing");
    check(read_file(folder / "medium") == read_file(with.served / "medium"), "each byte is right");
}

void cancel_uploads(const settings& with, cancelable_client& client)
{
    const auto clear = [&] {
        if (fs::exists(with.served / "endless"))
            client.remove("endless");
    };
    const auto options = client.ending_in_the_middle();
    client.check_canceled(must_fail(client.upload(make_endless_reader(), "endless", options), "a canceled upload"));
    clear();

    client.limit_time(std::chrono::milliseconds{200});
    const auto error = must_fail(client.upload(make_endless_reader(), "endless", {}), "an upload that takes too long");
    client.limit_time(std::nullopt);
    check_equal(error.code.message(), make_error_code(protocol_errc::timed_out).message(), "why it failed");
    client.go_on(error);
    clear();
}

void cancel_trees(const settings& with, cancelable_client& client)
{
    constexpr int count = 300;
    for (int i = 0; i < count; ++i)
        write_file(with.near / "tree" / std::to_string(i), "content");
    for (const unsigned sessions : {1U, 3U}) {
        const auto name = "tree" + std::to_string(sessions);
        client.check_canceled(must_fail(client.upload_tree(with.near / "tree", name, sessions), "a canceled tree"));
        const auto there = contents(with.served / name).size();
        check(there > 0 && there < count, "a part of it has come to the server");
    }
}

} // namespace

void big_file(const settings& with)
{
    sparse::make(with.served / "big");
    auto session = connect(with);
    {
        std::uint64_t taken = 0;
        const auto done = must(session.download("big", make_comparing_writer(taken)), "download of a big file");
        check_equal(done.bytes, sparse::size, "the bytes");
        check_equal(taken, sparse::size, "those that were compared");
    }
    {
        const auto before = times_sent("RETR");
        transfer_options options;
        options.segments = 4;
        const auto near = with.near / "big";
        const auto done = must(session.download("big", near.string(), options), "download in segments");
        check_equal(done.bytes, sparse::size, "the bytes");
        check(times_sent("RETR") - before >= options.segments, "several sessions have fetched it");
        sparse::check_file(near, "the file of segments");
        fs::remove(near);
    }
    {
        const auto near = with.near / "source";
        sparse::make(near);
        const auto done = must(session.upload(near.string(), "up"), "upload of a big file");
        check_equal(done.bytes, sparse::size, "the bytes");
        sparse::check_file(with.served / "up", "the file on the server");
    }
    must(session.keep_alive(), "the session is still good");
    session.quit();
}

void cancel(const settings& with)
{
    constexpr std::size_t mib = 1024 * 1024;
    sparse::make(with.served / "big");
    write_file(with.served / "medium", noise(48 * mib, 7));
    cancelable_client client{with};
    cancel_downloads(with, client);
    cancel_uploads(with, client);
    cancel_trees(with, client);
}

} // namespace driver
