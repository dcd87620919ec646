// A store that takes no more than a quota.
#pragma once

#include <libftp/store/file_store.hpp>
#include <libftp/store/quota.hpp>

#include <memory>

namespace libftp {

/// Bytes count as soon as they are written, so that many uploads together stay within the quota, and count no more when
/// the upload fails. What replaces a file gives back that file's bytes at commit. A writer says
/// store_errc::quota_exceeded for bytes, open_write() for files, commit() in rare cases for a file whose old one went
/// meanwhile.
///
/// A file that is being written in place (append, resume) is store_errc::busy for all other changes. Changes of names
/// are made one after another, also those of other stores with the same quota. When a directory is renamed, unfinished
/// uploads give back nothing any more: the count can then be too high, but never too low.
///
/// Directories keep their owner's permissions, whatever mode or umask is asked for: what is in them has to be found
/// when the files are counted anew.
///
/// Links cannot be made, and there should be none: they would count like what they lead to when they are removed. What
/// others change behind the store is not counted. available_space() is what is left of the quota, or less if `inner`
/// has less.
///
/// Precondition: neither is null.
std::shared_ptr<file_store> make_quota_store(std::shared_ptr<file_store> inner, std::shared_ptr<quota> shared);

} // namespace libftp
