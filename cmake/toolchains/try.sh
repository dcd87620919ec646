#!/usr/bin/env bash
# Builds the core for another kind of system and runs its unit tests there: try.sh i686|s390x|mingw|libc++ [CTEST
# OPTIONS...]; for Windows the network layer and ftp-client, too, which one example serves. On Debian 12, as root or with
# sudo: it installs a compiler and what runs its programs, and lays libraries for that system under build/sysroot, so
# that the packages of this one stay as they are.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
to_build=(unit_tests)
preset=${1:?usage: try.sh i686|s390x|mingw|libc++ [CTEST OPTIONS...]}
sysroot=$PWD/build/sysroot/$preset

# The simulation's own test is a program that is not built here.
without='^unit\.simulation$'
case $preset in
  i686) packages=(g++-i686-linux-gnu clang) architecture=i386 ;;
  s390x)
    packages=(g++-s390x-linux-gnu clang qemu-user-static) architecture=s390x
    # The disk store opens by openat2(2), which this qemu does not know.
    without+='|^unit\.store\.(disk_|file_place|file_store|quota|single_file|store_call|store_task)'
    without+='|^unit\.session\.(download_resume|download_segments|server_session_hostile|server_session_uploads)'
    ;;
  mingw)
    packages=(g++-mingw-w64-x86-64-posix libz-mingw-w64-dev wine64) architecture=amd64
    to_build+=(map_store download_file ftp-client)
    ;;
  libc++) packages=(clang-16 libc++-16-dev libc++abi-16-dev) architecture=amd64 ;;
  *) echo "try: there is no $preset" >&2; exit 2 ;;
esac
# What the tests link, and what that needs to run.
libraries=(libfmt-dev libfmt9 zlib1g-dev zlib1g libssl-dev libssl3 libcrypt-dev libcrypt1 libc6 libstdc++6 libgcc-s1 doctest-dev)

./cmake/set-up.sh test
as_root=()
[[ $(id -u) == 0 ]] || as_root=(sudo)
if ! dpkg-query --show "${packages[@]}" >/dev/null 2>&1; then
  "${as_root[@]}" apt-get -qq update
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 install --yes \
    --no-install-recommends "${packages[@]}" >/dev/null
fi

# An apt of its own: for another architecture, and with the sources of packages.
foreign_apt() {
  local state=$sysroot/apt release
  if [[ ! -e $state/ready ]]; then
    mkdir -p "$state"/{lists,cache/archives}/partial
    : >"$state/status"
    # shellcheck source=/dev/null
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    apt-get indextargets --format "\$(REPO_URI) \$(RELEASE) \$(COMPONENT)" 'Created-By: Packages' |
      awk -v release="$release" '$2 == release && $3 == "main" { print "deb", $0; print "deb-src", $0; exit }' \
        >"$state/sources.list"
  fi
  local options=(-qq -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" -o APT::Sandbox::User=root
    -o Dir::State="$state" -o Dir::State::status="$state/status" -o Dir::State::lists="$state/lists"
    -o Dir::Cache="$state/cache" -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=/dev/null)
  if [[ ! -e $state/ready ]]; then
    apt-get "${options[@]}" update
    touch "$state/ready"
  fi
  apt-get "${options[@]}" "$@"
}

# The source of a package, as its authors published it, unpacked in $sysroot/src/NAME.
unpack_source() {
  mkdir -p "$sysroot/src/$1"
  (cd "$sysroot/src" && foreign_apt source --download-only "$1")
  local archive
  for archive in "$sysroot/src/$1"_*.orig.tar.*; do
    [[ $archive == *.asc ]] || tar -xf "$archive" --strip-components 1 -C "$sysroot/src/$1"
  done
}

build_fmt() {
  unpack_source fmtlib
  cmake -S "$sysroot/src/fmtlib" -B "$sysroot/src/fmtlib/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DFMT_TEST=OFF \
    -DFMT_DOC=OFF -DCMAKE_INSTALL_PREFIX="$sysroot/usr" "$@" >/dev/null
  cmake --build "$sysroot/src/fmtlib/build" --target install >/dev/null
}

if [[ ! -e $sysroot/complete ]]; then
  mkdir -p "$sysroot/packages"
  case $preset in
    i686 | s390x)
      (cd "$sysroot/packages" && foreign_apt download "${libraries[@]}")
      ;;
    mingw)
      (cd "$sysroot/packages" && foreign_apt download doctest-dev libasio-dev libcli11-dev)
      build_fmt --toolchain "$PWD/cmake/toolchains/mingw.cmake"
      unpack_source openssl
      # It would read \usr\ssl\openssl.cnf, and everybody may make such a folder there.
      ssl_folder='C:/Program Files/Common Files/SSL'
      (cd "$sysroot/src/openssl" &&
        ./Configure mingw64 --cross-compile-prefix=x86_64-w64-mingw32- CC=gcc-posix no-shared no-tests no-engine no-module \
          no-legacy --prefix=/usr --libdir=lib >/dev/null &&
        make --silent --jobs "$(nproc)" OPENSSLDIR="$ssl_folder" build_libs >/dev/null &&
        make --silent install_dev DESTDIR="$sysroot" >/dev/null)
      ;;
    libc++)
      build_fmt --toolchain "$PWD/cmake/toolchains/libc++.cmake"
      ;;
  esac
  for package in "$sysroot"/packages/*.deb; do
    [[ ! -e $package ]] || dpkg -x "$package" "$sysroot"
  done
  # Its package has but one place in mind.
  targets=$sysroot/usr/lib/cmake/doctest/doctestTargets.cmake
  [[ ! -e $targets ]] || sed -i "s|set(_IMPORT_PREFIX \"/usr\")|set(_IMPORT_PREFIX \"$sysroot/usr\")|" "$targets"
  touch "$sysroot/complete"
fi

export WINEPREFIX=$sysroot/wine
cmake --preset "$preset"
cmake --build --preset "$preset" --target "${to_build[@]}"
if [[ $preset == mingw ]]; then
  export WINEDEBUG=-all
  wine=/usr/lib/wine/wine64
  coproc server { exec "$wine" build/mingw/examples/map_store.exe 0; }
  # shellcheck disable=SC2154 # coproc gives it, and takes it away when the server ends
  server_process=$server_PID
  trap 'kill "$server_process" 2>/dev/null || true' EXIT
  read -r -u "${server[0]}" served
  served=${served//$'\r'/}
  port=${served##*:}
  "$wine" build/mingw/examples/download_file.exe 127.0.0.1 "$port" state.txt build/mingw/state.txt
  grep 'All is well' build/mingw/state.txt
  # As an argument, a script and a tree: standard output, a local file and a directory get it.
  client=("$wine" build/mingw/bin/ftp-client.exe --local-dir build/mingw)
  "${client[@]}" cat "ftp://127.0.0.1:$port/state.txt" | grep 'All is well'
  printf 'get state.txt state\nlls | find "state"\n' | "${client[@]}" 127.0.0.1 "$port" | grep '13  state'
  rm -rf build/mingw/mirrored
  "${client[@]}" mirror "ftp://127.0.0.1:$port/" mirrored
  diff build/mingw/state build/mingw/mirrored/state.txt
fi
ctest --preset "$preset" --parallel "$(nproc)" -L '^unit$' -E "$without" "${@:2}"
