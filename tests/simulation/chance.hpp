// All chance of a simulation: the same seed gives the same numbers on every machine (SplitMix64).
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace libftp::simulation {

class chance {
public:
    explicit constexpr chance(std::uint64_t seed) noexcept : state_(seed) {}

    constexpr std::uint64_t next() noexcept
    {
        state_ += 0x9E3779B97F4A7C15U;
        auto mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
        return mixed ^ (mixed >> 31U);
    }

    /// Less than `bound`, which is not 0. The bias of the remainder is of no consequence here.
    constexpr std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }
    /// Both ends included.
    constexpr std::uint64_t between(std::uint64_t least, std::uint64_t most) noexcept
    {
        return least + below(most - least + 1);
    }
    constexpr std::size_t size_between(std::size_t least, std::size_t most) noexcept
    {
        return static_cast<std::size_t>(between(least, most));
    }
    constexpr bool one_in(std::uint64_t count) noexcept { return below(count) == 0; }

    template <class Choices>
    constexpr const auto& pick(const Choices& choices) noexcept
    {
        return *std::next(std::begin(choices), static_cast<std::ptrdiff_t>(below(std::size(choices))));
    }

    /// A source of its own: what is drawn from it changes nothing here. So one part of a world can be left out, and the
    /// others go on as before.
    constexpr chance fork() noexcept { return chance{next()}; }

private:
    std::uint64_t state_;
};

} // namespace libftp::simulation
