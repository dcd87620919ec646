#!/usr/bin/env bash
# Tries the Debian packages in a bare Debian that is booted with systemd, as root: debian_root.sh BUILD ROOT, where BUILD
# is the tree of the preset debian, and ROOT an empty folder that gets a Debian by debootstrap. It needs the packages
# debootstrap and systemd-container.
set -euo pipefail
[[ $# == 2 ]] || { sed -n '2,4s/^# //p' "$0"; exit 2; }
build=$(realpath "$1") root=$(realpath --canonicalize-missing "$2") sources=$(realpath "$(dirname "$0")")
[[ -e $root/etc/debian_version ]] ||
  debootstrap --variant=minbase --include=systemd-sysv,dbus bookworm "$root" >/dev/null

step() { printf '\n== %s (%d s)\n' "$1" $SECONDS; }
fail() { echo "Failed: $1"; exit 1; }
# Landlock is not among what nspawn of Debian 12 lets through.
container=(systemd-nspawn --quiet --register=no --keep-unit --directory "$root"
  --system-call-filter 'landlock_create_ruleset landlock_add_rule landlock_restrict_self seccomp')
clean=(/usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive)
booted=
# inside COMMAND...: in the booted system, or while there is none in its files, with the network of this machine.
inside() {
  if [[ $booted ]]; then
    nsenter --target "$booted" --mount --uts --ipc --net --pid --cgroup --root --wd "${clean[@]}" "$@"
  else
    "${container[@]}" --pipe "${clean[@]}" "$@"
  fi
}
apt() { inside apt-get -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$@" >"$root/apt.log" 2>&1 || { cat "$root/apt.log"; fail "apt-get $*"; }; }

# install VERSION NAME...: our packages of that version.
install() {
  local files=()
  for name in "${@:2}"; do files+=("/packages/${name}_$1_$(dpkg --print-architecture).deb"); done
  apt install --yes "${files[@]}"
}

mkdir -p "$root/packages"
for version in 0.1.0 0.1.1; do
  (cd "$build" && cpack -R $version -B "$root/packages" >/dev/null)
done
runtime=$(cd "$root/packages" && echo libftp[0-9]*_0.1.0_*.deb) runtime=${runtime%%_*}

step "Install"
apt update
install 0.1.0 "$runtime" libftp-server libftp-client
for file in usr/share/man/man1/ftp-server.1 usr/share/man/man1/ftp-client.1 srv/ftp; do
  [[ -s $root/$file ]] || fail "there is no /$file"
done
echo hello >"$root/srv/ftp/hello.txt"

step "Boot, and get a file"
"${container[@]}" --private-network --boot >"$root/boot.log" 2>&1 </dev/null &
trap 'kill %1 2>/dev/null; wait' EXIT
for _ in {1..300}; do
  booted=$(pgrep --parent $! || true)
  [[ $booted ]] && inside systemctl is-system-running --wait >/dev/null 2>&1 && break
  sleep 0.1
done
get_one_file() {
  inside systemctl is-active ftp-server >/dev/null || { inside journalctl --unit ftp-server --no-pager; fail "the server does not run"; }
  inside ftp-server status --control /run/ftp-server/control | head -1
  [[ $(inside ftp-client --quiet get ftp://127.0.0.1/hello.txt -) == hello ]] || fail "no hello"
}
get_one_file

step "Read the configuration again, and start a new server beside the old one"
inside systemctl reload ftp-server
before=$(inside systemctl show --property MainPID --value ftp-server)
inside systemctl kill --signal=SIGUSR2 --kill-whom=main ftp-server
for _ in {1..100}; do
  [[ $(inside systemctl show --property MainPID --value ftp-server) == "$before" ]] || break
  sleep 0.1
done
get_one_file

step "Upgrade"
echo '# mine' >>"$root/etc/ftp-server/ftp-server.toml"
install 0.1.1 "$runtime" libftp-server libftp-client
grep --quiet '^# mine' "$root/etc/ftp-server/ftp-server.toml" || fail "the configuration was lost"
get_one_file

step "Start with the first connection"
inside systemctl disable --now --quiet ftp-server
inside systemctl enable --now --quiet ftp-server.socket
[[ $(inside ftp-client --quiet get ftp://127.0.0.1/hello.txt -) == hello ]] || fail "no hello"
get_one_file

step "Remove"
apt purge --yes libftp-server libftp-client "$runtime"
[[ $(inside systemctl is-active ftp-server) == inactive ]] || fail "the server still runs"
left=$(find "$root"/{etc,usr,var/lib,var/log} -name '*ftp-server*' -o -name '*ftp-client*' -o -name '*libftp*')
[[ -z $left ]] || fail "still there: $left"
[[ -s $root/srv/ftp/hello.txt ]] || fail "what was shared is gone"
kill %1
wait %1 || true
booted=

step "Link a program of one's own"
apt install --yes g++ pkg-config
install 0.1.1 "$runtime" libftp-dev
cp "$sources/net.cpp" "$root/root/net.cpp"
# shellcheck disable=SC2016 # the inner shell expands it
inside sh -c 'g++ -std=c++20 /root/net.cpp $(pkg-config --cflags --libs libftp-net) -o /root/program && /root/program'
step "All of it worked"
