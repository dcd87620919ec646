// Trees of small files in a watched store, for the tests of tasks that walk them.
#pragma once

#include "watched_store.hpp"

#include <libftp/store/access_rules.hpp>

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace libftp::testing {

inline const access_rules everything{permissions::full()};

inline std::shared_ptr<watched_store> store_with(std::initializer_list<const char*> files)
{
    auto store = std::make_shared<watched_store>();
    for (const auto* path : files)
        store->files.add_file(path, "12345");
    return store;
}

inline std::string nested(std::size_t depth)
{
    std::string path;
    for (std::size_t i = 0; i < depth; ++i)
        path += "/d";
    return path;
}

inline bool is_there(const std::shared_ptr<watched_store>& store, std::string_view path)
{
    return store->files.stat(at(path)).has_value();
}

} // namespace libftp::testing
