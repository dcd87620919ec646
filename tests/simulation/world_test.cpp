// A simulation that cannot fail is worth nothing: each of these stores lies in one way, and is caught.
#include "runner.hpp"
#include "world.hpp"

#include <libftp/store/store_decorator.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

using namespace libftp;
using namespace libftp::simulation;

namespace {

/// The first finding in a few worlds with such a store; empty: none.
template <class Store>
std::string finding_with()
{
    world_options options;
    options.files = [](std::shared_ptr<file_store> good) { return std::make_shared<Store>(std::move(good)); };
    for (options.seed = 1; options.seed < 200; ++options.seed) {
        const auto outcome = run_world(options);
        if (outcome.has_failed)
            return outcome.found.what;
    }
    return {};
}

class honest final : public store_decorator {
public:
    using store_decorator::store_decorator;
};

/// Keeps all but the last byte of each piece.
class forgetful final : public store_decorator {
public:
    using store_decorator::store_decorator;
    result<std::unique_ptr<file_writer>> open_write(const store_path& path, const write_options& options) override
    {
        auto opened = store_decorator::open_write(path, options);
        if (!opened)
            return opened;
        return std::make_unique<writer>(*std::move(opened));
    }

private:
    class writer final : public file_writer {
    public:
        explicit writer(std::unique_ptr<file_writer> good) : good_(std::move(good)) {}
        result<void> write(std::string_view bytes) override { return good_->write(bytes.substr(0, bytes.size() - 1)); }
        result<void> commit() override { return good_->commit(); }

    private:
        std::unique_ptr<file_writer> good_;
    };
};

/// Gives another byte than the one that is there.
class garbling final : public store_decorator {
public:
    using store_decorator::store_decorator;
    result<std::unique_ptr<file_reader>> open_read(const store_path& path, std::uint64_t offset) override
    {
        auto opened = store_decorator::open_read(path, offset);
        if (!opened)
            return opened;
        return std::make_unique<reader>(*std::move(opened));
    }

private:
    class reader final : public file_reader {
    public:
        explicit reader(std::unique_ptr<file_reader> good) : good_(std::move(good)) {}
        result<std::size_t> read(std::span<char> buffer) override
        {
            auto count = good_->read(buffer);
            if (count && *count != 0)
                buffer.front() = 'X';
            return count;
        }
        [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return good_->remaining(); }

    private:
        std::unique_ptr<file_reader> good_;
    };
};

/// Says that it has removed what it has not.
class lazy final : public store_decorator {
public:
    using store_decorator::store_decorator;
    result<void> remove_file(const store_path& path) override
    {
        const auto info = stat(path);
        return info && !info->is_directory() ? result<void>{} : store_decorator::remove_file(path);
    }
};

/// Leaves the first name out.
class secretive final : public store_decorator {
public:
    using store_decorator::store_decorator;
    result<std::unique_ptr<directory_reader>> open_directory(const store_path& path) override
    {
        auto opened = store_decorator::open_directory(path);
        file_info first;
        if (opened)
            static_cast<void>((*opened)->next(first));
        return opened;
    }
};

/// Never gives its memory back.
class hoarding final : public store_decorator {
public:
    using store_decorator::store_decorator;
    result<void> make_directory(const store_path& path, std::optional<std::uint32_t> umask) override
    {
        static std::vector<std::string> kept;
        kept.push_back(std::string(100, 'x'));
        return store_decorator::make_directory(path, umask);
    }
};

} // namespace

TEST_CASE("A store that does as it says gives no finding")
{
    CHECK(finding_with<honest>().empty());
}

TEST_CASE("A network that falls silent when a client is done with its data excuses the client")
{
    // Of these worlds one had a finding when the client was not told.
    world_options options;
    options.max_errands = 5;
    for (options.seed = 70188050; options.seed < 70188055; ++options.seed)
        CHECK_FALSE(run_world(options).has_failed);
}

TEST_CASE("Of two removals of one file the one that the store refuses has not removed it")
{
    // In this world the change was taken for that of the first, and the second was found to have done nothing.
    CHECK_FALSE(run_world({.seed = 71589928}).has_failed);
}

TEST_CASE("A store that loses bytes, garbles them, keeps what it removes or hides a name is caught")
{
    CHECK_FALSE(finding_with<forgetful>().empty());
    CHECK_FALSE(finding_with<garbling>().empty());
    CHECK_FALSE(finding_with<lazy>().empty());
    CHECK_FALSE(finding_with<secretive>().empty());
}

TEST_CASE("Memory that is not given back is noticed")
{
    CHECK(finding_with<hoarding>() == "memory is not given back");
}

TEST_CASE("A seed gives the same world each time, to the last line of its trace")
{
    for (std::uint64_t seed = 1; seed < 40; ++seed) {
        const world_options options{.seed = seed, .keeps = journal::keeps::everything};
        const auto first = run_world(options);
        const auto second = run_world(options);
        CHECK(first.fingerprint == second.fingerprint);
        CHECK(first.trace == second.trace);
    }
}

TEST_CASE("A finding is made small, and keeps what it is")
{
    world_options options;
    options.files = [](std::shared_ptr<file_store> good) { return std::make_shared<garbling>(std::move(good)); };
    auto outcome = run_world(options);
    while (!outcome.has_failed) {
        ++options.seed;
        outcome = run_world(options);
    }
    const auto least = shrink(options, outcome.found);
    CHECK(run_world(least).found.what == outcome.found.what);
    CHECK(least.max_errands <= options.max_errands);
    CHECK(least.left_out != 0);
    CHECK(replay_command(least).find("--without=") != std::string::npos);
}
