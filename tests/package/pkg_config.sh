#!/bin/sh
# Builds an outside program as its user would by hand, and runs it: pkg_config.sh PREFIX COMPONENT PROGRAM COMPILER [FLAGS]
set -eu
prefix=$1 component=$2 program=$3 compiler=$4 flags=${5-}
command -v pkg-config >/dev/null || exit 77

# Where the library lies depends on the system: lib, lib64 or lib/x86_64-linux-gnu.
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name "libftp-$component.pc")")
export PKG_CONFIG_PATH LD_LIBRARY_PATH="$PKG_CONFIG_PATH/.."

# shellcheck disable=SC2046,SC2086 # they are lists of words
"$compiler" -std=c++20 $flags "$(dirname "$0")/$component.cpp" \
  $(pkg-config --cflags --libs "libftp-$component") -o "$program"
"$program"
