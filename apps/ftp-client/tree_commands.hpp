// Commands on whole trees: moved, mirrored, removed.
#pragma once

#include "typed_command.hpp"

#include <optional>
#include <string>
#include <vector>

namespace commands {

/// `get -r` and `put -r`: files and directories with all that is in them. As with cp, into `target` where that is a
/// directory; else they become it.
outcome get_trees(session& s, const typed_command& typed, const std::vector<std::string>& sources,
                  const std::optional<std::string>& target);
outcome put_trees(session& s, const typed_command& typed, const std::vector<std::string>& sources,
                  const std::optional<std::string>& target);

outcome mirror(session& s, const typed_command& typed);
outcome remove(session& s, const typed_command& typed);

bool is_local_directory(const session& s, const std::string& name);
/// Nothing: it cannot be known now, and the sentence was said.
std::optional<bool> is_remote_directory(session& s, const std::string& path);
/// `directory/name`; an empty directory is the working one.
std::string path_in(const std::string& directory, const std::string& name);

} // namespace commands
