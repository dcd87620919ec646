// What is edited never gets lost: if it cannot be stored, the local copy stays and its name is told.
#include "content_commands.hpp"

#include "content_output.hpp"
#include "local_names.hpp"
#include "pipeline.hpp"
#include "programs.hpp"
#include "transfers.hpp"
#include "typed_line.hpp"
#include "user_files.hpp"
#include "words.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <utility>

using namespace libftp;
namespace fs = std::filesystem;

namespace commands {

namespace {

/// The first of the variables that is set to something.
std::string from_environment(std::initializer_list<const char*> variables, std::string_view otherwise)
{
    for (const auto* name : variables)
        if (const auto* value = std::getenv(name); value != nullptr && *value != '\0')
            return value;
    return std::string{otherwise};
}

/// A directory of one's own that goes with what is in it, unless it is to be kept.
class scratch_directory {
public:
    scratch_directory() : path_(make_private_folder()) {}
    ~scratch_directory()
    {
        std::error_code error;
        if (!path_.empty())
            fs::remove_all(to_path(path_), error);
    }
    scratch_directory(const scratch_directory&) = delete;
    scratch_directory& operator=(const scratch_directory&) = delete;

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    void keep() noexcept { path_.clear(); }

private:
    std::string path_; ///< Empty: it could not be made, or is to stay.
};

bool is_as_before(const client_result<listed_entry>& before, const client_result<listed_entry>& now)
{
    if (!before || !now)
        return before.has_value() == now.has_value();
    return before->size == now->size && before->modified == now->modified;
}

} // namespace

outcome cat(session& s, const typed_command& typed)
{
    return print_files(s, typed.arguments);
}

outcome less(session& s, const typed_command& typed)
{
    typed_line line;
    line.program = from_environment({"PAGER"}, programs::pager);
    return run_with_output(s, line, [&] { return print_files(s, typed.arguments); });
}

outcome edit(session& s, const typed_command& typed)
{
    const auto& remote = typed.arguments[0];
    const auto name = last_component(remote);
    if (!name)
        return refuse_name(s, remote);
    scratch_directory scratch;
    if (scratch.path().empty())
        return s.refuse(cause::local, "No temporary directory can be made; TMPDIR names where.");
    const auto local = scratch.path() + '/' + *name;

    const auto before = s.client.stat(remote);
    if (s.is_interrupted())
        return s.refuse(cause::interrupted, fmt::format("{}: interrupted.", remote));
    if (const auto made = s.client.download(remote, local, {.type = s.type}); !made)
        return refuse_transfer(s, remote, made.error());
    const auto content = read_text(local);
    const auto editor = from_environment({"VISUAL", "EDITOR"}, programs::editor);
    if (!programs::run_on_file(editor, local))
        return s.refuse(cause::local, fmt::format("The editor {} failed: nothing is stored.", editor));
    s.forget_interrupt(); // Ctrl+C was for the editor
    if (const auto now = read_text(local); now && content && *now == *content) {
        s.out.say(fmt::format("{} was not changed.", escape_controls(remote)));
        return outcome::done;
    }

    const bool is_unchanged_there = is_as_before(before, s.client.stat(remote));
    auto result = outcome::failed;
    if (is_unchanged_there)
        result = upload(s, {.name = remote, .local = local, .remote = remote, .direction = transfer_direction::upload});
    else
        s.refuse(cause::transfer, fmt::format("{} was changed on the server meanwhile: nothing is stored.", remote));
    if (result != outcome::done) {
        s.refuse(cause::local, fmt::format("What you wrote is in {}.", local));
        scratch.keep();
    }
    return result;
}

} // namespace commands
