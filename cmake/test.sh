#!/usr/bin/env bash
# Builds everything and runs the tests: test.sh [PRESET [CTEST OPTIONS...]], such as `test.sh asan -L unit`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
preset=${1:-dev}

./cmake/set-up.sh test
cmake --preset "$preset" -DLIBFTP_TESTS=ON -DLIBFTP_EXAMPLES=ON
cmake --build --preset "$preset"
exec ctest --preset "$preset" --parallel "$(nproc)" "${@:2}"
