#!/usr/bin/env bash
# Checks that clang-format would change nothing; exit code 77 says that the right clang-format is not there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Versions differ in what they make of the same .clang-format; this is Debian 12's.
version=14
for candidate in clang-format-$version clang-format; do
  if "$candidate" --version 2>/dev/null | grep -q "version $version\."; then
    find libftp apps examples tests \( -name '*.cpp' -o -name '*.hpp' \) -print0 |
      xargs -0 "$candidate" --dry-run --Werror || {
      echo "$candidate -i with the files above mends it"
      exit 1
    }
    echo "clang-format $version would change nothing"
    exit 0
  fi
done

echo "clang-format $version is not installed; it is the version that decides (Debian 12: apt-get install clang-format)"
[[ -n ${LIBFTP_REQUIRE_TOOLS:-} ]] && exit 1
exit 77
