// Calls of a store as data, so that a session can ask for one without making it.
#pragma once

#include <libftp/store/file_store.hpp>
#include <libftp/store/listing.hpp>
#include <libftp/store/store_task.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>

namespace libftp {

namespace store_call {

/// file_store::stat()
struct stat {
    store_path path{};
};
/// file_store::find_directory()
struct find_directory {
    store_path path{};
};
/// file_store::open_read()
struct open_read {
    store_path path{};
    std::uint64_t offset = 0;
};
/// file_store::open_write()
struct open_write {
    store_path path{};
    write_options options{};
};
/// file_store::open_directory()
struct open_directory {
    store_path path{};
};
/// The text of a listing as a reader.
struct open_listing {
    listing_request listing{};
};
/// file_store::make_directory()
struct make_directory {
    store_path path{};
    std::optional<std::uint32_t> umask{};
};
/// file_store::remove_directory()
struct remove_directory {
    store_path path{};
};
/// file_store::remove_file()
struct remove_file {
    store_path path{};
};
/// file_store::rename(), or rename_to_new()
struct rename {
    store_path from{};
    store_path to{};
    bool replaces = true; ///< What is by that name already.
};
/// file_store::set_attributes()
struct set_attributes {
    store_path path{};
    attribute_changes changes{};
};
/// file_store::make_symbolic_link()
struct make_symbolic_link {
    store_path target{};
    store_path link{};
};
/// file_store::available_space()
struct available_space {
    store_path path{};
};
/// The next part of what takes longer than one call should.
struct run_task {
    std::shared_ptr<store_task> task{};
};

} // namespace store_call

/// Any one call.
using store_request =
    std::variant<store_call::stat, store_call::find_directory, store_call::open_read, store_call::open_write,
                 store_call::open_directory, store_call::open_listing, store_call::make_directory,
                 store_call::remove_directory, store_call::remove_file, store_call::rename, store_call::set_attributes,
                 store_call::make_symbolic_link, store_call::available_space, store_call::run_task>;

/// What a call gave: nothing for the calls that only succeed.
using store_answer = std::variant<std::monostate, file_info, std::unique_ptr<file_reader>, std::unique_ptr<file_writer>,
                                  std::unique_ptr<directory_reader>, std::uint64_t, task_step>;

/// What it gave, or why not.
using store_response = result<store_answer>;

/// Makes the call. Blocks as long as the store does. The alternative of the answer is the one that the call returns.
store_response perform(const std::shared_ptr<file_store>& store, const store_request& request);

} // namespace libftp
