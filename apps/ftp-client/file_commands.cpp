// Shows what the server answers.
#include "file_commands.hpp"

#include "terminal.hpp"
#include "transfer_commands.hpp"

#include <fmt/format.h>

using namespace libftp;

namespace commands {

outcome size(session& s, const typed_command& typed)
{
    const auto bytes = s.client.size(typed.arguments[0]);
    return bytes ? s.show(s.last_reply) : s.refuse(typed.name, bytes.error());
}

outcome rename(session& s, const typed_command& typed)
{
    const auto renamed = s.client.rename(typed.arguments[0], typed.arguments[1]);
    return renamed ? s.acknowledge(s.last_reply, typed.name) : s.refuse(typed.name, renamed.error());
}

outcome remove_many(session& s, const typed_command& typed)
{
    const auto files = find_remote_files(s, typed.arguments);
    auto result = files ? outcome::done : outcome::failed;
    for (const auto& each : files.value_or(std::vector<found_name>{})) {
        const auto deleted = s.acknowledge(s.client.command("DELE", each.path), each.path);
        if (deleted != outcome::done)
            result = deleted;
        if (s.is_interrupted() || !s.client.is_connected())
            break;
    }
    return result;
}

outcome remove_confirmed(session& s, const typed_command& typed)
{
    const auto& name = typed.arguments[0];
    const auto answer = terminal::ask(fmt::format("Delete {}? [y/N] ", escape_controls(name))).value_or("");
    if (answer == "y" || answer == "Y" || answer == "yes")
        return s.acknowledge(s.client.command("DELE", name), "DELE");
    s.out.say("Nothing is deleted.");
    return outcome::done;
}

} // namespace commands
