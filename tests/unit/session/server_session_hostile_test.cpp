// What a hostile client cannot bring about by any command: walks over the tables of commands (RFC 2577).
#include "command_walk.hpp"
#include "guarded_root.hpp"
#include "support/store_access.hpp"

#include <libftp/store/store_decorator.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view line_breakers{"\r\n\0", 3};

bool has_none_of(const std::vector<std::string>& lines, std::string_view bytes)
{
    return std::ranges::none_of(lines,
                                [bytes](const auto& line) { return line.find_first_of(bytes) != std::string::npos; });
}

/// The names of all that is in the store.
std::vector<std::string> all_names(file_store& store, const std::string& directory = "/")
{
    std::vector<std::string> names;
    for (const auto& entry : entries_of(store, directory)) {
        names.push_back(entry.name);
        if (entry.type == file_type::directory)
            std::ranges::copy(all_names(store, directory + entry.name + "/"), std::back_inserter(names));
    }
    return names;
}

script_setup some_files()
{
    return {.files = {{"/a", "0123456789"}, {"/d/b", "in d"}}};
}

/// Tells of each file and directory what would break lines if it were passed on.
class lying_store final : public store_decorator {
public:
    using store_decorator::store_decorator;

    result<file_info> stat(const store_path& path) override
    {
        auto info = store_decorator::stat(path);
        if (info)
            lie(*info);
        return info;
    }
    result<std::unique_ptr<directory_reader>> open_directory(const store_path& path) override
    {
        auto opened = store_decorator::open_directory(path);
        if (!opened)
            return opened;
        return std::make_unique<liar>(*std::move(opened));
    }

private:
    static void lie(file_info& info)
    {
        for (auto* text : {&info.owner, &info.group, &info.unique, &info.link_target, &info.media_type})
            *text = std::string{"x\r\n226 injected\0;", 17};
        info.name += "\r\n226 injected";
    }

    class liar final : public directory_reader {
    public:
        explicit liar(std::unique_ptr<directory_reader> inner) : inner_(std::move(inner)) {}
        result<bool> next(file_info& entry) override
        {
            auto more = inner_->next(entry);
            if (more && *more)
                lie(entry);
            return more;
        }

    private:
        std::unique_ptr<directory_reader> inner_;
    };
};

/// Fails in every call in the same way.
class failing_store final : public store_decorator {
public:
    explicit failing_store(std::error_code error) : store_decorator(std::make_shared<memory_store>()), error_(error) {}

    [[nodiscard]] bool can(store_ability /*needed*/) const noexcept override { return true; }
    result<file_info> stat(const store_path& /*path*/) override { return error_; }
    result<std::unique_ptr<file_reader>> open_read(const store_path& /*path*/, std::uint64_t /*offset*/) override
    {
        return error_;
    }
    result<std::unique_ptr<file_writer>> open_write(const store_path& /*path*/,
                                                    const write_options& /*options*/) override
    {
        return error_;
    }
    result<std::unique_ptr<directory_reader>> open_directory(const store_path& /*path*/) override { return error_; }
    result<void> make_directory(const store_path& /*path*/, std::optional<std::uint32_t> /*umask*/) override
    {
        return error_;
    }
    result<void> remove_directory(const store_path& /*path*/) override { return error_; }
    result<void> remove_file(const store_path& /*path*/) override { return error_; }
    result<void> rename(const store_path& /*from*/, const store_path& /*to*/) override { return error_; }
    result<void> set_attributes(const store_path& /*path*/, const attribute_changes& /*changes*/) override
    {
        return error_;
    }
    result<void> make_symbolic_link(const store_path& /*target*/, const store_path& /*link*/) override
    {
        return error_;
    }
    result<std::uint64_t> available_space(const store_path& /*path*/) override { return error_; }

private:
    std::error_code error_;
};

/// While it lives, the process can open no descriptor.
class no_descriptors {
public:
    no_descriptors()
    {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const auto lowest_free = ::dup(STDOUT_FILENO);
        ::close(lowest_free);
        const ::rlimit none{static_cast<rlim_t>(lowest_free), before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    no_descriptors(const no_descriptors&) = delete;
    no_descriptors& operator=(const no_descriptors&) = delete;
    ~no_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    ::rlimit before_{};
};

/// Whether something like `1.2` stands in it.
bool has_version(std::string_view text)
{
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.', dot + 1)) {
        if (dot > 0 && is_digit(text[dot - 1]) && dot + 1 < text.size() && is_digit(text[dot + 1]))
            return true;
    }
    return false;
}

} // namespace

TEST_CASE("No command lets CR, LF or NUL into a name, a reply or what an observer hears")
{
    for (const auto& name : {std::string{"x\ry"}, std::string{"x\0y", 3}, std::string{"x\ny"}, std::string{"x\r\0y", 4},
                             std::string{"\xff\xf4x\ry"}, std::string{"\"x\ry\""}}) {
        for (const auto& line : lines_with(name)) {
            INFO("line: ", line.bytes);
            session_script s{logged_in{}, some_files()};
            s.send("EPSV\r\n").check([&](script_host& h) {
                settle(h);
                h.receive(line.bytes);
                settle(h);
                CHECK(is_well_formed(h.wire_));
                CHECK(has_none_of(h.log_.lines, line_breakers));
                CHECK(has_none_of(h.log_.replies, line_breakers));
                CHECK(has_none_of(all_names(*h.store_), line_breakers));
            });
        }
    }
}

TEST_CASE("Before the login, too, no command lets CR, LF or NUL into a reply or what an observer hears")
{
    for (const auto& line : lines_with("x\ry")) {
        INFO("line: ", line.bytes);
        session_script s{just_connected{}};
        s.send(line.bytes).check([](script_host& h) {
            CHECK(is_well_formed(h.wire_));
            CHECK(has_none_of(h.log_.lines, line_breakers));
            CHECK(has_none_of(h.log_.replies, line_breakers));
        });
    }
}

TEST_CASE("What a store tells of its files cannot break a reply or a listing of any command")
{
    for (const auto* name : {"a", "d", "."}) {
        for (const auto& line : lines_with(name)) {
            INFO("line: ", line.bytes);
            auto files = std::make_shared<memory_store>();
            files->add_file("/a", "0123456789");
            files->add_file("/d/b", "in d");
            session_script s{logged_in{}, {.store = std::make_shared<lying_store>(std::move(files))}};
            s.send("OPTS MLST type;size;unique;media-type;UNIX.owner;UNIX.group;\r\nEPSV\r\n");
            s.check([&](script_host& h) {
                settle(h);
                h.receive(line.bytes);
                const auto sent = settle(h);
                CHECK(is_well_formed(h.wire_));
                CHECK(sent.find("injected") == std::string::npos);
                CHECK(h.wire_.find("injected") == std::string::npos);
            });
        }
    }
}

TEST_CASE("No command reaches outside the root, whatever the name is")
{
    const guarded_root elsewhere;
    for (const auto& name : {std::string{"../secret"},
                             std::string{"/../secret"},
                             std::string{"d/../../secret"},
                             std::string{"//..//../secret"},
                             "../../../../../../../.." + elsewhere.folder.path("secret"),
                             elsewhere.folder.path("secret"),
                             std::string{"out/secret"},
                             std::string{"far/secret"},
                             std::string{"file"},
                             std::string{"round"},
                             std::string{"magic/etc/hostname"},
                             std::string{"out/../secret"},
                             std::string{"d/../out/secret"},
                             std::string{"..\\secret"},
                             std::string{"%2e%2e/secret"},
                             std::string{"~/secret"},
                             std::string{".../../../secret"},
                             std::string{"out/new"},
                             std::string{"far/new/new"},
                             std::string(300, 'x'),
                             "out/" + std::string(255, 'x'),
                             std::string{"\xc0\xae\xc0\xae/secret"}}) {
        const guarded_root root;
        for (const auto& line : lines_with(name)) {
            INFO("line: ", line.bytes);
            session_script s{logged_in{}, {.store = root.store}};
            s.send("TYPE I\r\nEPSV\r\n").check([&](script_host& h) {
                settle(h);
                h.receive(line.bytes);
                const auto sent = settle(h);
                CHECK_FALSE(root.is_told(sent));
                CHECK_FALSE(root.is_told(h.wire_));
            });
        }
        CHECK(root.is_untouched());
    }
    CHECK(elsewhere.is_untouched());
}

TEST_CASE("A link that takes the place of the working directory leads no command outside")
{
    guarded_root root;
    const auto swap = [&root] {
        std::filesystem::remove_all(root.folder.path("root/d"));
        std::filesystem::create_directory_symlink("../private", root.folder.path("root/d"));
    };
    swap();
    // The session entered it while it was a directory, and is not asked to enter it again.
    for (const auto& line : lines_with("secret")) {
        INFO("line: ", line.bytes);
        std::filesystem::remove_all(root.folder.path("root/d"));
        std::filesystem::create_directory(root.folder.path("root/d"));
        session_script s{logged_in{}, {.store = root.store}};
        s.send("CWD d\r\n").expect(250).send("TYPE I\r\nEPSV\r\n").check([&](script_host& h) {
            settle(h);
            swap();
            h.receive(line.bytes);
            CHECK_FALSE(root.is_told(settle(h)));
            CHECK_FALSE(root.is_told(h.wire_));
        });
        CHECK(root.is_untouched());
    }
}

TEST_CASE("A link that takes a directory's place between two steps of an operation leads it nowhere")
{
    const std::vector<std::pair<std::string, std::string>> operations{{"RNFR d/secret\r\n", "RNTO moved\r\n"},
                                                                      {"RNFR a\r\n", "RNTO d/moved\r\n"},
                                                                      {"SITE CPFR d/secret\r\n", "SITE CPTO c\r\n"},
                                                                      {"SITE CPFR a\r\n", "SITE CPTO d/copy\r\n"},
                                                                      {"CWD d\r\n", "RETR secret\r\n"},
                                                                      {"CWD d\r\n", "STOU secret\r\n"}};
    for (const auto& operation : operations) {
        const auto& first = operation.first;
        const auto& second = operation.second;
        INFO("operation: ", first, second);
        guarded_root root;
        root.folder.write("root/d/secret", "inside");
        session_script s{logged_in{}, {.store = root.store}};
        s.send("EPSV\r\n").check([&](script_host& h) {
            settle(h);
            h.replies_.clear();
            h.receive(first);
            CHECK(h.replies_.back().code < 400);
            std::filesystem::rename(root.folder.path("root/d"), root.folder.path("root/old"));
            std::filesystem::create_directory_symlink("../private", root.folder.path("root/d"));
            h.receive(second);
            settle(h);
            CHECK(h.replies_.back().code == 550);
        });
        CHECK(root.is_untouched());
        CHECK_FALSE(root.folder.has("root/moved"));
        CHECK_FALSE(root.folder.has("root/c"));
    }
}

TEST_CASE("A directory and a link that change places all the while lead no command outside")
{
    guarded_root root;
    std::filesystem::create_directory_symlink("../private", root.folder.path("root/link"));
    std::atomic<bool> is_over = false;
    std::thread swapper{[&] {
        const auto d = root.folder.path("root/d");
        const auto link = root.folder.path("root/link");
        while (!is_over)
            ::renameat2(AT_FDCWD, d.c_str(), AT_FDCWD, link.c_str(), RENAME_EXCHANGE);
    }};
    for (const auto& line : lines_with("d/secret")) {
        session_script s{logged_in{}, {.store = root.store}};
        s.send("TYPE I\r\n").check([&](script_host& h) {
            for (int i = 0; i < 10; ++i) {
                h.receive("EPSV\r\n");
                settle(h);
                h.receive(line.bytes);
                CHECK_FALSE(root.is_told(settle(h)));
            }
            CHECK_FALSE(root.is_told(h.wire_));
        });
    }
    is_over = true;
    swapper.join();
    CHECK(root.is_untouched());
}

TEST_CASE("Whatever error a store has, every command gets a refusal in the store's own words, and the session goes on")
{
    for (const int number : {EIO, EMFILE, ENFILE, ENOMEM, ENOSPC, EDQUOT, EROFS, ESTALE, ENOTCONN, EACCES, 0}) {
        const std::error_code error{number, std::system_category()};
        for (const auto& line : lines_with("b")) {
            if (line.row->needs == permission::none && line.row->verb != verb::cwd && line.row->verb != verb::mff)
                continue;
            INFO("error ", number, ", line: ", line.bytes);
            session_script s{logged_in{}, {.store = std::make_shared<failing_store>(error)}};
            s.send("TYPE I\r\nEPSV\r\n").check([&](script_host& h) {
                settle(h);
                h.receive(line.bytes);
                settle(h);
                const auto& last = h.replies_.back();
                INFO("reply: ", last.to_string());
                CHECK(last.code >= 400);
                CHECK((last.text() == to_reply_text(error) || last.code == 503 || last.code == 501 ||
                       last.code == 502 || line.row->verb == verb::site_who));
                h.receive("NOOP\r\n");
                CHECK(h.replies_.back().code == 200);
            });
        }
    }
}

TEST_CASE("When the root has vanished every command still gets a reply")
{
    for (const auto& line : lines_with("a")) {
        INFO("line: ", line.bytes);
        const guarded_root root;
        std::filesystem::remove_all(root.folder.path("root"));
        session_script s{logged_in{}, {.store = root.store}};
        s.send("TYPE I\r\nEPSV\r\n").check([&](script_host& h) {
            settle(h);
            h.replies_.clear();
            h.receive(line.bytes);
            settle(h);
            CHECK_FALSE(h.replies_.empty());
            CHECK_FALSE(root.is_told(h.wire_));
            if (line.row->needs != permission::none && line.row->needs != permission::list)
                CHECK(h.replies_.back().code >= 400);
        });
    }
}

TEST_CASE("Without descriptors every command on files in directories of the disk answers 451, and the session goes on")
{
    const guarded_root root;
    for (const auto& line : lines_with("d/b")) { // what lies in the root itself can be looked at without
        if (line.row->needs == permission::none || line.row->support != support::served)
            continue;
        CAPTURE(line.bytes);
        session_script s{logged_in{}, {.store = root.store}};
        s.send("TYPE I\r\nEPSV\r\n").check([&](script_host& h) {
            settle(h);
            const no_descriptors exhausted;
            h.receive(line.bytes);
            settle(h);
            const auto code = h.replies_.back().code;
            CHECK((code == 451 || code == 503 || code == 501 || code == 502 || line.row->verb == verb::site_who));
            h.receive("NOOP\r\n");
            CHECK(h.replies_.back().code == 200);
        });
    }
    CHECK(root.is_untouched());
}

TEST_CASE("No reply tells the server's version")
{
    std::vector<std::string> questions{"FEAT",         "HELP",   "HELP SITE", "SITE HELP", "STAT", "SYST",
                                       "CSID Name=x;", "CLNT x", "HOST x",    "NOOP",      "ACCT", "XYZZY",
                                       "LANG",         "OPTS",   "REIN",      "QUIT"};
    for (const auto& row : command_table())
        questions.push_back("HELP " + std::string{row.text});
    for (const auto& row : site_command_table())
        questions.push_back("SITE HELP " + std::string{row.text});
    for (const auto& question : questions) {
        INFO("question: ", question);
        session_script s{logged_in{}};
        s.send(question + "\r\n").check([](script_host& h) {
            auto told = h.wire_;
            if (const auto own = told.find(client_end.to_string()); own != std::string::npos)
                told.erase(own, client_end.to_string().size());
            CHECK_FALSE(has_version(told));
        });
    }
}

TEST_CASE("A TLS handshake in clear ends the session, and commands that it carries are not run")
{
    using namespace std::string_literals;
    session_script s{just_connected{}, {.options = offering_tls()}};
    s.send("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\nUSER ann\r\nPASS secret\r\nDELE a\r\n"s);
    s.expect(421).expect_closed(close_reason::foreign_protocol).check([](script_host& h) {
        CHECK(h.log_.lines == std::vector<std::string>{"opened", "closed 5"});
    });
    s.replay_at_every_split();
}

TEST_CASE("The first words of other protocols end the session, and nothing behind them is done")
{
    for (const auto* line : {"GET / HTTP/1.1",           "HEAD / HTTP/1.1",
                             "POST / HTTP/1.1",          "PUT /a HTTP/1.1",
                             "DELETE /a HTTP/1.1",       "PATCH /a HTTP/1.1",
                             "OPTIONS * HTTP/1.1",       "CONNECT a:1 HTTP/1.1",
                             "TRACE / HTTP/1.1",         "PRI * HTTP/2.0",
                             "HELO mail.example",        "EHLO mail.example",
                             "LHLO mail.example",        "STARTTLS",
                             "SSH-2.0-OpenSSH_9.2",      "DESCRIBE rtsp://a RTSP/1.0",
                             "SETUP rtsp://a RTSP/1.0",  "INVITE sip:a@b SIP/2.0",
                             "REGISTER sip:a@b SIP/2.0", "post / HTTP/1.1"}) {
        INFO("line: ", line);
        session_script s{just_connected{}};
        s.send(std::string{line} + "\r\nHost: x\r\n\r\nUSER ann\r\nPASS secret\r\nDELE a\r\n");
        s.expect(421).expect_closed(close_reason::foreign_protocol).check([](script_host& h) {
            CHECK(h.log_.lines == std::vector<std::string>{"opened", "closed 5"});
        });
        s.replay_at_every_split();
    }
}
