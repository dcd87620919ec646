// Moves files between the local directory and the server; a local name never comes from more than the last component
// of a remote one.
#include "file_commands.hpp"

#include "terminal.hpp"
#include "transfer_summary.hpp"
#include "words.hpp"

#include <libftp/store/single_file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

using namespace libftp;

namespace commands {

namespace {

outcome finish(const session& s, std::string_view name, const client_result<transfer_result>& result)
{
    if (!result)
        return refuse(fmt::format("{}: {}", name, result.error().message()));
    show(s.last_reply);
    terminal::say(summarize_transfer(name, result->bytes, result->time));
    return outcome::done;
}

outcome refuse_name(std::string_view path)
{
    return refuse(fmt::format("{} does not end in the name of a file.", path));
}

outcome refuse_local(std::string_view path, const std::error_code& error)
{
    return refuse(fmt::format("The local file {}: {}", path, error.message()));
}

transfer_options continuing(const session& s)
{
    return {.type = s.type, .existing = existing_file::resume};
}

/// Why what is there cannot be the beginning of the whole.
outcome refuse_beginning(std::string_view name, std::uint64_t there, std::uint64_t whole)
{
    return refuse(fmt::format("{}: what is to be continued is {}.", name,
                              there > whole ? "larger than the whole" : "older than the whole"));
}

outcome finish_continuing(const session& s, std::string_view name, const client_result<transfer_result>& result)
{
    if (result && result->bytes == 0 && result->offset != 0) {
        terminal::say(fmt::format("{}: nothing to do, the sizes are equal.", escape_controls(name)));
        return outcome::done;
    }
    return finish(s, name, result);
}

outcome download(session& s, const std::string& remote, const std::string& local)
{
    auto file = create_local_file(local);
    if (!file)
        return refuse_local(local, file.error());
    return finish(s, remote, s.client.download(remote, std::move(*file), {.type = s.type}));
}

outcome upload(session& s, const std::string& local, const std::string& remote, transfer_options options = {})
{
    options.type = s.type;
    auto file = open_local_file(local);
    if (!file)
        return refuse_local(local, file.error());
    return finish(s, local, s.client.upload(std::move(*file), remote, options));
}

outcome continue_download(session& s, const std::string& remote, const std::string& local)
{
    std::error_code error;
    const auto there = std::filesystem::file_size(local, error);
    if (error == std::errc::no_such_file_or_directory)
        return download(s, remote, local);
    if (error)
        return refuse_local(local, error);
    if (s.type != representation_type::image)
        return refuse("Only binary transfers can be continued: type binary before.");
    const auto result = s.client.download(remote, local, continuing(s));
    if (!result && result.error().code == protocol_errc::changed_meanwhile)
        return refuse_beginning(remote, there, s.client.size(remote).value_or(0));
    return finish_continuing(s, remote, result);
}

outcome continue_upload(session& s, const std::string& local, const std::string& remote)
{
    std::error_code error;
    const auto whole = std::filesystem::file_size(local, error);
    if (error)
        return refuse_local(local, error);
    if (s.type != representation_type::image)
        return refuse("Only binary transfers can be continued: type binary before.");
    const auto result = s.client.upload(local, remote, continuing(s));
    if (!result && result.error().code == protocol_errc::changed_meanwhile)
        return refuse_beginning(local, s.client.size(remote).value_or(0), whole);
    return finish_continuing(s, local, result);
}

/// `put` and `append`: the local file, and the last component of its name unless another is given.
std::optional<std::string> remote_name(const typed_command& typed)
{
    return typed.arguments.size() > 1 ? typed.argument(1) : last_component(typed.argument(0));
}

outcome show_listing(session& s, const typed_command& typed, operation::listing_verb verb)
{
    const auto text = s.client.listing_text(typed.argument(0), verb);
    if (!text)
        return refuse(fmt::format("{}: {}", typed.name, text.error().message()));
    std::string_view rest = *text;
    while (!rest.empty()) {
        auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        terminal::say(escape_controls(line));
    }
    return show(s.last_reply);
}

} // namespace

outcome get(session& s, const typed_command& typed)
{
    const auto& remote = typed.arguments[0];
    const auto local = typed.arguments.size() > 1 ? typed.arguments[1] : last_component(remote);
    if (!local)
        return refuse_name(remote);
    return typed.has_option_c ? continue_download(s, remote, *local) : download(s, remote, *local);
}

outcome put(session& s, const typed_command& typed)
{
    const auto& local = typed.arguments[0];
    const auto remote = remote_name(typed);
    if (!remote)
        return refuse_name(local);
    return typed.has_option_c ? continue_upload(s, local, *remote) : upload(s, local, *remote);
}

outcome append(session& s, const typed_command& typed)
{
    const auto& local = typed.arguments[0];
    const auto remote = remote_name(typed);
    return remote ? upload(s, local, *remote, {.existing = existing_file::append}) : refuse_name(local);
}

outcome stor(session& s, const typed_command& typed)
{
    const auto& remote = typed.arguments[0];
    const auto local = last_component(remote);
    return local ? upload(s, *local, remote) : refuse_name(remote);
}

outcome appe(session& s, const typed_command& typed)
{
    const auto& remote = typed.arguments[0];
    const auto local = last_component(remote);
    return local ? upload(s, *local, remote, {.existing = existing_file::append}) : refuse_name(remote);
}

outcome list(session& s, const typed_command& typed)
{
    return show_listing(s, typed, operation::listing_verb::list);
}

outcome list_names(session& s, const typed_command& typed)
{
    return show_listing(s, typed, operation::listing_verb::nlst);
}

outcome list_facts(session& s, const typed_command& typed)
{
    return show_listing(s, typed, operation::listing_verb::mlsd);
}

outcome size(session& s, const typed_command& typed)
{
    const auto bytes = s.client.size(typed.arguments[0]);
    return bytes ? show(s.last_reply) : refuse(fmt::format("{}: {}", typed.name, bytes.error().message()));
}

outcome rename(session& s, const typed_command& typed)
{
    const auto renamed = s.client.rename(typed.arguments[0], typed.arguments[1]);
    return renamed ? show(s.last_reply) : refuse(fmt::format("{}: {}", typed.name, renamed.error().message()));
}

outcome remove_confirmed(session& s, const typed_command& typed)
{
    const auto& name = typed.arguments[0];
    const auto answer = terminal::ask(fmt::format("Delete {}? [y/N] ", escape_controls(name))).value_or("");
    if (answer == "y" || answer == "Y" || answer == "yes")
        return show(s.client.command("DELE", name), "DELE");
    terminal::say("Nothing is deleted.");
    return outcome::done;
}

} // namespace commands
