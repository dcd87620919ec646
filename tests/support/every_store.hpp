// The stores that must all behave alike, and a small tree to try it with.
#pragma once

#include <libftp/store/disk_store.hpp>
#include <libftp/store/memory_store.hpp>

#include "support/scratch_folder.hpp"
#include "support/store_access.hpp"

#include <memory>

namespace libftp::testing {

struct in_memory {
    std::shared_ptr<libftp::memory_store> files = std::make_shared<libftp::memory_store>();
    libftp::file_store& store = *files;
};

struct on_disk {
    scratch_folder folder{};
    std::shared_ptr<libftp::disk_store> files = libftp::disk_store::open(folder.path().string()).value();
    libftp::file_store& store = *files;
};

/// For TEST_CASE_TEMPLATE.
#define EVERY_STORE libftp::testing::in_memory, libftp::testing::on_disk

/// The directory `/d` with the file `f` and the directory `sub` in it, the directory `/empty`, and the file `/a`.
inline void fill(libftp::file_store& store)
{
    for (const auto* path : {"/d", "/d/sub", "/empty"})
        store.make_directory(at(path), {}).value();
    write_file(store, "/d/f", "in d").value();
    write_file(store, "/a", "0123456789").value();
}

} // namespace libftp::testing
