// Counts bytes and files against their limits, without locks.
#include <libftp/store/quota.hpp>

#include "quota_ledger.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace libftp {
namespace {

bool take(std::atomic<std::uint64_t>& used, std::uint64_t count, std::uint64_t limit) noexcept
{
    auto before = used.load();
    do {
        if (count > limit - std::min(before, limit))
            return false;
    } while (!used.compare_exchange_weak(before, before + count));
    return true;
}

/// Files that others removed or made may leave less to give back than there seems to be.
void release(std::atomic<std::uint64_t>& used, std::uint64_t count) noexcept
{
    auto before = used.load();
    while (!used.compare_exchange_weak(before, before - std::min(before, count))) {
    }
}

/// Adds what a directory holds, and puts the directories in it on the list.
result<void> count_entries(directory_reader& directory, const store_path& path, usage& found,
                           std::vector<store_path>& to_visit)
{
    for (file_info entry;;) {
        entry.clear();
        const auto more = directory.next(entry);
        if (!more)
            return more.error();
        if (!*more)
            return {};
        if (!entry.is_directory()) {
            ++found.files;
            found.bytes += entry.type == file_type::file ? entry.size.value_or(0) : 0;
        } else if (auto below = path.resolve(entry.name)) {
            to_visit.push_back(*std::move(below));
        }
    }
}

} // namespace

result<usage> measure_usage(file_store& store)
{
    usage found;
    // The last one first, so that only directories next to the path from the root wait.
    std::vector<store_path> to_visit{store_path{}};
    while (!to_visit.empty()) {
        const auto path = std::move(to_visit.back());
        to_visit.pop_back();
        const auto directory = store.open_directory(path);
        if (!directory) {
            const auto refusal = to_store_errc(directory.error());
            if (refusal == store_errc::permission_denied || refusal == store_errc::not_found)
                continue;
            return directory.error();
        }
        if (auto counted = count_entries(**directory, path, found, to_visit); !counted)
            return counted.error();
    }
    return found;
}

quota::quota(quota_limits limits, usage used)
    : limits_(limits), bytes_(used.bytes), files_(used.files), ledger_(std::make_unique<quota_ledger>())
{
}

quota::~quota() = default;

std::uint64_t quota::bytes_left() const noexcept
{
    return limits_.max_bytes - std::min(bytes_.load(), limits_.max_bytes);
}

bool quota::take_bytes(std::uint64_t count) noexcept
{
    return take(bytes_, count, limits_.max_bytes);
}

bool quota::take_file() noexcept
{
    return take(files_, 1, limits_.max_files);
}

void quota::give_back(usage freed) noexcept
{
    release(bytes_, freed.bytes);
    release(files_, freed.files);
}

} // namespace libftp
