// Tests the base of stores that can only be looked at.
#include <libftp/store/single_file.hpp>
#include <libftp/store/store_view.hpp>

#include <doctest/doctest.h>

using namespace libftp;

namespace {

/// Has one file, `/a`.
class one_file final : public store_view {
public:
    result<file_info> stat(const store_path& path) override
    {
        if (path.is_root())
            return file_info{.type = file_type::directory};
        if (path.string() == "/a")
            return file_info{.name = "a", .size = 3};
        return store_errc::not_found;
    }
    result<std::unique_ptr<file_reader>> open_read(const store_path& /*path*/, std::uint64_t offset) override
    {
        return make_text_reader(std::string{"all"}.substr(static_cast<std::size_t>(offset)));
    }
    result<std::unique_ptr<directory_reader>> open_directory(const store_path& /*path*/) override
    {
        return make_directory_reader({{.name = "a", .size = 3}});
    }
};

} // namespace

TEST_CASE("a store view refuses every change as read-only")
{
    one_file store;
    const auto a = store_path{}.resolve("/a").value();
    const auto b = store_path{}.resolve("/b").value();
    CHECK(store.open_write(b, {}).error() == store_errc::read_only);
    CHECK(store.make_directory(b, std::nullopt).error() == store_errc::read_only);
    CHECK(store.remove_directory(b).error() == store_errc::read_only);
    CHECK(store.remove_file(a).error() == store_errc::read_only);
    CHECK(store.rename(a, b).error() == store_errc::read_only);
    CHECK(store.rename_to_new(a, a).error() == store_errc::read_only);
    CHECK(store.set_attributes(a, {}).error() == store_errc::not_supported);
}

TEST_CASE("a directory reader made of a list gives its entries in their order and then the end, again and again")
{
    const auto reader = make_directory_reader({{.name = "b"}, {.name = "a"}});
    file_info entry;
    CHECK(reader->next(entry).value());
    CHECK(entry.name == "b");
    CHECK(reader->next(entry).value());
    CHECK(entry.name == "a");
    CHECK_FALSE(reader->next(entry).value());
    CHECK_FALSE(reader->next(entry).value());
}
