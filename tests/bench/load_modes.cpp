// The work of one session in each mode.
#include "load_modes.hpp"

#include "failure.hpp"
#include "http_download.hpp"

#include <charconv>

namespace bench {

namespace {

constexpr std::size_t small_bytes = 1024;
constexpr std::uint64_t small_files = 1000;
constexpr std::uint64_t most = std::uint64_t{1} << 50U;
const std::string piece(256 * 1024, 'u');

task<> log_in(load& all, std::size_t number)
{
    auto& session = all.begin_session(number);
    co_await session.connect();
    co_await session.log_in();
    co_await session.prepare();
}

task<> log_in_for_file(load& all, std::size_t number)
{
    co_await log_in(all, number);
    all.file_bytes = co_await all.sessions[number]->size(all.asked.places[0]);
}

task<> quit(load& all, std::size_t number)
{
    co_await all.sessions[number]->quit();
}

task<> download(load& all, std::size_t number)
{
    for (std::uint64_t i = 0; i < all.asked.times; ++i) {
        co_await all.sessions[number]->download(all.asked.places[0], all.file_bytes);
        all.done.bytes += all.file_bytes;
        ++all.done.operations;
    }
}

std::string uploaded_name(const load& all, std::size_t number)
{
    return all.asked.places[0] + '-' + std::to_string(number);
}

task<> upload(load& all, std::size_t number)
{
    const auto bytes = all.number_at(1);
    for (std::uint64_t i = 0; i < all.asked.times; ++i) {
        co_await all.sessions[number]->upload(uploaded_name(all, number), piece, bytes);
        all.done.bytes += bytes;
        ++all.done.operations;
    }
}

task<> check_size(load_session& session, std::string name, std::uint64_t bytes)
{
    const auto found = co_await session.size(name);
    if (found != bytes)
        throw failure{name + " has " + std::to_string(found) + " bytes instead of " + std::to_string(bytes)};
    co_await session.quit();
}

task<> check_upload(load& all, std::size_t number)
{
    co_await check_size(*all.sessions[number], uploaded_name(all, number), all.number_at(1));
}

task<> download_small_files(load& all, std::size_t number)
{
    const auto count = all.number_at(0);
    for (std::uint64_t i = 0; i < count; ++i) {
        co_await all.sessions[number]->download("small-" + std::to_string(i % small_files), small_bytes);
        all.done.bytes += small_bytes;
        ++all.done.operations;
    }
}

std::string small_name(std::size_t number, std::uint64_t file)
{
    return "new-" + std::to_string(number) + '-' + std::to_string(file);
}

task<> upload_small_files(load& all, std::size_t number)
{
    const auto count = all.number_at(0);
    for (std::uint64_t i = 0; i < count; ++i) {
        co_await all.sessions[number]->upload(small_name(number, i), piece, small_bytes);
        all.done.bytes += small_bytes;
        ++all.done.operations;
    }
}

task<> check_last_small_file(load& all, std::size_t number)
{
    co_await check_size(*all.sessions[number], small_name(number, all.number_at(0) - 1), small_bytes);
}

task<> log_in_often(load& all, std::size_t number)
{
    const auto count = all.number_at(0);
    for (std::uint64_t i = 0; i < count; ++i) {
        auto& session = all.begin_session(number);
        co_await session.connect();
        co_await session.log_in();
        co_await session.quit();
        ++all.done.operations;
    }
}

task<> connect_often(load& all, std::size_t number)
{
    const auto count = all.number_at(0);
    for (std::uint64_t i = 0; i < count; ++i) {
        co_await all.begin_session(number).connect();
        all.sessions[number].reset();
        ++all.done.operations;
    }
}

task<> give_commands(load& all, std::size_t number)
{
    const auto& places = all.asked.places;
    const auto line = places.size() == 3 ? places[0] + ' ' + places[1] : places[0];
    const auto count = all.number_at(places.size() - 1);
    co_await all.sessions[number]->repeat(line, count, all.asked.in_flight);
    all.done.operations += count;
}

task<> list(load& all, std::size_t number)
{
    const auto& places = all.asked.places;
    const auto line = places.size() == 2 ? places[0] + ' ' + places[1] : places[0];
    for (std::uint64_t i = 0; i < all.asked.times; ++i) {
        const auto listed = co_await all.sessions[number]->list(line);
        all.done.bytes += listed.bytes;
        all.done.operations += listed.lines;
    }
}

task<> become_idle(load& all, std::size_t number)
{
    auto& session = all.begin_session(number);
    co_await session.connect();
    co_await session.log_in();
    ++all.done.operations;
}

task<> check_idle(load& all, std::size_t number)
{
    if (!all.sessions[number]->is_idle())
        throw failure{"idle session " + std::to_string(number) + " was not left alone"};
    co_return;
}

task<> download_by_http(load& all, std::size_t)
{
    http_download server{all.loop};
    co_await server.connect(all.asked.to.where, all.context.get());
    for (std::uint64_t i = 0; i < all.asked.times; ++i) {
        all.done.bytes += co_await server.fetch(all.asked.places[0]);
        ++all.done.operations;
    }
}

constexpr mode modes[] = {
    {"download", 1, 1, log_in_for_file, download, quit},
    {"upload", 2, 2, log_in, upload, check_upload},
    {"small-downloads", 1, 1, log_in, download_small_files, quit},
    {"small-uploads", 1, 1, log_in, upload_small_files, check_last_small_file},
    {"logins", 1, 1, nullptr, log_in_often, nullptr},
    {"connects", 1, 1, nullptr, connect_often, nullptr},
    {"commands", 2, 3, log_in, give_commands, quit},
    {"list", 1, 2, log_in, list, quit},
    {"idle", 1, 1, nullptr, become_idle, check_idle},
    {"http", 1, 1, nullptr, download_by_http, nullptr},
};

} // namespace

std::uint64_t parse_number(std::string_view text, std::uint64_t limit)
{
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number == 0 || number > limit)
        throw failure{std::string{text} + " is not a number from 1 to " + std::to_string(limit)};
    return number;
}

std::uint64_t load::number_at(std::size_t place) const
{
    return parse_number(asked.places.at(place), most);
}

load_session& load::begin_session(std::size_t number)
{
    sessions[number] = std::make_unique<load_session>(loop, asked.to, context.get());
    return *sessions[number];
}

const mode& find_mode(std::string_view name)
{
    for (const auto& known : modes) {
        if (known.name == name)
            return known;
    }
    throw failure{"no mode " + std::string{name}};
}

} // namespace bench
