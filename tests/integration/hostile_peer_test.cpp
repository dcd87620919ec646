// What a client cannot use up or hold up on real sockets: ports, descriptors, replies, the end of an upload.
#include "running_server.hpp"
#include "scratch_folder.hpp"

#include <libftp/store/disk_store.hpp>
#include <libftp/store/store_decorator.hpp>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <set>

using namespace libftp;
using namespace libftp::testing;

namespace {

std::size_t open_descriptors()
{
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, {}));
}

/// Files in memory whose commits wait until they may go on.
class slow_to_commit final : public store_decorator {
public:
    slow_to_commit(std::shared_ptr<file_store> inner, std::shared_future<void> may_commit)
        : store_decorator(std::move(inner)), may_commit_(std::move(may_commit))
    {
    }

    [[nodiscard]] bool blocks() const noexcept override { return true; }
    result<std::unique_ptr<file_writer>> open_write(const store_path& path, const write_options& options) override
    {
        auto opened = store_decorator::open_write(path, options);
        if (!opened)
            return opened;
        entered = {};
        return std::make_unique<writer>(*std::move(opened), may_commit_, entered);
    }

    std::promise<void> entered; ///< A commit waits.

private:
    class writer final : public file_writer {
    public:
        writer(std::unique_ptr<file_writer> real, std::shared_future<void> may_commit, std::promise<void>& entered)
            : real_(std::move(real)), may_commit_(std::move(may_commit)), entered_(entered)
        {
        }
        result<void> write(std::string_view bytes) override { return real_->write(bytes); }
        result<void> commit() override
        {
            entered_.set_value();
            may_commit_.wait();
            return real_->commit();
        }

    private:
        std::unique_ptr<file_writer> real_;
        std::shared_future<void> may_commit_;
        std::promise<void>& entered_;
    };

    std::shared_future<void> may_commit_;
};

/// No file in it has an end until `ends`. Each read is quick.
class endless_store final : public store_decorator {
public:
    endless_store(std::shared_ptr<file_store> inner, bool blocks, const std::atomic<bool>& ends)
        : store_decorator(std::move(inner)), blocks_(blocks), ends_(ends)
    {
    }

    [[nodiscard]] bool blocks() const noexcept override { return blocks_; }
    [[nodiscard]] bool is_seldom_slow() const noexcept override { return true; }
    result<std::unique_ptr<file_reader>> open_read(const store_path& /*path*/, std::uint64_t /*offset*/) override
    {
        return std::make_unique<reader>(ends_);
    }

private:
    class reader final : public file_reader {
    public:
        explicit reader(const std::atomic<bool>& ends) : ends_(ends) {}

        result<std::size_t> read(std::span<char> buffer) override
        {
            std::ranges::fill(buffer, 'x');
            return ends_ ? 0 : buffer.size();
        }
        [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return std::nullopt; }

    private:
        const std::atomic<bool>& ends_;
    };

    bool blocks_;
    const std::atomic<bool>& ends_;
};

} // namespace

TEST_CASE("PASV and EPSV without end use up neither ports nor descriptors")
{
    for (const bool has_range : {false, true}) {
        net::server_options options;
        if (has_range) {
            const auto port = unassigned_port();
            options.passive_ports = port_range{port, port};
        }
        running_server server{std::make_shared<memory_store>(), options};
        bare_connection control{server.port()};
        control.log_in();
        CHECK(control.ask("EPSV") == 229);
        const auto before = open_descriptors();
        for (int i = 0; i < 300; ++i) {
            REQUIRE(control.ask("PASV") == 227);
            REQUIRE(control.ask("EPSV") == 229);
        }
        CHECK(open_descriptors() == before);
    }
}

TEST_CASE("The next passive port does not follow from those before it")
{
    net::server_options options;
    options.passive_ports = port_range{20'000, 29'999};
    running_server server{std::make_shared<memory_store>(), options};
    bare_connection control{server.port()};
    control.log_in();
    std::set<int> steps;
    int last = control.ask_for_data_port();
    for (int i = 0; i < 16; ++i) {
        const int next = control.ask_for_data_port();
        steps.insert(next - last);
        last = next;
    }
    CHECK(steps.size() > 8);
}

TEST_CASE("226 comes when the upload is committed, not before; meanwhile NOOP and STAT are answered")
{
    std::promise<void> may_commit;
    auto files = std::make_shared<memory_store>();
    auto store = std::make_shared<slow_to_commit>(files, may_commit.get_future().share());
    running_server server{store};
    bare_connection control{server.port()};
    control.log_in();
    {
        bare_connection data{control.ask_for_data_port()};
        CHECK(control.ask("STOR a.txt") == 150);
        data.send("all of it");
    }
    store->entered.get_future().wait();
    CHECK(control.ask("NOOP") == 200);
    CHECK(control.ask("STAT") == 211);
    CHECK_FALSE(files->content("/a.txt").has_value());
    may_commit.set_value();
    CHECK(control.next_reply().code == 226);
    CHECK(files->content("/a.txt").value() == "all of it");
}

TEST_CASE("QUIT is answered while the peer does not read the data connection, and the transfer still comes to its end")
{
    auto files = std::make_shared<memory_store>();
    const std::string big(16U << 20U, 'x');
    files->add_file("/big", big);
    running_server server{files};
    bare_connection control{server.port()};
    control.log_in();
    control.ask("TYPE I");
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("RETR big") == 150);
    CHECK(control.ask("QUIT") == 221);
    CHECK(data.read_to_end() == big);
    CHECK(control.next_reply().code == 226);
    CHECK(control.next_reply().code == 0);
}

TEST_CASE("A peer that reads neither replies nor data gets all replies when it reads, ABOR's among them")
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/big", std::string(64U << 20U, 'x'));
    running_server server{files};
    bare_connection control{server.port()};
    control.log_in();
    bare_connection data{control.ask_for_data_port()};
    control.send("RETR big\r\nNOOP\r\nSTAT\r\nABOR\r\nPWD\r\n");
    for (const int code : {150, 200, 211, 426, 226, 257})
        CHECK(control.next_reply().code == code);
}

TEST_CASE("A digest that takes long keeps neither ABOR nor other sessions from being answered")
{
    for (const bool blocks : {true, false}) {
        CAPTURE(blocks);
        std::atomic<bool> ends = false;
        running_server server{std::make_shared<endless_store>(std::make_shared<memory_store>(), blocks, ends)};
        // So that the server can be stopped where a check has failed.
        const std::shared_ptr<void> at_end{nullptr, [&ends](void* /*nothing*/) { ends = true; }};
        bare_connection other{server.port()};
        other.log_in();
        bare_connection control{server.port()};
        control.log_in();
        control.send("XCRC endless\r\nPWD\r\n");
        CHECK(other.ask("NOOP") == 200);
        CHECK(other.ask("STAT") == 211);
        control.send("ABOR\r\n");
        for (const int code : {426, 226, 257})
            CHECK(control.next_reply().code == code);
    }
}

TEST_CASE("A digest for a client that has reset the connection ends, whatever waits behind it")
{
    for (const std::size_t waiting : {0U, 1U, 10'000U}) {
        CAPTURE(waiting);
        std::atomic<bool> ends = false;
        running_server server{std::make_shared<endless_store>(std::make_shared<memory_store>(), true, ends)};
        const std::shared_ptr<void> at_end{nullptr, [&ends](void* /*nothing*/) { ends = true; }};
        bare_connection control{server.port()};
        control.log_in();
        std::string commands = "XCRC endless\r\n";
        for (std::size_t i = 0; i < waiting; ++i)
            commands += "NOOP\r\n";
        control.send(commands);
        bare_connection other{server.port()};
        other.log_in();
        control.reset();
        for (int i = 0; i < 10'000 && server.server().sessions().size() != 1; ++i)
            REQUIRE(other.ask("NOOP") == 200);
        CHECK(server.server().sessions().size() == 1);
    }
}

TEST_CASE("Sessions that come and go in the middle of anything leave no descriptor open")
{
    const scratch_folder folder;
    folder.write("a", std::string(1'000'000, 'x'));
    running_server server{disk_store::open(folder.path().string()).value()};
    const auto visit = [&server](std::string_view last) {
        bare_connection control{server.port()};
        control.log_in();
        bare_connection data{control.ask_for_data_port()};
        control.send(last);
        control.reset();
    };
    visit("NOOP\r\n");
    // Whoever is answered behind them knows that they are over: the server has one thread.
    const auto settled = [&server] {
        for (std::size_t last = 0;;) {
            bare_connection control{server.port()};
            control.log_in();
            const auto now = open_descriptors();
            if (now == last)
                return now;
            last = now;
        }
    };
    const auto before = settled();
    for (int i = 0; i < 20; ++i) {
        for (const auto* last : {"RETR a\r\n", "STOR b\r\n", "LIST\r\n", "PASV\r\n", "XMD5 a\r\n", "SITE COPY a c\r\n"})
            visit(last);
    }
    // The server may still be closing the connection that asked last: what counts is that they come back to what they
    // were, and they never do if one is left open.
    auto after = settled();
    while (after > before)
        after = settled();
    CHECK(after <= before);
}
