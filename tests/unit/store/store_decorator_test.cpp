// What a decorator passes on, and that it can be told apart in one call only.
#include <libftp/store/store_decorator.hpp>

#include <libftp/store/memory_store.hpp>

#include "support/store_access.hpp"
#include "support/store_with_space.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::content_of;
using libftp::testing::error_of;
using libftp::testing::names_in;
using libftp::testing::store_with_space;
using libftp::testing::write_file;
using names = std::vector<std::string>;

namespace {

class plain_decorator final : public store_decorator {
public:
    using store_decorator::store_decorator;
};

/// As a program may write its own.
class without_removal final : public store_decorator {
public:
    using store_decorator::store_decorator;
    result<void> remove_file(const store_path& /*path*/) override { return store_errc::permission_denied; }
};

} // namespace

TEST_CASE("A decorator that overrides nothing is like the store behind it")
{
    const auto files = std::make_shared<memory_store>();
    plain_decorator store{files};
    store.make_directory(at("/d"), 077U).value();
    CHECK(files->stat(at("/d")).value().mode == 0700U);
    write_file(store, "/d/a", "text").value();
    write_file(store, "/d/a", "+more", write_mode::append).value();
    CHECK(content_of(store, "/d/a") == "text+more");
    CHECK(content_of(*files, "/d/a") == "text+more");
    CHECK(store.stat(at("/d/a")).value() == files->stat(at("/d/a")).value());
    store.set_attributes(at("/d/a"), {.mode = 0640U}).value();
    CHECK(store.stat(at("/d/a")).value().mode == 0640U);
    store.make_symbolic_link(at("/d/a"), at("/l")).value();
    CHECK(content_of(store, "/l") == "text+more");
    store.rename(at("/d/a"), at("/b")).value();
    CHECK(names_in(store, "/") == names{"b", "d", "l"});
    store.remove_file(at("/b")).value();
    store.remove_directory(at("/d")).value();
    CHECK(names_in(*files, "/") == names{"l"});
    CHECK(error_of(store.open_read(at("/b"), 0)) == store_errc::not_found);
    CHECK(error_of(store.available_space(at("/"))) == store_errc::not_supported);
}

TEST_CASE("A decorator blocks and can do what the store behind it does")
{
    plain_decorator quick{std::make_shared<memory_store>()};
    CHECK_FALSE(quick.blocks());
    CHECK_FALSE(quick.is_seldom_slow());
    CHECK(quick.can(store_ability::symbolic_links));
    CHECK_FALSE(quick.can(store_ability::space));

    plain_decorator slow{std::make_shared<store_with_space>()};
    CHECK(slow.blocks());
    CHECK(slow.can(store_ability::space));
    CHECK(slow.available_space(at("/")).value() == 1000);
}

TEST_CASE("A decorator is seldom slow where the store behind it is")
{
    class quick_store final : public store_decorator {
    public:
        using store_decorator::store_decorator;
        [[nodiscard]] bool is_seldom_slow() const noexcept override { return true; }
    };
    const auto quick = std::make_shared<quick_store>(std::make_shared<memory_store>());
    CHECK(plain_decorator{quick}.is_seldom_slow());
    CHECK_FALSE(plain_decorator{std::make_shared<memory_store>()}.is_seldom_slow());
}

TEST_CASE("A decorator changes only what it overrides")
{
    without_removal store{std::make_shared<memory_store>()};
    write_file(store, "/a", "text").value();
    CHECK(error_of(store.remove_file(at("/a"))) == store_errc::permission_denied);
    CHECK(content_of(store, "/a") == "text");
}

TEST_CASE("A directory is found where the decorator shows it and the store behind it lets one in")
{
    class closed_store final : public store_decorator {
    public:
        using store_decorator::store_decorator;
        result<void> find_directory(const store_path&) override { return store_errc::permission_denied; }
    };
    class hiding final : public store_decorator {
    public:
        using store_decorator::store_decorator;
        result<file_info> stat(const store_path&) override { return store_errc::not_found; }
    };
    const auto files = std::make_shared<memory_store>();
    files->add_file("/d/a", "");
    CHECK(plain_decorator{files}.find_directory(at("/d")).has_value());
    CHECK(error_of(plain_decorator{files}.find_directory(at("/d/a"))) == store_errc::not_a_directory);
    CHECK(error_of(hiding{files}.find_directory(at("/d"))) == store_errc::not_found);
    plain_decorator around{std::make_shared<closed_store>(files)};
    CHECK(error_of(around.find_directory(at("/d"))) == store_errc::permission_denied);
}

TEST_CASE("Renaming to a new name by a decorator does not replace a link that leads nowhere")
{
    const auto files = std::make_shared<memory_store>();
    files->add_file("/a", "1");
    files->add_directory("/d");
    files->make_symbolic_link(at("/gone"), at("/d/link")).value();
    plain_decorator store{files};
    CHECK(store.rename_to_new(at("/a"), at("/d/link")).error() == store_errc::already_exists);
    CHECK(names_in(store, "/d") == names{"link"});
    CHECK(store.rename_to_new(at("/a"), at("/none/b")).error() == store_errc::not_found);
    CHECK(store.rename_to_new(at("/a"), at("/d/b")).has_value());
    CHECK(names_in(store, "/d") == names{"b", "link"});
}

TEST_CASE("Renaming to a new name looks and renames as the decorator does")
{
    class refusing final : public store_decorator {
    public:
        using store_decorator::store_decorator;
        result<void> rename(const store_path&, const store_path&) override { return store_errc::read_only; }
    };
    const auto files = std::make_shared<memory_store>();
    files->add_file("/a", "1");
    files->add_file("/b", "2");
    refusing store{files};
    CHECK(store.rename_to_new(at("/a"), at("/b")).error() == store_errc::already_exists);
    CHECK(store.rename_to_new(at("/a"), at("/c")).error() == store_errc::read_only);
}
