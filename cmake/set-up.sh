#!/usr/bin/env bash
# Installs what is missing to build libftp on Debian or Ubuntu: set-up.sh [build|test|ci], each with the ones before it.
# It can be run again at any time and does nothing, and needs no network, when everything is there.
set -euo pipefail

build_packages=(g++ cmake ninja-build pkg-config libasio-dev libfmt-dev libcrypt-dev zlib1g-dev libssl-dev libpam0g-dev
  libcli11-dev libedit-dev libseccomp-dev libsystemd-dev)
test_packages=(doctest-dev python3 git openssl)
ci_packages=(clang clang-format clang-tidy cppcheck doxygen libbenchmark-dev libclang-rt-dev valgrind)

case ${1:-build} in
  build) wanted=("${build_packages[@]}") ;;
  test) wanted=("${build_packages[@]}" "${test_packages[@]}") ;;
  ci) wanted=("${build_packages[@]}" "${test_packages[@]}" "${ci_packages[@]}") ;;
  *) echo "usage: set-up.sh [build|test|ci]" >&2; exit 2 ;;
esac

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  echo "set-up: this is neither Debian nor Ubuntu, so nothing is installed. libftp needs g++ 12 or clang 14, CMake 3.22," \
    "Ninja, Asio 1.22 (standalone), fmt 9, CLI11 2.1, libedit, libcrypt, zlib and OpenSSL 3, and for its tests doctest 2.4.9 and Python 3.9."
  exit 0
fi

missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null || true)
  [[ $state == installed* ]] || missing+=("$package")
done
if [[ ${#missing[@]} == 0 ]]; then
  echo "set-up: everything needed is installed"
  exit 0
fi

as_root=()
if [[ $(id -u) != 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "set-up: not root, and there is no sudo; let root run: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o Dpkg::Lock::Timeout=120 "$@" >"$log" 2>&1 || {
    cat "$log" >&2
    echo "set-up: apt-get $1 failed" >&2
    exit 1
  }
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

echo "set-up: refreshing the list of packages"
apt update
echo "set-up: installing ${missing[*]}"
apt install --yes --no-install-recommends "${missing[@]}"
echo "set-up: done"
