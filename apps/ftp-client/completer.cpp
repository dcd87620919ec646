// Names that a terminal could not show, or a command line not hold, are left out.
#include "completer.hpp"

#include "bookmark_file.hpp"
#include "bookmarks.hpp"
#include "interruption.hpp"
#include "typed_line.hpp"
#include "user_files.hpp"
#include "vocabulary.hpp"

#include <libftp/net/now.hpp>
#include <libftp/protocol/reply.hpp>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace fs = std::filesystem;

namespace {

const vocabulary_row* find_row(std::string_view name)
{
    return read_command(name).row;
}

void add(std::vector<candidate>& found, std::string_view wanted, std::string text, bool is_directory)
{
    if (text.starts_with(wanted) && libftp::escape_controls(text) == text)
        found.push_back({std::move(text), is_directory});
}

std::vector<candidate> commands_like(std::string_view word)
{
    std::vector<candidate> found;
    for (const auto& group : vocabulary()) {
        for (const auto& row : group.rows) {
            for (const auto name : row.names) {
                // Who has typed nothing is not to choose among FTP's verbs too.
                const bool is_verb = !name.empty() && name.front() >= 'A' && name.front() <= 'Z';
                if (!name.empty() && !(is_verb && word.empty()))
                    add(found, word, std::string{name}, false);
            }
        }
    }
    return found;
}

std::vector<candidate> bookmarks_like(std::string_view word)
{
    std::vector<candidate> found;
    for (auto& each : parse_bookmarks(read_bookmarks().value_or("")))
        add(found, word, std::move(each.name), false);
    return found;
}

} // namespace

completed completer::complete(std::string_view line)
{
    const auto place = place_to_complete(line, find_row);
    completed answer{.candidates = candidates_for(place)};
    // Nothing is quoted there, and a part of the name would be run as a program, or written over a file.
    if (place.is_rest_of_line && !keeps_whole_line(line))
        std::erase_if(answer.candidates, [](const candidate& one) { return split_line(one.text).command != one.text; });
    std::ranges::sort(answer.candidates, {}, &candidate::text);
    answer.to_insert = text_to_insert(place, answer.candidates);
    return answer;
}

std::vector<candidate> completer::candidates_for(const completion_place& place)
{
    switch (place.kind) {
    case completed_kind::command: return commands_like(place.word);
    case completed_kind::host: return bookmarks_like(place.word);
    case completed_kind::remote_name: return remote_names(place.word);
    case completed_kind::local_name: return local_names(place.word);
    case completed_kind::nothing: break;
    }
    return {};
}

std::vector<candidate> completer::remote_names(const std::string& word)
{
    const std::string directory{directory_part(word)};
    std::vector<candidate> found;
    if (const auto* names = list(directory)) {
        for (const auto& each : *names)
            add(found, word, directory + each.name, each.is_directory);
    }
    return found;
}

const std::vector<remote_name>* completer::list(const std::string& directory)
{
    auto& s = session_;
    if (!s.client.is_connected() || !s.user_was_sent)
        return nullptr;
    const auto key = remote_listings::absolute(remote_directory(s), directory);
    if (const auto* known = s.listings.find(key, libftp::net::now()))
        return known;
    auto last_reply = s.last_reply;
    auto farewell = s.farewell;
    const interruption stop{[&s] { s.interrupt(); }};
    if (const auto listing = s.client.list(directory))
        s.listings.remember(key, listing->entries, libftp::net::now());
    s.last_reply = std::move(last_reply);
    if (!s.farewell)
        s.farewell = std::move(farewell);
    return s.listings.find(key, libftp::net::now());
}

std::vector<candidate> completer::local_names(const std::string& word) const
{
    const std::string directory{directory_part(word)};
    const auto folder = session_.local(expand_home(directory));
    std::vector<candidate> found;
    std::error_code error;
    for (fs::directory_iterator i{folder, error}; !error && i != fs::directory_iterator{}; i.increment(error)) {
        const auto name = i->path().filename().string();
        std::error_code ignored;
        if (!name.starts_with('.') || word.size() > directory.size())
            add(found, word, directory + name, i->is_directory(ignored));
    }
    return found;
}
