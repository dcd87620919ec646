// Open files of a disk store, and the descriptors they offer for transfers without copying.
#include <libftp/store/disk_store.hpp>

#include "support/scratch_folder.hpp"
#include "support/store_access.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include <fcntl.h>
#include <unistd.h>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::content_of;
using libftp::testing::error_of;

namespace {

struct on_disk {
    libftp::testing::scratch_folder folder;
    std::shared_ptr<disk_store> store = disk_store::open(folder.path().string()).value();
};

} // namespace

TEST_CASE("A reader offers its descriptor and where it stands, and hears what was taken there")
{
    on_disk s;
    s.folder.write("f", "0123456789");
    const auto reader = s.store->open_read(at("/f"), 2).value();
    const auto native = reader->native().value();
    CHECK(native.offset == 2);
    char taken[3];
    REQUIRE(::pread(native.descriptor, taken, 3, static_cast<off_t>(native.offset)) == 3);
    CHECK(std::string(taken, 3) == "234");
    reader->skip(3);
    CHECK(reader->native()->offset == 5);
    CHECK(reader->remaining() == 5);
    CHECK(libftp::testing::read_all(*reader) == "56789");
    CHECK(reader->native()->offset == 10);
}

TEST_CASE("A file that the kernel writes while it is read is read to its end, though it says that it is empty")
{
    const auto kernel = disk_store::open("/proc").value();
    const auto reader = kernel->open_read(at("/version"), 0).value();
    CHECK(reader->remaining() == std::nullopt);
    CHECK(libftp::testing::read_all(*reader).starts_with("Linux"));

    on_disk s;
    s.folder.write("empty", "");
    CHECK(s.store->open_read(at("/empty"), 0).value()->remaining() == 0);
}

TEST_CASE("A reader gives what the file held when it was opened, though it grows; what is cut off is missing")
{
    on_disk s;
    s.folder.write("f", "01234");
    const auto growing = s.store->open_read(at("/f"), 2).value();
    s.folder.write("f", "0123456789");
    CHECK(growing->remaining() == 3);
    std::array<char, 16> buffer{};
    CHECK(growing->read(buffer).value() == 3);
    CHECK(growing->read(buffer).value() == 0);

    const auto shrinking = s.store->open_read(at("/f"), 2).value();
    s.folder.write("f", "012");
    CHECK(shrinking->read(buffer).value() == 1);
    CHECK(shrinking->read(buffer).value() == 0);
    CHECK(shrinking->remaining() == 7);
}

TEST_CASE("A file of more than 4 GiB is resumed and read behind that, with times behind 2038")
{
    constexpr std::uint64_t size = (std::uint64_t{1} << 32U) + 3;
    constexpr file_time late{std::chrono::sys_days{std::chrono::year{2100} / 1 / 2}.time_since_epoch()};
    on_disk s;
    s.folder.write("f", "");
    std::filesystem::resize_file(s.folder.path("f"), size); // It is a hole, which takes no space.

    const auto writer = s.store->open_write(at("/f"), {.mode = write_mode::resume, .offset = size - 1}).value();
    writer->write("xyz").value();
    writer->commit().value();
    s.store->set_attributes(at("/f"), {.modified = late}).value();
    CHECK(s.store->stat(at("/f"))->size == size + 2);
    CHECK(s.store->stat(at("/f"))->modified == late);
    const auto reader = s.store->open_read(at("/f"), size - 2).value();
    CHECK(reader->remaining() == 4);
    CHECK(libftp::testing::read_all(*reader) == std::string{"\0xyz", 4});
}

TEST_CASE("A resuming writer takes nothing away before its first bytes come, and offers no descriptor until then")
{
    on_disk s;
    s.folder.write("f", "0123456789");
    const auto writer = s.store->open_write(at("/f"), {.mode = write_mode::resume, .offset = 4}).value();
    CHECK_FALSE(writer->native().has_value());
    CHECK(s.folder.read("f") == "0123456789");
    CHECK(writer->commit().has_value());
    CHECK(s.folder.read("f") == "0123");
}

TEST_CASE("Who resumes a file keeps others from changing it in place until the writer is gone")
{
    on_disk s;
    const auto opened = [&s](write_mode mode) { return s.store->open_write(at("/f"), {.mode = mode}); };
    for (const auto first : {write_mode::resume, write_mode::append}) {
        s.folder.write("f", "0123456789");
        auto writer = opened(first).value();
        CHECK(error_of(opened(write_mode::resume)) == store_errc::busy);
        CHECK(opened(write_mode::append).has_value() == (first == write_mode::append));
        CHECK(opened(write_mode::replace).has_value());
        CHECK(content_of(*s.store, "/f") == "0123456789");
        writer.reset();
        CHECK(opened(write_mode::resume).has_value());
        CHECK(opened(write_mode::append).has_value());
    }
}

TEST_CASE("A resuming writer that others have cut the file before fails at commit")
{
    on_disk s;
    s.folder.write("f", "0123456789");
    const auto writer = s.store->open_write(at("/f"), {.mode = write_mode::resume, .offset = 10}).value();
    writer->write("abc").value();
    std::filesystem::resize_file(s.folder.path("f"), 5);
    CHECK(error_of(writer->commit()) == store_errc::busy);
}

TEST_CASE("Replacing and resuming writers offer their descriptor and where they stand")
{
    on_disk s;
    s.folder.write("f", "0123456789");
    for (const auto& [mode, offset] : {std::pair{write_mode::replace, 0}, {write_mode::resume, 4}}) {
        const auto start = static_cast<std::uint64_t>(offset);
        const auto writer = s.store->open_write(at("/f"), {.mode = mode, .offset = start}).value();
        CHECK(writer->write("ab").has_value());
        const auto native = writer->native().value();
        CHECK(native.offset == start + 2);
        REQUIRE(::pwrite(native.descriptor, "cd", 2, static_cast<off_t>(native.offset)) == 2);
        writer->skip(2);
        CHECK(writer->write("ef").has_value());
        CHECK(writer->commit().has_value());
        CHECK(s.folder.read("f").substr(static_cast<std::size_t>(start)) == "abcdef");
    }
}

TEST_CASE("The descriptors that are offered can be spliced to")
{
    on_disk s;
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const auto writer = s.store->open_write(at("/f"), {}).value();
    REQUIRE(::write(ends[1], "spliced", 7) == 7);
    const auto native = writer->native().value();
    auto offset = static_cast<off_t>(native.offset);
    CHECK(::splice(ends[0], nullptr, native.descriptor, &offset, 7, 0) == 7);
    writer->skip(7);
    CHECK(writer->write(".").has_value());
    CHECK(writer->commit().has_value());
    CHECK(s.folder.read("f") == "spliced.");
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_CASE("An appending writer offers no descriptor, and always writes at the end")
{
    on_disk s;
    s.folder.write("log", "begin ");
    const auto first = s.store->open_write(at("/log"), {.mode = write_mode::append}).value();
    const auto second = s.store->open_write(at("/log"), {.mode = write_mode::append}).value();
    CHECK_FALSE(first->native().has_value());
    CHECK(first->write("one ").has_value());
    CHECK(second->write("two ").has_value());
    CHECK(first->write("three").has_value());
    CHECK(s.folder.read("log") == "begin one two three");
    CHECK(first->commit().has_value());
    CHECK(second->commit().has_value());
}

TEST_CASE("What a writer changed in place stays without a commit")
{
    on_disk s;
    s.folder.write("f", "0123456789");
    s.store->open_write(at("/f"), {.mode = write_mode::resume, .offset = 4}).value()->write("x").value();
    CHECK(s.folder.read("f") == "0123x");
    s.store->open_write(at("/f"), {.mode = write_mode::append}).value()->write("y").value();
    CHECK(s.folder.read("f") == "0123xy");
}
