// Keeps two uploads that are given names by the server from being given the same one (STOU, RFC 959 4.1.3).
#pragma once

#include <libftp/store/file_store.hpp>
#include <libftp/store/store_path.hpp>

#include <memory>

namespace libftp {

/// The name is somebody's until the pointer and its copies are gone; null: it is another's already. A store that two of
/// them share, they have to share as an object.
std::shared_ptr<const void> promise_name(const file_store& store, const store_path& path);

} // namespace libftp
