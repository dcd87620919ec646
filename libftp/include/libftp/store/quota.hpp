// How much may be stored, counted over all sessions and stores that share the count.
#pragma once

#include <libftp/result.hpp>
#include <libftp/store/file_store.hpp>

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>

namespace libftp {

/// How much is stored.
struct usage {
    std::uint64_t bytes = 0;
    std::uint64_t files = 0; ///< Directories are not counted.
    friend bool operator==(const usage&, const usage&) noexcept = default;
};

/// What a store holds, by walking all of it. Links count as files without bytes and are not followed. What may not be
/// listed, and what lies deeper than a store_path can name, is left out. Blocks as long as the store does.
result<usage> measure_usage(file_store& store);

/// How much may be stored.
struct quota_limits {
    std::uint64_t max_bytes = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t max_files = std::numeric_limits<std::uint64_t>::max();
};

struct quota_ledger;

/// Counts what is stored. Any thread may call it.
class quota {
public:
    /// `used`: what is there already, which may be more than allowed.
    explicit quota(quota_limits limits, usage used = {});
    ~quota();
    quota(const quota&) = delete;
    quota& operator=(const quota&) = delete;

    /// What is counted at the moment.
    [[nodiscard]] usage used() const noexcept { return {bytes_, files_}; }
    /// 0 if more is stored than allowed.
    [[nodiscard]] std::uint64_t bytes_left() const noexcept;

    /// Counts so many more bytes, or says false, and counts nothing, if that would be too many.
    [[nodiscard]] bool take_bytes(std::uint64_t count) noexcept;
    /// The same for one more file.
    [[nodiscard]] bool take_file() noexcept;
    /// What was removed, or taken and not used.
    void give_back(usage freed) noexcept;

    /// What stores that share the quota have to know of each other.
    [[nodiscard]] quota_ledger& ledger() noexcept { return *ledger_; }

private:
    quota_limits limits_;
    std::atomic<std::uint64_t> bytes_;
    std::atomic<std::uint64_t> files_;
    std::unique_ptr<quota_ledger> ledger_;
};

} // namespace libftp
