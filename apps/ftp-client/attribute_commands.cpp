// Asks and tells the server, file by file; the first failure ends a command.
#include "attribute_commands.hpp"

#include "../common/quantities.hpp"
#include "file_mode.hpp"
#include "local_names.hpp"
#include "transfers.hpp"
#include "user_files.hpp"
#include "words.hpp"

#include <libftp/protocol/digest.hpp>
#include <libftp/protocol/reply.hpp>
#include <libftp/store/single_file.hpp>

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <filesystem>

using namespace libftp;

namespace commands {

namespace {

bool ended_session(const operation_error& error)
{
    return error.session == session_state::closed;
}

/// Makes what is missing of a path, from its beginning on. A failure shows when something is made in it, but for the
/// end of the session.
client_result<void> make_parents(session& s, const std::string& path)
{
    for (auto slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        const auto parent = path.substr(0, slash);
        if (s.is_interrupted())
            return {};
        if (slash + 1 == path.size())
            continue;
        const auto found = s.client.stat(parent);
        if (!found && ended_session(found.error()))
            return found.error();
        if (found)
            continue;
        if (const auto made = s.client.command("MKD", parent); !made && ended_session(made.error()))
            return made.error();
    }
    return {};
}

result<std::string> local_digest(const session& s, const std::string& path, digest_algorithm algorithm)
{
    auto file = open_local_file(s.local(path));
    auto made = digest::begin(algorithm);
    if (!file || !made)
        return file ? made.error() : file.error();
    std::array<char, 64 * 1024> buffer{};
    while (true) {
        if (s.is_interrupted())
            return make_error_code(protocol_errc::canceled);
        const auto count = (*file)->read(buffer);
        if (!count)
            return count.error();
        if (*count == 0)
            return made->finish();
        made->update({buffer.data(), *count});
    }
}

/// For servers without digests.
outcome compare_sizes(session& s, const std::string& remote, const std::string& local)
{
    const auto there = s.client.size(remote);
    if (!there)
        return s.refuse(remote, there.error());
    std::error_code error;
    const auto here = std::filesystem::file_size(to_path(s.local(local)), error);
    if (error)
        return refuse_local(s, local, error);
    if (*there != here)
        return s.refuse(cause::transfer, fmt::format("{}: the files differ: {} bytes on the server, {} here.", remote,
                                                     group_digits(*there), group_digits(here)));
    s.out.print(fmt::format("{}: both have {} bytes; the server makes no digests to compare.", escape_controls(remote),
                            group_digits(here)));
    return outcome::done;
}

} // namespace

outcome make_directory(session& s, const typed_command& typed)
{
    const auto& path = typed.arguments[0];
    if (!typed.has("-p"))
        return s.acknowledge(s.client.command("MKD", path), typed.name);
    const auto found = s.client.stat(path);
    if (found && found->is_directory())
        return outcome::done;
    if (!found && ended_session(found.error()))
        return s.refuse(typed.name, found.error());
    const auto parents = make_parents(s, path);
    if (s.is_interrupted())
        return s.refuse(cause::interrupted, fmt::format("{}: interrupted before it was made.", path));
    if (!parents)
        return s.refuse(typed.name, parents.error());
    return s.acknowledge(s.client.command("MKD", path), typed.name);
}

outcome chmod(session& s, const typed_command& typed)
{
    const auto& text = typed.arguments[0];
    if (!change_mode(0, text))
        return s.refuse(cause::usage, fmt::format("{}: this is no mode such as 644 or u+x.", text));
    for (std::size_t i = 1; i < typed.arguments.size(); ++i) {
        const auto& path = typed.arguments[i];
        std::uint32_t before = 0;
        if (is_relative_mode(text)) {
            const auto found = s.client.stat(path);
            if (!found)
                return s.refuse(path, found.error());
            if (!found->mode)
                return s.refuse(cause::refused, fmt::format("{}: the server does not tell the mode; give all of it, "
                                                            "such as 644.",
                                                            path));
            before = *found->mode;
        }
        if (const auto changed = s.client.set_mode(path, *change_mode(before, text)); !changed)
            return s.refuse(path, changed.error());
        s.out.reply(s.last_reply);
    }
    return outcome::done;
}

/// What only seems not to be there, because the server does not tell, keeps its content: nothing is appended to it.
outcome touch(session& s, const typed_command& typed)
{
    const auto now = std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
    for (const auto& path : typed.arguments) {
        if (const auto found = s.client.stat(path); !found) {
            const auto& why = found.error();
            if (why.code != protocol_errc::refused_permanently ||
                why.answer.code != to_int(reply_code::file_unavailable))
                return s.refuse(path, why);
            const auto made = s.client.upload(make_text_reader(""), path, {.existing = existing_file::append});
            if (!made)
                return refuse_transfer(s, path, made.error());
        } else if (const auto changed = s.client.set_modified(path, now); !changed) {
            return s.refuse(path, changed.error());
        }
        s.out.reply(s.last_reply);
    }
    return outcome::done;
}

outcome hash(session& s, const typed_command& typed)
{
    std::optional<digest_algorithm> algorithm;
    if (const auto name = typed.value_of("-a")) {
        algorithm = parse_digest_algorithm(*name);
        if (!algorithm)
            return s.refuse(cause::usage,
                            fmt::format("{}: this is none of SHA-512, SHA-256, SHA-1, MD5 and CRC32.", *name));
    }
    for (const auto& path : typed.arguments) {
        const auto made = s.client.hash(path, algorithm);
        if (!made)
            return s.refuse(path, made.error());
        s.out.print(fmt::format("{} {}  {}", to_string(made->algorithm), made->hexadecimal, escape_controls(path)));
    }
    return outcome::done;
}

outcome verify(session& s, const typed_command& typed)
{
    const auto& remote = typed.arguments[0];
    const auto local = typed.arguments.size() > 1 ? expand_home(typed.argument(1)) : last_component(remote);
    if (!local)
        return refuse_name(s, remote);
    const auto there = s.client.hash(remote);
    if (!there && there.error().code == protocol_errc::not_supported)
        return compare_sizes(s, remote, *local);
    if (!there)
        return s.refuse(remote, there.error());
    const auto here = local_digest(s, *local, there->algorithm);
    if (!here && here.error() == protocol_errc::canceled)
        return s.refuse(cause::interrupted, fmt::format("{}: the comparison was interrupted.", remote));
    if (!here)
        return refuse_local(s, *local, here.error());
    const auto algorithm = to_string(there->algorithm);
    if (*here != there->hexadecimal)
        return s.refuse(cause::transfer, fmt::format("{}: the files differ: {} {} on the server, {} here.", remote,
                                                     algorithm, there->hexadecimal, *here));
    s.out.print(fmt::format("{}: the files are alike, {} {}", escape_controls(remote), algorithm, *here));
    return outcome::done;
}

} // namespace commands
