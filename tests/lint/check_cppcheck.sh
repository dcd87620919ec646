#!/usr/bin/env bash
# Has cppcheck look for mistakes by a third way of reading code, beside compilers and clang-tidy.
# Exit code 77 says that it is not there. What it looks at lies in the directory given, so that it looks only once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if ! command -v cppcheck >/dev/null; then
  echo "cppcheck is not installed (Debian: apt-get install cppcheck)"
  [[ -n ${LIBFTP_REQUIRE_TOOLS:-} ]] && exit 1
  exit 77
fi

mkdir -p "$1"
# Not --enable=performance: clang-tidy's checks of that name know more of what is copied.
cppcheck --quiet --error-exitcode=1 --cppcheck-build-dir="$1" -j 2 --std=c++20 --language=c++ \
  --enable=warning,portability --suppressions-list=tests/lint/cppcheck-suppressions.txt \
  --template='{file}:{line}: {severity}: {message} [{id}]' -I libftp/include -I libftp/src libftp/src apps examples
echo "cppcheck found nothing"
