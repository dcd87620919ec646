// Entries of listings, written and read, and whole listings of a directory in memory.
#include "operation.hpp"

#include <libftp/protocol/listing_format.hpp>
#include <libftp/protocol/listing_parser.hpp>
#include <libftp/store/listing.hpp>
#include <libftp/store/memory_store.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <string>

namespace libftp::bench {

namespace {

constexpr int many = 1000;

const file_time now{std::chrono::hours{24} * 365 * 56};

file_info usual_file()
{
    return {.name = "libftp-0.1.0.tar.gz",
            .size = 1'234'567,
            .modified = now - std::chrono::hours{24} * 40,
            .mode = 0644,
            .owner = "ann",
            .group = "users",
            .unique = "801g1f4e2"};
}

std::shared_ptr<file_store> directory_of_many()
{
    auto files = std::make_shared<memory_store>([] { return now; });
    for (int i = 0; i < many; ++i)
        files->add_file("/photograph-" + std::to_string(10'000 + i) + ".jpeg", "content");
    return files;
}

std::string whole_listing(const std::shared_ptr<file_store>& files, listing_form form)
{
    listing_request request{.form = form, .facts = fact_set::standard(), .allowed = permissions::full(), .now = now};
    const auto reader = open_listing(files, request);
    std::string text;
    std::array<char, 16'384> buffer;
    while (const auto bytes = (*reader)->read(buffer).value_or(0))
        text.append(buffer.data(), bytes);
    return text;
}

operation list_many(std::string_view name, listing_form form)
{
    return {.name = name,
            .prepare = [form] { return [form, files = directory_of_many()] { keep(whole_listing(files, form)); }; }};
}

std::function<void()> format_unix_line()
{
    return [info = usual_file(), out = std::make_shared<std::string>()] {
        out->clear();
        append_unix_line(*out, info, now);
        keep(*out);
    };
}

std::function<void()> format_facts_line()
{
    return [info = usual_file(), out = std::make_shared<std::string>()] {
        out->clear();
        append_facts(*out, info, fact_set::standard(), permissions::full(), info.name);
        keep(*out);
    };
}

std::function<void()> parse_facts()
{
    std::string line;
    append_facts(line, usual_file(), fact_set::standard(), permissions::full(), usual_file().name);
    return [line] { keep(parse_facts_line(line)); };
}

std::function<void()> parse_unix_line()
{
    std::string line;
    append_unix_line(line, usual_file(), now);
    return [line] { keep(parse_listing(line, {.now = now})); };
}

std::function<void()> parse_many()
{
    return [text = whole_listing(directory_of_many(), listing_form::unix_lines)] {
        keep(parse_listing(text, {.now = now}));
    };
}

} // namespace

std::vector<operation> listing_operations()
{
    return {
        {.name = "format_unix_line", .prepare = format_unix_line},
        {.name = "format_facts_line", .prepare = format_facts_line},
        {.name = "parse_unix_line", .prepare = parse_unix_line},
        {.name = "parse_facts_line", .prepare = parse_facts},
        list_many("list_1000_unix_lines", listing_form::unix_lines),
        list_many("list_1000_facts_lines", listing_form::facts),
        list_many("list_1000_names", listing_form::names),
        {.name = "parse_1000_unix_lines", .prepare = parse_many},
    };
}

} // namespace libftp::bench
