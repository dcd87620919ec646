#!/usr/bin/env bash
# Builds the two programs, lets them talk to each other on this machine, and checks that every byte came across.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
project=$PWD

if [[ -t 1 ]]; then
  bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' dim=$'\e[2m' plain=$'\e[0m'
else
  bold='' green='' red='' dim='' plain=''
fi

heading() { printf '\n%s== %s%s\n' "$bold" "$1" "$plain"; }
passed() { printf '%s   ok: %s%s\n' "$green" "$1" "$plain"; }
fail() {
  printf '\n%sFailed: %s%s\n' "$red" "$1" "$plain"
  if [[ -s ${scratch:-}/server.log ]]; then
    printf 'The last that the server said:\n'
    tail -n 20 "$scratch/server.log"
  fi
  exit 1
}

scratch='' server=''
clean_up() {
  if [[ -n $server ]]; then
    kill -KILL "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  [[ -z $scratch ]] || rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
trap 'fail "line $LINENO of quickstart.sh: $BASH_COMMAND"' ERR

heading "Set-up and build"
./cmake/set-up.sh build
scratch=$(mktemp -d)
[[ $(df --output=avail -k "$scratch" | tail -n 1) -gt 1200000 ]] ||
  fail "$scratch has less than 1.2 GB free; set TMPDIR to a roomier place"

# What the compiler says is only of interest to someone watching, or if it fails.
build() {
  cmake --preset release -DLIBFTP_TESTS=OFF -DLIBFTP_EXAMPLES=OFF &&
    cmake --build --preset release --target ftp-server ftp-client
}
if [[ -t 1 ]]; then
  build || fail "the build"
else
  echo "building (some minutes) ..."
  build >"$scratch/build.log" 2>&1 || { cat "$scratch/build.log"; fail "the build"; }
fi
ftp_server=$project/build/release/bin/ftp-server
ftp_client=$project/build/release/bin/ftp-client
echo "built $ftp_server and $ftp_client"

served=$scratch/served local=$scratch/local
mkdir "$served" "$local" "$local/downloads"
cd "$local"
umlauts='Grüße aus Köln.txt'
printf 'Dear reader,\nthis file has three lines\nand came by FTP.\n' >letter.txt
printf 'Schöne Grüße!\n' >"$umlauts"
: >empty.dat
head -c 300M /dev/urandom >film.bin

heading "A server on $served"
export FTP_PASSWORD=quickstart-$RANDOM$RANDOM
"$ftp_server" user add anna --users "$scratch/users" --root "$served" --permissions full <<<"$FTP_PASSWORD" ||
  fail "adding a user"
: >"$scratch/server.log"
"$ftp_server" 0 "$served" --users "$scratch/users" --listen 127.0.0.1 >"$scratch/server.log" 2>&1 &
server=$!
port=''
for _ in {1..100}; do
  port=$(sed -n 's/^Server listening on port \([0-9]*\).*/\1/p' "$scratch/server.log")
  [[ -z $port ]] || break
  kill -0 "$server" 2>/dev/null || fail "the server did not start"
  sleep 0.1
done
[[ -n $port ]] || fail "the server did not say where it listens"
cat "$scratch/server.log"

# A session of the client: the commands come from standard input, and its output is the transcript.
session() { "$ftp_client" "ftp://anna@127.0.0.1:$port/" || fail "the session above"; }

same() {
  local one two
  one=$(sha256sum <"$1") two=$(sha256sum <"$2")
  [[ $one == "$two" ]] || fail "$3 differs: sha256 ${one%% *} here, ${two%% *} there"
  passed "$3: $(stat -c %s "$1") bytes, sha256 ${one:0:16}..."
}

heading "Log in, make a folder, upload into it"
session <<SCRIPT
pwd
mkdir album
cd album
put letter.txt
put film.bin
put empty.dat
put "$umlauts"
ls
quit
SCRIPT
for file in letter.txt film.bin empty.dat "$umlauts"; do
  same "$file" "$served/album/$file" "$file on the server"
done

heading "Download everything again"
session <<SCRIPT
lcd downloads
cd album
get letter.txt
get film.bin
get empty.dat
get "$umlauts"
quit
SCRIPT
for file in letter.txt film.bin empty.dat "$umlauts"; do
  same "$file" "downloads/$file" "$file downloaded"
done

heading "Resume a download that was cut off after 100 MiB"
truncate -s 100M downloads/film.bin
session <<SCRIPT
lcd downloads
cd album
get -c film.bin
quit
SCRIPT
same film.bin downloads/film.bin "film.bin, its download resumed"

heading "Resume an upload that was cut off after 100 MiB"
truncate -s 100M "$served/album/film.bin"
session <<SCRIPT
cd album
put -c film.bin
quit
SCRIPT
same film.bin "$served/album/film.bin" "film.bin, its upload resumed"

heading "Rename"
session <<SCRIPT
cd album
mv letter.txt "a letter.txt"
ls
quit
SCRIPT
same letter.txt "$served/album/a letter.txt" "letter.txt under its new name"

heading "Delete everything again"
session <<SCRIPT
cd album
rm "a letter.txt"
rm film.bin
rm empty.dat
rm "$umlauts"
cd ..
rmdir album
ls
quit
SCRIPT
[[ -z $(ls -A "$served") ]] || fail "the server's folder is not empty: $(ls -A "$served")"
passed "the server's folder is empty again"

heading "Stop the server"
kill -TERM "$server"
for _ in {1..100}; do
  kill -0 "$server" 2>/dev/null || break
  sleep 0.1
done
! kill -0 "$server" 2>/dev/null || fail "the server does not stop"
wait "$server" || fail "the server ended with exit code $?"
server=''
passed "it ended by itself; this is what it saw"
tail -n +2 "$scratch/server.log"

heading "All of it worked. The programs are yours now"
printf '%s\n' \
  "serve a folder, read-only and to anybody:   ${ftp_server#"$project"/} 2121 ~/Public" \
  "look into it from another terminal:         ${ftp_client#"$project"/} ftp://localhost:2121/" \
  "${dim}(--help tells the rest)${plain}"
