// The client driver's cases of single files: each operation of the client once, and transfers that go on after a cut.
#include "client_driver.hpp"
#include "client_driver_files.hpp"

#include <libftp/protocol/digest.hpp>
#include <libftp/store/single_file.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <optional>

namespace driver {

namespace fs = std::filesystem;
using libftp::existing_file;
using libftp::net::client;

namespace {

const std::string album = "a new album";
const std::string big = "big.bin";
const std::string umlauts = "Grüße aus Köln.txt";
constexpr std::size_t mib = 1024 * 1024;

std::map<std::string, std::string> samples()
{
    return {
        {big, noise(3 * mib + 8, 959)},
        {"empty", ""},
        {umlauts, "Schöne Grüße\nmit LF,\r\nmit CRLF,\rmit CR"},
    };
}

/// What has to be true of every transfer that went well.
void check_result(const settings& with, const libftp::transfer_result& done, std::uint64_t bytes,
                  const std::string& what)
{
    check_equal(done.bytes, bytes, what + ": the bytes");
    check(done.is_confirmed, what + ": the server has confirmed it");
    const auto is_active = with.options.data_mode == libftp::data_mode::active;
    check_equal(to_string(done.data_command), is_active ? "EPRT" : "EPSV", what + ": the data command");
    const auto host = done.data_peer.address.to_string();
    check_equal(host, with.url.host, what + ": the far end of the data connection");
    check_protection(with, done.tls, what + ": the data connection");
}

void upload_samples(const settings& with, client& session)
{
    for (const auto& [name, content] : samples()) {
        write_file(with.near / name, content);
        const auto done = must(session.upload((with.near / name).string(), name), "upload " + name);
        check_result(with, done, content.size(), name);
    }
    check_same(with.served / album, with.near, "all files have come to the server");
}

void list_samples(client& session)
{
    const auto wanted = samples();
    const auto listed = must(session.list(), "list");
    check_equal(listed.refused.size(), 0U, "lines of the listing that could not be read");
    check_equal(listed.entries.size(), wanted.size(), "entries of the listing");
    for (const auto& entry : listed.entries) {
        check(wanted.contains(entry.name), "the name '" + entry.name + "' in the listing");
        check_equal(entry.size.value_or(~0U), wanted.at(entry.name).size(), "its size");
        check(entry.type == libftp::file_type::file, "it is a file");
        check(entry.modified.has_value(), "its time is known");
    }
    using libftp::operation::listing_verb;
    for (const auto verb : {listing_verb::list, listing_verb::nlst}) {
        const auto text = must(session.listing_text({}, verb), verb == listing_verb::list ? "LIST" : "NLST");
        for (const auto& [name, content] : wanted)
            check(text.find(name + "\n") != std::string::npos, "there is a line of " + name);
    }
}

void download_samples(const settings& with, client& session)
{
    const auto folder = with.near.parent_path() / "downloads";
    fs::create_directory(folder);
    for (const auto& [name, content] : samples()) {
        libftp::transfer_options options;
        std::uint64_t reported = 0;
        options.progress = [&reported](const libftp::transfer_progress& made) { reported = made.bytes; };
        options.verify = libftp::verification::size;
        options.keeps_time = true;
        const auto done = must(session.download(name, (folder / name).string(), options), "download " + name);
        check_result(with, done, content.size(), name);
        check(done.verified == libftp::verification::size, name + ": the size is verified");
        check_equal(done.announced.value_or(~0U), content.size(), name + ": the announced size");
        check_equal(reported, content.size(), name + ": the reported progress");
        check(modified_of(folder / name) ==
                  std::chrono::floor<std::chrono::seconds>(modified_of(with.served / album / name)),
              name + ": its time is kept");
    }
    check_same(folder, with.near, "all files have come back");

    std::string text;
    must(session.download(big, libftp::make_text_writer(text)), "download into memory");
    check(text == samples()[big], "all bytes are there");
    {
        std::ofstream stream{folder / big, std::ios::binary};
        must(session.download(big, libftp::make_stream_writer(stream)), "download into a stream");
    }
    check_same(folder, with.near, "all bytes are there");
}

void ask_facts(const settings& with, client& session)
{
    const auto there = with.served / album / big;
    const auto facts = must(session.stat(big), "stat");
    check_equal(facts.name, big, "the name");
    check_equal(facts.size.value_or(0), fs::file_size(there), "the size");
    check(facts.type == libftp::file_type::file, "it is a file");
    check_equal(must(session.size(big), "size"), fs::file_size(there), "the size");

    using std::chrono::floor;
    using std::chrono::seconds;
    auto modified = session.modified(big);
    if (is_supported(with, modified, "modified"))
        check(floor<seconds>(*modified) == floor<seconds>(modified_of(there)), "it is the time of the file");

    auto hash = session.hash(big);
    if (is_supported(with, hash, "hash")) {
        auto own = libftp::digest::begin(hash->algorithm).value();
        own.update(samples()[big]);
        check_equal(hash->hexadecimal, own.finish().value(), "it is the file's digest");
    }
    auto space = session.space();
    if (is_supported(with, space, "space"))
        check(*space > 0, "there is space");
}

void change_facts(const settings& with, client& session)
{
    const auto there = with.served / album / umlauts;
    const libftp::file_time time{std::chrono::seconds{1'000'000'000}};
    auto dated = session.set_modified(umlauts, time);
    if (is_supported(with, dated, "set_modified")) {
        check(modified_of(there) == time, "the file has that time");
        check(must(session.modified(umlauts), "modified") == time, "it is that time");
    }
    auto moded = session.set_mode(umlauts, 0640);
    if (is_supported(with, moded, "set_mode"))
        check(fs::status(there).permissions() == fs::perms{0640}, "the file has that mode");
}

void append_and_name(const settings& with, client& session)
{
    const auto store = [&](const std::string& text, const std::string& name, existing_file existing) {
        libftp::transfer_options options;
        options.existing = existing;
        return session.upload(libftp::make_text_reader(text), name, options);
    };
    const auto folder = with.served / album;
    must(store("first ", "log", existing_file::replace), "upload from memory");
    check_result(with, must(store("second", "log", existing_file::append), "append"), 6, "log");
    check_equal(read_file(folder / "log"), "first second", "both are there");
    must(session.remove_file("log"), "remove");

    const auto before = contents(folder);
    auto unique = store("unique", "log", existing_file::keep_unique);
    if (is_supported(with, unique, "upload by a unique name")) {
        auto after = contents(folder);
        std::erase_if(after, [&](const auto& entry) { return before.contains(entry.first); });
        check_equal(after.size(), 1U, "new files");
        check_equal(after.begin()->second, "file unique", "its content");
        check_equal(unique->remote_name, after.begin()->first, "the name that the server has chosen");
        must(session.remove_file(unique->remote_name), "remove it");
    }

    must(session.rename(umlauts, "new name"), "rename");
    check(fs::exists(folder / "new name") && !fs::exists(folder / umlauts), "the file has its new name");
    must(session.rename("new name", umlauts), "rename back");
}

void meet_refusals(const settings& with, client& session)
{
    const auto near = with.near / "missing";
    const auto check_refusal = [&](const libftp::operation_error& error) {
        check(error.code == libftp::protocol_errc::refused_permanently, "it is refused permanently");
        check(error.answer.code == 550 || error.answer.code == 553, "the reply is 550, or 553 for a name to write to");
        check(error.session == libftp::session_state::usable, "the session is usable");
        check(!fs::exists(near), "there is no file on this side");
    };
    check_refusal(must_fail(session.download("missing", near.string()), "download of what is not there"));
    check_refusal(must_fail(session.stat("missing"), "stat of what is not there"));
    check_refusal(must_fail(session.remove_file("missing"), "removal of what is not there"));
    check_refusal(must_fail(session.rename("missing", "other"), "renaming of what is not there"));
    check_refusal(must_fail(session.change_directory("missing"), "changing to what is not there"));
    check_refusal(must_fail(session.upload(libftp::make_text_reader("x"), "missing/file"), "upload to nowhere"));
    must(session.keep_alive(), "keep alive");
}

void resume_downloads(client& session, const settings& with, const std::string& whole)
{
    libftp::transfer_options options;
    options.existing = existing_file::resume;
    // Other bytes before the cut show that only what was missing has come.
    const auto near = with.near / big;
    const std::string half(2 * mib + 1, 'h');
    const auto mixed = half + whole.substr(half.size());
    write_file(near, half);
    const auto done = must(session.download(big, near.string(), options), "resume a download");
    check_result(with, done, whole.size() - half.size(), "the rest");
    check_equal(done.offset, half.size(), "where it began");
    check(read_file(near) == mixed, "each byte is right");

    const auto nothing = must(session.download(big, near.string(), options), "resume a whole download");
    check_equal(nothing.bytes, 0U, "the bytes");
    check(read_file(near) == mixed, "each byte is still right");

    fs::remove(near);
    check_result(with, must(session.download(big, near.string(), options), "resume what has not begun"), whole.size(),
                 "all of it");
    check(read_file(near) == whole, "each byte is right");
}

void resume_uploads(client& session, const settings& with, const std::string& whole)
{
    libftp::transfer_options options;
    options.existing = existing_file::resume;
    const auto there = with.served / "up";
    const auto near = (with.near / big).string();
    const std::string half(3 * mib + 5, 'h');
    const auto mixed = half + whole.substr(half.size());
    must(session.upload(libftp::make_text_reader(half), "up"), "upload a part");
    const auto done = must(session.upload(near, "up", options), "resume an upload");
    check_result(with, done, whole.size() - half.size(), "the rest");
    check_equal(done.offset, half.size(), "where it began");
    check(read_file(there) == mixed, "each byte is right");

    const auto nothing = must(session.upload(near, "up", options), "resume a whole upload");
    check_equal(nothing.bytes, 0U, "the bytes");
    check(read_file(there) == mixed, "each byte is still right");

    must(session.remove_file("up"), "remove");
    must(session.upload(near, "up", options), "resume what has not begun");
    check(read_file(there) == whole, "each byte is right");
}

} // namespace

void exchange(const settings& with)
{
    auto session = connect(with);
    must(session.make_directory(album), "make a directory");
    must(session.change_directory(album), "change to it");
    check_equal(must(session.working_directory(), "where it is"), "/" + album, "the directory");
    upload_samples(with, session);
    list_samples(session);
    download_samples(with, session);
    ask_facts(with, session);
    change_facts(with, session);
    append_and_name(with, session);
    meet_refusals(with, session);
    for (const auto& [name, content] : samples())
        must(session.remove_file(name), "remove " + name);
    check_equal(must(session.list(), "list what is empty").entries.size(), 0U, "entries of the listing");
    must(session.change_directory(".."), "change back");
    must(session.remove_directory(album), "remove the directory");
    check_empty(with.served, "the server has nothing any more");
    session.quit();
    check(!session.is_connected(), "it has said good-bye");
}

void resume(const settings& with)
{
    auto session = connect(with);
    const auto whole = noise(5 * mib + 3, 3659);
    must(session.upload(libftp::make_text_reader(whole), big), "upload");
    resume_downloads(session, with, whole);
    resume_uploads(session, with, whole);
    session.quit();
}

void sizes(const settings& with)
{
    auto session = connect(with);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{16384}, std::size_t{100'000}, 64 * mib}) {
        const auto what = std::to_string(size) + " bytes";
        const auto content = noise(size, 4217);
        check_result(with, must(session.upload(libftp::make_text_reader(content), "file"), "upload"), size, what);
        check(read_file(with.served / "file") == content, what + ": each byte has come to the server");
        std::string back;
        check_result(with, must(session.download("file", libftp::make_text_writer(back)), "download"), size, what);
        check(back == content, what + ": each byte has come back");
    }
    must(session.remove_file("file"), "remove");
    session.quit();
}

} // namespace driver
