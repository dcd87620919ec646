// Takes the URL apart: the server is connected to, and the path goes into the command.
#include "one_shot.hpp"

#include "command_lines.hpp"
#include "local_names.hpp"
#include "server_name.hpp"
#include "words.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <utility>
#include <vector>

using libftp::ftp_url;

namespace {

bool is_url(std::string_view text)
{
    return text.find("://") != std::string_view::npos;
}

/// What begins with a dash would be taken for an option, here or by the server.
std::string plain_name(const std::string& name)
{
    return name.size() > 1 && name.front() == '-' ? "./" + name : name;
}

std::string words(std::string_view command, const std::string& options, const std::vector<std::string>& names)
{
    std::string line{command};
    line += options;
    for (const auto& name : names) {
        if (!name.empty())
            line += ' ' + quote_word(plain_name(name));
    }
    return line;
}

/// The server, and the path apart from it.
std::pair<ftp_url, std::string> take_apart(const std::string& url, const known_logins& logins)
{
    auto server = read_server(url, logins);
    if (!server || server->host.empty())
        throw CLI::ValidationError("URL", fmt::format("this is no URL of a server: {}", fault_of_url(url)));
    auto path = std::exchange(server->path, {});
    return {std::move(*server), std::move(path)};
}

bool names_no_file(const std::string& path)
{
    return !last_component(path);
}

/// RFC 1738 3.2.2: `;type=d` is a directory, of which one wants the names.
void check_is_no_directory(const ftp_url& server)
{
    if (server.type == 'd')
        throw CLI::ValidationError("URL", "names a directory, by ;type=d; ls lists it, and get -r downloads it");
}

} // namespace

CLI::App* one_shot_forms::add_form(CLI::App& app, form which, const char* name, const char* description)
{
    auto* command = app.add_subcommand(name, description);
    command->fallthrough();
    command->callback([this, which] { used_ = which; });
    return command;
}

void one_shot_forms::add_flag(CLI::App& command, const char* name, const char* description)
{
    command.add_flag_callback(
        name, [this, name] { options_.append(" ").append(name); }, description);
}

void one_shot_forms::add_value(CLI::App& command, const char* name, const char* text, const char* description)
{
    command
        .add_option_function<unsigned>(
            name,
            [this, name](unsigned count) { options_.append(" ").append(name).append(" " + std::to_string(count)); },
            description)
        ->check(CLI::Range(1, 100))
        ->option_text(text);
}

void one_shot_forms::add_to(CLI::App& app)
{
    auto* get = add_form(app, form::get, "get", "Download a file, or a tree");
    get->add_option("URL", first_, "The file")->required();
    get->add_option("FILE", second_, "Its name on this side (the same); - is standard output");
    add_flag(*get, "-c", "Go on behind what is here");
    add_flag(*get, "-r", "A directory with all that is in it");
    add_value(*get, "-P", "N", "With -r, so many files at the same time (1)");

    auto* put = add_form(app, form::put, "put", "Upload a file, or a tree");
    put->add_option("FILE", first_, "The file on this side; - is standard input")->required();
    put->add_option("URL", second_, "Where to; with a slash at the end, into that directory")->required();
    put->add_option("MORE", more_, "More files: then the URL comes last, and is the directory for all of them");
    add_flag(*put, "-c", "Go on behind what is there");
    add_flag(*put, "-r", "A directory with all that is in it");
    add_value(*put, "-P", "N", "With -r, so many files at the same time (1)");

    auto* append = add_form(app, form::append, "append", "Upload a file to the end of another");
    append->add_option("FILE", first_, "The file on this side; - is standard input")->required();
    append->add_option("URL", second_, "The file there")->required();

    auto* ls = add_form(app, form::ls, "ls", "List a directory");
    ls->add_option("URL", first_, "The directory")->required();
    add_flag(*ls, "-l", "With sizes and times");
    add_flag(*ls, "-a", "Changes nothing");
    add_flag(*ls, "-1", "One name a line");

    add_form(app, form::cat, "cat", "Print a file")->add_option("URL", first_, "The file")->required();

    auto* mget = add_form(app, form::mget, "mget", "Download the files that fit a pattern");
    mget->add_option("URL", first_, "With *, ? and [] in its path; quote it for the shell")->required();
    mget->add_option("DIR", second_, "A directory of this side to put them in (this one)");
    add_value(*mget, "-P", "N", "So many at the same time (1)");

    auto* mirror = add_form(app, form::mirror, "mirror", "Make one tree like the other");
    mirror->add_option("FROM", first_, "The tree to read: a URL, or a directory here")->required();
    mirror->add_option("TO", second_, "The tree to change: a directory here, or a URL")->required();
    add_flag(*mirror, "--dry-run", "Only say what would be done");
    add_flag(*mirror, "--delete", "Remove what is not in FROM");
    add_value(*mirror, "-P", "N", "So many files at the same time (1)");

    auto* rm = add_form(app, form::rm, "rm", "Delete a file, or a tree");
    rm->add_option("URL", first_, "The file")->required();
    add_flag(*rm, "-r", "A directory with all that is in it");

    auto* mkdir = add_form(app, form::mkdir, "mkdir", "Make a directory");
    mkdir->add_option("URL", first_, "The directory")->required();
    add_flag(*mkdir, "-p", "With those above it; it may be there");
}

std::optional<one_shot> one_shot_forms::read(const known_logins& logins) const
{
    switch (used_) {
    case form::none: break;
    case form::get: return read_download(logins);
    case form::put: return read_upload(logins);
    case form::append: return read_upload_of_one(logins);
    case form::ls: return read_simple(options_.empty() ? "ls" : "cls", logins);
    case form::cat: return read_simple("cat", logins);
    case form::mget: return read_many(logins);
    case form::mirror: return read_mirror(logins);
    case form::rm: return read_simple("rm", logins);
    case form::mkdir: return read_simple("mkdir", logins);
    }
    return std::nullopt;
}

one_shot one_shot_forms::read_download(const known_logins& logins) const
{
    auto [server, path] = take_apart(first_, logins);
    const bool is_tree = options_.find("-r") != std::string::npos;
    while (is_tree && path.size() > 1 && path.ends_with('/'))
        path.pop_back();
    if (!is_tree)
        check_is_no_directory(server);
    if (names_no_file(path) && !is_tree)
        throw CLI::ValidationError("URL", "names no file; -r downloads a directory");
    if (names_no_file(path) && second_.empty())
        throw CLI::ValidationError("FILE", "is needed here: the directory has no name of its own");
    if (path.empty())
        path = ".";
    return {std::move(server), words("get", options_, {path, second_})};
}

/// Trees, and several files, go into a directory, as at the prompt.
one_shot one_shot_forms::read_upload(const known_logins& logins) const
{
    const bool is_tree = options_.find("-r") != std::string::npos;
    if (more_.empty() && !is_tree)
        return read_upload_of_one(logins);
    std::vector names{first_, second_};
    names.insert(names.end(), more_.begin(), more_.end());
    auto [server, path] = take_apart(names.back(), logins);
    names.back() = path.empty() ? "./" : std::move(path);
    return {std::move(server), words("put", options_, names)};
}

one_shot one_shot_forms::read_upload_of_one(const known_logins& logins) const
{
    auto [server, path] = take_apart(second_, logins);
    if (path.empty() || path.ends_with('/')) {
        const auto name = last_component(with_slashes(first_));
        if (first_ == "-")
            throw CLI::ValidationError("URL", "needs a name at its end: standard input has none");
        if (!name)
            throw CLI::ValidationError("FILE", "does not end in a name");
        path += *name;
    }
    return {std::move(server), words(used_ == form::put ? "put" : "append", options_, {first_, path})};
}

one_shot one_shot_forms::read_mirror(const known_logins& logins) const
{
    const bool is_upload = is_url(second_);
    if (is_upload == is_url(first_))
        throw CLI::ValidationError("mirror", "goes between a URL and a directory of this side");
    auto [server, path] = take_apart(is_upload ? second_ : first_, logins);
    if (path.empty())
        path = ".";
    if (is_upload)
        return {std::move(server), words("mirror -R", options_, {first_, path})};
    return {std::move(server), words("mirror", options_, {path, second_})};
}

one_shot one_shot_forms::read_many(const known_logins& logins) const
{
    auto [server, path] = take_apart(first_, logins);
    if (names_no_file(path))
        throw CLI::ValidationError("URL", "names no files");
    const auto target = second_.empty() ? "" : " -O " + quote_word(plain_name(second_));
    return {std::move(server), words("mget", options_ + target, {path})};
}

one_shot one_shot_forms::read_simple(std::string_view command, const known_logins& logins) const
{
    auto [server, path] = take_apart(first_, logins);
    if (path.empty() && used_ != form::ls)
        throw CLI::ValidationError("URL", "has no path");
    if (used_ == form::cat)
        check_is_no_directory(server);
    return {std::move(server), words(command, options_, {path})};
}
