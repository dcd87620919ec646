// Files in memory that know how much space is left, which blocks: for stores that pass such things on, or do not.
#pragma once

#include <libftp/store/memory_store.hpp>
#include <libftp/store/store_decorator.hpp>

#include <cstdint>
#include <memory>

namespace libftp::testing {

class store_with_space final : public libftp::store_decorator {
public:
    std::uint64_t space = 1000;

    store_with_space() : store_decorator(std::make_shared<libftp::memory_store>()) {}

    [[nodiscard]] bool blocks() const noexcept override { return true; }
    [[nodiscard]] bool can(libftp::store_ability needed) const noexcept override
    {
        return needed == libftp::store_ability::space || inner()->can(needed);
    }
    libftp::result<std::uint64_t> available_space(const libftp::store_path& /*path*/) override { return space; }
};

} // namespace libftp::testing
