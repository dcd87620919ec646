// A store that fails in the middle of its work (EIO): the server says so, and keeps what was there.
#include "running_server.hpp"

#include <libftp/store/file_place.hpp>
#include <libftp/store/store_decorator.hpp>
#include <libftp/store/store_view.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

using namespace libftp;
using namespace libftp::testing;

namespace {

constexpr std::size_t big = 4U << 20U;

/// Does as many steps as are left, each a call or a piece of a file, and then fails until it has new ones.
class wearing_store final : public store_decorator {
public:
    wearing_store(std::shared_ptr<file_store> inner, bool blocks) : store_decorator(std::move(inner)), blocks_(blocks)
    {
    }

    void leave(int steps) { *left_ = steps; }

    [[nodiscard]] bool blocks() const noexcept override { return blocks_; }
    result<file_info> stat(const store_path& path) override
    {
        return (*left_)-- > 0 ? store_decorator::stat(path) : failure();
    }
    result<std::unique_ptr<file_reader>> open_read(const store_path& path, std::uint64_t offset) override
    {
        return wrap<reader>(store_decorator::open_read(path, offset));
    }
    result<std::unique_ptr<file_writer>> open_write(const store_path& path, const write_options& options) override
    {
        return wrap<writer>(store_decorator::open_write(path, options));
    }
    result<std::unique_ptr<directory_reader>> open_directory(const store_path& path) override
    {
        return wrap<directory>(store_decorator::open_directory(path));
    }

private:
    using step_count = std::shared_ptr<std::atomic<int>>;

    static std::error_code failure() { return std::make_error_code(std::errc::io_error); }

    class reader final : public file_reader {
    public:
        reader(std::unique_ptr<file_reader> real, step_count left) : real_(std::move(real)), left_(std::move(left)) {}
        result<std::size_t> read(std::span<char> buffer) override
        {
            return (*left_)-- > 0 ? real_->read(buffer.first(std::min<std::size_t>(buffer.size(), 65536))) : failure();
        }
        [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return real_->remaining(); }

    private:
        std::unique_ptr<file_reader> real_;
        step_count left_;
    };

    class writer final : public file_writer {
    public:
        writer(std::unique_ptr<file_writer> real, step_count left) : real_(std::move(real)), left_(std::move(left)) {}
        result<void> write(std::string_view bytes) override { return (*left_)-- > 0 ? real_->write(bytes) : failure(); }
        result<void> commit() override { return (*left_)-- > 0 ? real_->commit() : failure(); }

    private:
        std::unique_ptr<file_writer> real_;
        step_count left_;
    };

    class directory final : public directory_reader {
    public:
        directory(std::unique_ptr<directory_reader> real, step_count left)
            : real_(std::move(real)), left_(std::move(left))
        {
        }
        result<bool> next(file_info& entry) override { return (*left_)-- > 0 ? real_->next(entry) : failure(); }

    private:
        std::unique_ptr<directory_reader> real_;
        step_count left_;
    };

    template <class Wrapper, class Real>
    result<std::unique_ptr<Real>> wrap(result<std::unique_ptr<Real>> opened)
    {
        if ((*left_)-- <= 0)
            return failure();
        if (!opened)
            return opened;
        return std::make_unique<Wrapper>(*std::move(opened), left_);
    }

    bool blocks_;
    step_count left_ = std::make_shared<std::atomic<int>>(0);
};

struct worn_server {
    explicit worn_server(bool blocks) : store(std::make_shared<wearing_store>(files, blocks)), server(store)
    {
        files->add_file("/old", "the old one");
        files->add_file("/big", std::string(big, 'x'));
        for (int i = 0; i < 1000; ++i)
            files->add_file("/many/" + std::to_string(i), "");
        store->leave(1'000'000);
        control.emplace(server.port());
        control->log_in();
        control->ask("TYPE I");
    }

    /// The first code of the two that is no 150. Sends `upload`, if any, for as long as the server takes it.
    int transfer(const std::string& command, int steps, const std::string& upload = {})
    {
        bare_connection data{control->ask_for_data_port()};
        received = {};
        store->leave(steps);
        auto code = control->ask(command);
        if (code == 150) {
            std::error_code ended;
            asio::write(data.socket(), asio::buffer(upload), ended);
            if (!upload.empty())
                data.socket().shutdown(tcp::socket::shutdown_send, ended);
            received = data.read_to_end();
            code = control->next_reply().code;
        }
        store->leave(1'000'000);
        CHECK(control->ask("NOOP") == 200);
        return code;
    }

    using tcp = asio::ip::tcp;

    std::shared_ptr<memory_store> files = std::make_shared<memory_store>();
    std::shared_ptr<wearing_store> store;
    running_server server;
    std::optional<bare_connection> control{};
    std::string received{};
};

/// Its reader returns what read(2) does, the -1 of a failure too: it is a size like any other then.
class careless_store final : public store_view {
public:
    explicit careless_store(bool blocks) : blocks_(blocks) {}

    [[nodiscard]] bool blocks() const noexcept override { return blocks_; }
    result<file_info> stat(const store_path& path) override { return file_info{.name = std::string{path.name()}}; }
    result<std::unique_ptr<file_reader>> open_read(const store_path& /*path*/, std::uint64_t /*offset*/) override
    {
        return make_callback_reader([](std::span<char> /*buffer*/) { return static_cast<std::size_t>(-1); });
    }
    result<std::unique_ptr<directory_reader>> open_directory(const store_path& /*path*/) override
    {
        return make_directory_reader({});
    }

private:
    bool blocks_;
};

constexpr bool every_way[]{true, false};

} // namespace

TEST_CASE("A file that cannot be read to its end gets 451")
{
    for (const bool blocks : every_way) {
        worn_server s{blocks};
        CHECK(s.transfer("RETR big", 1'000) == 226);
        CHECK(s.received.size() == big);
        for (const int steps : {2, 3, 20, 60}) {
            CHECK(s.transfer("RETR big", steps) == 451);
            CHECK(s.received.size() < big);
        }
        CHECK(s.transfer("RETR big", 0) == 451);
    }
}

TEST_CASE("An upload that cannot be written to its end, or not committed, gets 451 and the old file stays")
{
    const std::string content(big, 'y');
    for (const bool blocks : every_way) {
        worn_server s{blocks};
        for (const int steps : {0, 1, 2, 3})
            CHECK(s.transfer("STOR old", steps, content) == 451);
        CHECK(s.transfer("STOR old", 2, "short") == 451); // of which only the commit fails
        CHECK(s.files->content("/old").value() == "the old one");
        CHECK(s.transfer("STOR new", 2, content) == 451);
        CHECK_FALSE(s.files->content("/new").has_value());
        CHECK(s.transfer("STOR new", 1'000'000, content) == 226);
        CHECK(s.files->content("/new").value() == content);
    }
}

TEST_CASE("A directory that cannot be listed to its end gets 451")
{
    for (const bool blocks : every_way) {
        worn_server s{blocks};
        for (const auto* command : {"LIST many", "NLST many", "MLSD many"}) {
            CHECK(s.transfer(command, 1'000'000) == 226);
            const auto whole = s.received.size();
            for (const int steps : {0, 1, 2, 3, 500}) {
                CHECK(s.transfer(command, steps) == 451);
                CHECK(s.received.size() < whole);
            }
        }
    }
}

TEST_CASE("What needs no data connection gets 451 from a store that fails, too")
{
    for (const bool blocks : every_way) {
        worn_server s{blocks};
        for (const auto* command : {"SIZE old", "MDTM old", "MLST old", "CWD many", "STAT many", "HASH old"}) {
            s.store->leave(0);
            CHECK_MESSAGE(s.control->ask(command) == 451, command);
            s.store->leave(1'000'000);
            CHECK(s.control->ask("NOOP") == 200);
        }
    }
}

TEST_CASE("A reader that tells of more bytes than it had room for gets 451, and no other memory is sent for them")
{
    for (const bool blocks : every_way) {
        running_server server{std::make_shared<careless_store>(blocks)};
        bare_connection control{server.port()};
        control.log_in();
        for (const auto* coding : {"TYPE I", "TYPE A", "MODE B", "MODE Z"}) {
            control.ask(coding);
            bare_connection data{control.ask_for_data_port()};
            CHECK(control.ask("RETR f") == 150);
            CHECK_MESSAGE(data.read_to_end() == "", coding);
            CHECK(control.next_reply().code == 451);
        }
        for (const auto* command : {"HASH f", "SIZE f"})
            CHECK_MESSAGE(control.ask(command) == 451, command);
    }
}
