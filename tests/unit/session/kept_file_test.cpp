// A near file that several attempts write to, one after the other.
#include "threads.hpp"

#include "../../../libftp/src/session/kept_file.hpp"

#include <libftp/error.hpp>

#include <doctest/doctest.h>

#include <array>

using namespace libftp;

namespace {

struct events {
    std::string text{};
    unsigned commits = 0;
    std::error_code discarded{};
};

class noting_writer final : public file_writer {
public:
    explicit noting_writer(std::shared_ptr<events> heard) : heard_(std::move(heard)) {}
    result<void> write(std::string_view bytes) override
    {
        if (bytes == "bad")
            return std::make_error_code(std::errc::io_error);
        heard_->text += bytes;
        return {};
    }
    result<void> commit() override
    {
        ++heard_->commits;
        return {};
    }
    void discard(std::error_code reason) override { heard_->discarded = reason; }

private:
    std::shared_ptr<events> heard_;
};

std::shared_ptr<kept_file> keep(const std::shared_ptr<events>& heard)
{
    return std::make_shared<kept_file>(std::make_unique<noting_writer>(heard),
                                       digest_set{std::array{digest_algorithm::crc32}});
}

} // namespace

TEST_CASE("What all attempts write goes to one file, which only its keeper commits")
{
    const auto heard = std::make_shared<events>();
    auto file = keep(heard);
    auto first = file->begin_attempt();
    CHECK(first->write("12345").has_value());
    first->discard(protocol_errc::timed_out);
    file->end_attempt();
    CHECK(file->written() == 5);
    auto second = file->begin_attempt();
    CHECK(second->write("6789").has_value());
    CHECK(second->commit().has_value());
    CHECK(heard->commits == 0);
    second.reset();
    CHECK(file->written() == 9);
    CHECK(file->finish_digest(digest_algorithm::crc32).value() == "cbf43926");
    CHECK(file->commit().has_value());
    file.reset();
    CHECK(heard->text == "123456789");
    CHECK(heard->commits == 1);
    CHECK_FALSE(heard->discarded);
}

TEST_CASE("An attempt that has ended writes nothing more")
{
    const auto heard = std::make_shared<events>();
    auto file = keep(heard);
    file->end_attempt();
    auto first = file->begin_attempt();
    file->end_attempt();
    file->end_attempt();
    CHECK(first->write("late").error() == protocol_errc::canceled);
    auto second = file->begin_attempt();
    CHECK(first->write("late").error() == protocol_errc::canceled);
    first->discard(protocol_errc::timed_out);
    CHECK(second->write("in time").has_value());
    CHECK(heard->text == "in time");
}

TEST_CASE("Bytes that could not be written are not counted")
{
    const auto heard = std::make_shared<events>();
    auto file = keep(heard);
    auto writer = file->begin_attempt();
    CHECK(writer->write("1").has_value());
    CHECK(writer->write("bad").error() == std::errc::io_error);
    file->end_attempt();
    CHECK(file->written() == 1);
}

TEST_CASE("A file that is not committed is discarded by whoever lets go last, for the reason of the last attempt")
{
    const auto heard = std::make_shared<events>();
    auto file = keep(heard);
    auto writer = file->begin_attempt();
    std::error_code reason = protocol_errc::canceled;
    SUBCASE("that has none") {}
    SUBCASE("that has one")
    {
        reason = protocol_errc::timed_out;
        writer->discard(reason);
    }
    file.reset();
    CHECK_FALSE(heard->discarded);
    writer.reset();
    CHECK(heard->discarded == reason);
    CHECK(heard->commits == 0);
}

TEST_CASE("A file that is stopped takes nothing more, from no attempt")
{
    const auto heard = std::make_shared<events>();
    auto file = keep(heard);
    auto first = file->begin_attempt();
    file->stop();
    CHECK(first->write("late").error() == protocol_errc::canceled);
    CHECK(file->begin_attempt()->write("late").error() == protocol_errc::canceled);
}

TEST_CASE("The end of an attempt waits for the write that is under way")
{
    constexpr unsigned rounds = 50;
    for (unsigned round = 0; round < rounds; ++round) {
        const auto heard = std::make_shared<events>();
        auto file = keep(heard);
        auto writer = file->begin_attempt();
        testing::on_threads(2, [&](std::size_t number) {
            if (number == 0) {
                while (writer->write("0123456789")) {
                }
            } else {
                file->end_attempt();
                CHECK(file->written() == heard->text.size());
                CHECK(file->begin_attempt()->write("x").has_value());
            }
        });
        CHECK(heard->text.back() == 'x');
    }
}
