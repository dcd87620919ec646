// The content of remote files on standard output.
#pragma once

#include "session.hpp"

#include <libftp/store/file_store.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>

/// Writes bytes as they are; on a terminal, text with all other control bytes shown. A write that nobody takes fails
/// with std::errc::broken_pipe.
std::unique_ptr<libftp::file_writer> make_output_writer();

/// Text whose line ends and tabs mean something to a terminal, and nothing else in it.
std::string for_terminal(std::string_view text);

/// One after the other.
outcome print_files(session& s, std::span<const std::string> remote);
