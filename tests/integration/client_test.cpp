// The blocking client against our server, over real sockets.
#include "running_server.hpp"
#include "scratch_folder.hpp"

#include <libftp/error.hpp>
#include <libftp/net/client.hpp>
#include <libftp/store/disk_store.hpp>
#include <libftp/store/file_place.hpp>
#include <libftp/store/single_file.hpp>

#include <fstream>
#include <iterator>
#include <stdexcept>

using namespace libftp;
using namespace libftp::testing;

namespace {

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

net::client logged_in_client(const running_server& server, client_options options = {})
{
    net::client client{options};
    client.connect("127.0.0.1", server.port()).value();
    client.login("ann", secret{"secret"}).value();
    return client;
}

} // namespace

TEST_CASE("In active mode a client listens at its range of ports, and fails where none of them can be had")
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/a", "hello");
    running_server server{files};
    const auto free = unassigned_port();
    auto client =
        logged_in_client(server, {.data_mode = data_mode::active, .active = {.ports = port_range{free, free}}});
    for (int i = 0; i < 3; ++i)
        CHECK(client.list().value().entries.size() == 1);

    running_server elsewhere;
    const auto taken = elsewhere.port();
    auto other =
        logged_in_client(server, {.data_mode = data_mode::active, .active = {.ports = port_range{taken, taken}}});
    const auto listed = other.list();
    REQUIRE_FALSE(listed);
    CHECK(listed.error().code == protocol_errc::data_connection_refused);
    CHECK(other.working_directory());
}

TEST_CASE("A client makes a folder, uploads, lists, downloads, renames, resumes and deletes; both modes")
{
    for (const auto mode : {data_mode::passive, data_mode::active}) {
        auto files = std::make_shared<memory_store>();
        running_server server{files};
        scratch_folder folder;
        const auto local = [&folder](const char* name) { return (folder.path() / name).string(); };
        auto client = logged_in_client(server, {.data_mode = mode});

        client.make_directory("d").value();
        client.change_directory("d").value();
        CHECK(client.working_directory().value() == "/d");

        std::ofstream{local("up"), std::ios::binary} << "0123456789";
        CHECK(client.upload(local("up"), "n \xc3\xa4.bin").value().bytes == 10);
        CHECK(files->content("/d/n \xc3\xa4.bin").value() == "0123456789");

        const auto entries = client.list().value().entries;
        REQUIRE(entries.size() == 1);
        CHECK(entries[0].name == "n \xc3\xa4.bin");
        CHECK(entries[0].size == 10);

        client.rename("n \xc3\xa4.bin", "m").value();
        CHECK(client.size("m").value() == 10);
        CHECK(client.download("m", local("down")).value().announced == 10);
        CHECK(read_file(local("down")) == "0123456789");

        std::filesystem::resize_file(local("down"), 4);
        CHECK(client.download("m", local("down"), {.offset = 4}).value().bytes == 6);
        CHECK(read_file(local("down")) == "0123456789");

        files->add_file("/d/m", "01");
        CHECK(client.upload(local("up"), "m", {.offset = 2}).value().bytes == 8);
        CHECK(client.upload(make_text_reader("!"), "m", {.existing = existing_file::append}).value().bytes == 1);
        CHECK(files->content("/d/m").value() == "0123456789!");

        client.remove_file("m").value();
        client.change_directory("..").value();
        client.remove_directory("d").value();
        CHECK(client.list().value().entries.empty());
        client.quit();
        CHECK_FALSE(client.is_connected());
    }
}

TEST_CASE("The same over IPv6")
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/a.txt", "hello");
    running_server server{files};
    for (const auto mode : {data_mode::passive, data_mode::active}) {
        net::client client{{.data_mode = mode}};
        client.connect("::1", server.port_v6()).value();
        client.login("ann", secret{"secret"}).value();
        std::string text;
        CHECK(client.download("a.txt", make_text_writer(text)).value().bytes == 5);
        CHECK(text == "hello");
    }
}

TEST_CASE("TYPE A converts line ends on the way up and down")
{
    auto files = std::make_shared<memory_store>();
    running_server server{files};
    auto client = logged_in_client(server);
    client.upload(make_text_reader("one\ntwo\n"), "t", {.type = representation_type::ascii}).value();
    CHECK(files->content("/t").value() == "one\ntwo\n");
    std::string text;
    CHECK(client.download("t", make_text_writer(text), {.type = representation_type::ascii}).value().bytes == 10);
    CHECK(text == "one\ntwo\n");
}

TEST_CASE("A URL says where to connect and as whom")
{
    running_server server;
    net::client client;
    const auto at = "127.0.0.1:" + std::to_string(server.port());
    CHECK(client.connect(parse_ftp_url("ftp://ann:secret@" + at + "/a").value()).value().code == 230);
    CHECK(client.features().known);
    const auto refused = client.connect(parse_ftp_url("ftp://" + at).value());
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().answer.code == 530); // there is no anonymous
}

TEST_CASE("A client asks for a file's facts, changes them, and has it hashed")
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/a.txt", "hello");
    running_server server{files};
    auto client = logged_in_client(server);
    const file_time time{std::chrono::seconds{1'700'000'000}};
    client.set_modified("a.txt", time).value();
    CHECK(client.modified("a.txt").value() == time);
    client.set_mode("a.txt", 0640).value();
    const auto entry = client.stat("a.txt").value();
    CHECK(entry.name == "a.txt");
    CHECK(entry.size == 5);
    CHECK(client.hash("a.txt", digest_algorithm::md5).value().hexadecimal == "5d41402abc4b2a76b9719d911017c592");
    CHECK(client.listing_text().value().find("a.txt") != std::string::npos);
    CHECK(client.keep_alive().has_value());
    CHECK_FALSE(client.space().has_value()); // memory has no end that the store knows
    CHECK(client.stat("none").error().code == protocol_errc::refused_permanently);
}

TEST_CASE("A tree is mirrored into any store")
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/d/a", "a");
    files->add_file("/d/e/b", "b");
    running_server server{files};
    auto client = logged_in_client(server);
    const auto near = std::make_shared<memory_store>();
    CHECK(client.mirror("d", near, store_path{}).value().transferred == 2);
    CHECK(near->content("/e/b").value() == "b");
}

TEST_CASE("A transfer tells how it goes")
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/a", std::string(100'000, 'a'));
    running_server server{files};
    auto client = logged_in_client(server);
    std::string text;
    std::uint64_t bytes = 0;
    const auto note = [&](const transfer_progress& made) { bytes = made.bytes; };
    client.download("a", make_text_writer(text), {.progress = note}).value();
    CHECK(text.size() == 100'000);
    CHECK(bytes == 100'000);
    for (const std::size_t size : {std::size_t{10}, std::size_t{3'000'000}}) {
        client.upload(make_text_reader(std::string(size, 'b')), "b", {.progress = note}).value();
        CHECK(bytes == size);
    }
}

TEST_CASE("A refusal carries the reply, and the connection stays usable")
{
    running_server server;
    auto client = logged_in_client(server);
    std::string text;
    const auto missing = client.download("none", make_text_writer(text));
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().answer.code == 550);
    CHECK(missing.error().code == failure::permanent);
    CHECK(client.is_connected());
    CHECK(client.command("NOOP").value().code == 200);
}

TEST_CASE("A download that fails leaves no local file")
{
    running_server server;
    scratch_folder folder;
    auto client = logged_in_client(server);
    CHECK_FALSE(client.download("none", (folder.path() / "none").string()).has_value());
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("A missing local file is reported before anything is sent")
{
    running_server server;
    auto client = logged_in_client(server);
    int commands = 0;
    client.on_event([&commands](const client_event& event) {
        commands += std::holds_alternative<event::command_sent>(event) ? 1 : 0;
    });
    CHECK_FALSE(client.upload(std::string{"/nonexistent/file"}, "x").has_value());
    CHECK(commands == 0);
}

TEST_CASE("A refused login, a refused connection and no connection are errors with a reason")
{
    net::server_options options;
    options.session.denial_delay = std::chrono::milliseconds{0};
    running_server server{std::make_shared<memory_store>(), options};
    net::client client;
    CHECK(client.command("NOOP").error().code == protocol_errc::not_connected);
    client.connect("127.0.0.1", server.port()).value();
    const auto refused = client.login("ann", secret{"wrong"});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().answer.code == 530);
    CHECK(client.login("ann", secret{"secret"}).has_value());

    CHECK(client.connect("127.0.0.1", unassigned_port()).error().code == std::errc::connection_refused);
    CHECK_FALSE(client.is_connected());
}

TEST_CASE("A host without a name is none, and neither is one with a control byte")
{
    const running_server server;
    net::client client;
    for (const std::string& host :
         {std::string{}, std::string{"127.0.0.1\0.example", 18}, std::string{"localhost\r\n"}}) {
        const auto nowhere = client.connect(host, server.port());
        REQUIRE_FALSE(nowhere.has_value());
        CHECK(nowhere.error().code == protocol_errc::argument_invalid);
        CHECK(nowhere.error().step == operation_step::arguments);
        CHECK_FALSE(client.is_connected());
    }
    CHECK(client.connect("127.0.0.1", server.port()).has_value());
}

TEST_CASE("A server that goes away is noticed by the next operation, and the client can connect again")
{
    net::client client;
    {
        running_server server;
        client.connect("127.0.0.1", server.port()).value();
        client.login("ann", secret{"secret"}).value();
    }
    CHECK_FALSE(client.command("NOOP").has_value());
    CHECK_FALSE(client.is_connected());
    running_server server;
    client.connect("127.0.0.1", server.port()).value();
    CHECK(client.login("ann", secret{"secret"}).value().code == 230);
}

TEST_CASE("A server that goes away is noticed without an operation by a client that catches up")
{
    net::client client;
    client.catch_up();
    {
        running_server server;
        client.connect("127.0.0.1", server.port()).value();
        client.catch_up();
        CHECK(client.is_connected());
    }
    while (client.is_connected())
        client.catch_up();
    CHECK(client.command("NOOP").error().code == protocol_errc::not_connected);
}

TEST_CASE("A listing without an end is given up, and the connection stays usable")
{
    auto files = std::make_shared<memory_store>();
    for (int i = 0; i < 100; ++i)
        files->add_file("/file number " + std::to_string(i), "");
    running_server server{files};
    auto client = logged_in_client(server, {.max_listing_bytes = 1'000});
    CHECK(client.list().error().code == std::errc::file_too_large);
    CHECK(client.command("NOOP").value().code == 200);
}

TEST_CASE("Between two disks a file of several megabytes arrives byte for byte")
{
    scratch_folder far;
    scratch_folder near;
    std::string content(7'000'001, '\0');
    for (std::size_t i = 0; i < content.size(); ++i)
        content[i] = static_cast<char>(i * 2654435761U >> 11U);
    std::ofstream{near.path() / "up", std::ios::binary} << content;
    running_server server{disk_store::open(far.path().string()).value()};
    auto client = logged_in_client(server);
    client.upload((near.path() / "up").string(), "f").value();
    CHECK(read_file(far.path() / "f") == content);
    client.download("f", (near.path() / "down").string()).value();
    CHECK(read_file(near.path() / "down") == content);
}

TEST_CASE("An upload whose source fails replaces nothing on the server, however much of it was sent")
{
    auto files = std::make_shared<memory_store>();
    running_server server{files};
    files->add_file("/f", "what was there before");
    auto client = logged_in_client(server);
    for (const std::size_t good_bytes :
         {std::size_t{0}, std::size_t{100}, std::size_t{100'000}, std::size_t{5'000'000}}) {
        std::size_t left = good_bytes;
        auto source = make_callback_reader([&left](std::span<char> buffer) -> result<std::size_t> {
            if (left == 0)
                return std::make_error_code(std::errc::io_error);
            const auto given = std::min(left, buffer.size());
            std::fill_n(buffer.begin(), given, 'x');
            left -= given;
            return given;
        });
        const auto failed = client.upload(std::move(source), "f");
        REQUIRE(!failed);
        CHECK(failed.error().code == std::errc::io_error);
        CHECK(failed.error().step == operation_step::near_end);
        CHECK(files->content("/f").value() == "what was there before");
        client.keep_alive().value();
    }
}

TEST_CASE("A callback that throws or calls its client ends the session, and the client can connect again")
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/f", std::string(1'000'000, 'x'));
    running_server server{files};
    auto client = logged_in_client(server);
    const auto into_nothing = [] { return make_callback_writer([](std::string_view) { return result<void>{}; }); };
    const auto is_over = [&] {
        CHECK(client.size("f").error().code == protocol_errc::not_connected);
        client = logged_in_client(server);
        CHECK(client.size("f").value() == 1'000'000);
    };
    const auto fail = [](const auto&...) -> result<void> { throw std::runtime_error{"of the program"}; };

    CHECK_THROWS_AS(static_cast<void>(client.download("f", make_callback_writer(fail))), std::runtime_error);
    is_over();
    CHECK_THROWS_AS(static_cast<void>(client.download("f", into_nothing(), {.progress = fail})), std::runtime_error);
    is_over();
    client.on_event(fail);
    CHECK_THROWS_AS(static_cast<void>(client.size("f")), std::runtime_error);
    client.on_event({});
    is_over();
    const auto call = [&](const transfer_progress&) { static_cast<void>(client.size("f")); };
    CHECK_THROWS_AS(static_cast<void>(client.download("f", into_nothing(), {.progress = call})), std::logic_error);
    is_over();
}
