// An entry of a listing as members of a JSON object.
#pragma once

#include <libftp/protocol/json_text.hpp>
#include <libftp/protocol/listing_parser.hpp>

#include <chrono>
#include <string>
#include <string_view>

/// A text, and its bytes in hexadecimal (`KEY_bytes`) where they are not UTF-8.
void add_text(libftp::json_object& object, const std::string& key, std::string_view bytes);

/// Name, type, size, time, permissions, owner and what else of these is known.
void add_entry(libftp::json_object& object, const libftp::listed_entry& entry,
               std::chrono::minutes server_zone = std::chrono::minutes{0});
