// Runs every operation under Google Benchmark: time, allocations and, where it moves a file, bytes per second.
#include "allocations.hpp"
#include "operation.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

namespace {

void measure(benchmark::State& state, const libftp::bench::operation& measured)
{
    const auto run = measured.prepare();
    // What the first run allocates and the later ones use again does not count.
    run();
    const auto before = libftp::bench::allocations();
    for ([[maybe_unused]] auto _ : state)
        run();
    state.counters["allocs"] = benchmark::Counter(static_cast<double>(libftp::bench::allocations() - before),
                                                  benchmark::Counter::kAvgIterations);
    if (measured.bytes != 0)
        state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(measured.bytes));
}

} // namespace

int main(int count, char** arguments)
{
    for (const auto& measured : libftp::bench::all_operations())
        benchmark::RegisterBenchmark(std::string{measured.name}.c_str(), measure, measured);
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments))
        return 1;
    benchmark::RunSpecifiedBenchmarks();
}
