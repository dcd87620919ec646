// `ftp-client parse-list`: prints what listing_parser reads in a listing, for people and for programs.
#pragma once

#include <libftp/protocol/listing_parser.hpp>

#include <string>

struct parse_list_options {
    std::string file{}; ///< Empty: standard input.
    libftp::listing_context context{};
};

/// Prints one JSON object a line: the entries in their order, then the refused lines. Returns the exit code: 0, or 1
/// and a sentence on standard error if the file cannot be read.
int parse_list(const parse_list_options& options);

/// The same text, without input and output.
std::string parsed_as_json(std::string_view listing, const libftp::listing_context& context);
