// Replaces operator new and delete by ones that count. One thread only.
#include "heap_count.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

#include <malloc.h>

namespace {

std::int64_t in_use = 0;
std::int64_t peak = 0;

void count(const void* memory, std::int64_t sign) noexcept
{
    in_use += sign * static_cast<std::int64_t>(malloc_usable_size(const_cast<void*>(memory)));
    peak = std::max(peak, in_use);
}

void* allocate(std::size_t bytes)
{
    auto* const memory = std::malloc(std::max<std::size_t>(bytes, 1));
    if (memory == nullptr)
        throw std::bad_alloc{};
    count(memory, 1);
    return memory;
}

void release(void* memory) noexcept
{
    if (memory == nullptr)
        return;
    count(memory, -1);
    std::free(memory);
}

} // namespace

namespace libftp::simulation {

std::int64_t heap_bytes() noexcept
{
    return in_use;
}

std::int64_t heap_peak_bytes() noexcept
{
    return peak;
}

void forget_heap_peak() noexcept
{
    peak = in_use;
}

} // namespace libftp::simulation

void* operator new(std::size_t bytes)
{
    return allocate(bytes);
}

void* operator new[](std::size_t bytes)
{
    return allocate(bytes);
}

void operator delete(void* memory) noexcept
{
    release(memory);
}

void operator delete[](void* memory) noexcept
{
    release(memory);
}

void operator delete(void* memory, std::size_t /*bytes*/) noexcept
{
    release(memory);
}

void operator delete[](void* memory, std::size_t /*bytes*/) noexcept
{
    release(memory);
}
