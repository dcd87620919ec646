// Calls of a store as data, so that a session can ask for one without making it.
#pragma once

#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <memory>
#include <variant>

namespace libftp {

namespace store_call {

struct stat {
    store_path path{};
};
struct open_read {
    store_path path{};
    std::uint64_t offset = 0;
};
struct open_write {
    store_path path{};
    write_mode mode = write_mode::replace;
    std::uint64_t offset = 0;
};
struct open_directory {
    store_path path{};
};
struct make_directory {
    store_path path{};
};
struct remove_directory {
    store_path path{};
};
struct remove_file {
    store_path path{};
};
struct rename {
    store_path from{};
    store_path to{};
};

} // namespace store_call

using store_request =
    std::variant<store_call::stat, store_call::open_read, store_call::open_write, store_call::open_directory,
                 store_call::make_directory, store_call::remove_directory, store_call::remove_file, store_call::rename>;

/// What a call gave: nothing for the calls that only succeed.
using store_answer = std::variant<std::monostate, file_info, std::unique_ptr<file_reader>, std::unique_ptr<file_writer>,
                                  std::unique_ptr<directory_reader>>;

using store_response = result<store_answer>;

/// Makes the call. Blocks as long as the store does. The alternative of the answer is the one that the call returns.
store_response perform(file_store& store, const store_request& request);

} // namespace libftp
