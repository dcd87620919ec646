// Stores that let through a part of what another one can do, whatever accounts and other programs may do with the files
// behind it.
#pragma once

#include <libftp/store/file_store.hpp>

#include <memory>
#include <string>
#include <vector>

namespace libftp {

// Precondition of all: `inner` is not null.

/// Every change is answered by store_errc::read_only. It has none of the abilities (store_ability), space included:
/// there is none for anybody.
std::shared_ptr<file_store> make_read_only_store(std::shared_ptr<file_store> inner);

/// To leave files in, and for nothing else, as uploads of strangers: new files can be written into the directories that
/// are there. Nothing is listed, read, replaced, changed or removed: store_errc::permission_denied. stat() knows
/// directories, so that they can be entered; all else is store_errc::not_found, be it there or not. Of the abilities it
/// has store_ability::space, if `inner` has it.
///
/// An upload under a name that is taken is refused (store_errc::already_exists), which gives that much away: any other
/// refusal would say the same, and without one the file would be lost or another one overwritten. Where even that must
/// not be known, let clients have the server choose the names (STOU).
std::shared_ptr<file_store> make_drop_box_store(std::shared_ptr<file_store> inner);

/// Names that fit one of the patterns (see glob_matches) are not listed, not found and cannot be made, nor can what is
/// below them. Bytes count: on a disk that takes `A` for `a`, both have to be named. A link made by others still shows
/// what it leads to, under its own name; and a directory that holds hidden names only is not empty.
std::shared_ptr<file_store> make_hidden_files_store(std::shared_ptr<file_store> inner,
                                                    std::vector<std::string> patterns);

} // namespace libftp
