#!/usr/bin/env bash
# Builds the server in small/, speaks with it, and holds its size against what the README says:
# small.sh REPOSITORY FOLDER COMPILER GENERATOR
set -euo pipefail
repository=$1 folder=$2 compiler=$3 generator=$4

rm -rf "$folder"
cmake -G "$generator" -S "$(dirname "$0")/small" -B "$folder" -DLIBFTP_SOURCE="$repository" \
  -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=MinSizeRel
cmake --build "$folder" --target outside_program
program=$folder/outside_program

replies=$(printf 'USER anonymous\r\nPASS me@example.org\r\nPWD\r\nQUIT\r\n' | "$program" | tr --delete '\r')
echo "$replies"
[[ $replies == *$'\n257 "/"'* && $replies == *$'\n221 '* ]]

size=$(($(stat --format %s "$program") / 1024))
stated=$(sed -n 's/.*<!-- small -->\([0-9]*\) KiB.*/\1/p' "$repository/README.md")
echo "$size KiB; the README says $stated KiB"
# Other compilers may do a little better or worse.
((size <= stated + stated / 10 && size >= stated - stated / 10))
