// Moves files, one or many, and tells the reporter how they go.
#pragma once

#include "session.hpp"

#include <libftp/session/transfer_options.hpp>
#include <libftp/session/transfer_task.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The local file stays as it was unless all came. `options` go with the session's type and limit.
outcome download(session& s, const std::string& remote, const std::string& local,
                 libftp::transfer_options options = {});
/// Goes on behind what is here.
outcome continue_download(session& s, const std::string& remote, const std::string& local);
outcome upload(session& s, const std::string& local, const std::string& remote, libftp::transfer_options options = {});
outcome upload(session& s, const transfer_notice& notice, libftp::transfer_options options = {});
/// From standard input, if that is not where the commands come from.
outcome upload_input(session& s, const std::string& remote, libftp::transfer_options options = {});
/// Goes on behind what is there.
outcome continue_upload(session& s, const std::string& local, const std::string& remote);

/// One of many.
struct planned_transfer {
    transfer_notice notice{};
    libftp::known_file known{}; ///< Of the file to read from.
};

struct batch_options {
    unsigned parallel = 1; ///< So many at the same time, each by a connection of its own.
    libftp::existing_file existing = libftp::existing_file::replace;
};

/// Each failure is told; the rest is transferred nevertheless.
outcome transfer_all(session& s, const std::vector<planned_transfer>& files, const batch_options& how);

/// What every transfer of this session has, with `notice` for its progress, which has to live as long.
libftp::transfer_options watched(session& s, const transfer_notice& notice, libftp::transfer_options options);

/// The number of an option such as `-P`: 1 to 100. Nothing: the sentence was said.
std::optional<unsigned> read_count(session& s, std::string_view option, const std::optional<std::string>& value,
                                   unsigned otherwise);

/// Why a transfer of that name failed.
outcome refuse_transfer(session& s, const std::string& name, const libftp::operation_error& error);
outcome refuse_name(session& s, std::string_view path);
outcome refuse_local(session& s, std::string_view path, const std::error_code& error);
