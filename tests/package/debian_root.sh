#!/usr/bin/env bash
# Tries the Debian packages in a bare root, as root: debian_root.sh BUILD ROOT, where BUILD is the tree of the preset
# debian, and ROOT an empty folder that gets a Debian by debootstrap. It ends the namespace that it works in, so that no
# mount and no process stays.
set -euo pipefail
[[ $# == 2 ]] || { sed -n '2,4s/^# //p' "$0"; exit 2; }
build=$(realpath "$1") root=$(realpath --canonicalize-missing "$2") sources=$(realpath "$(dirname "$0")")

if [[ ${IN_NAMESPACE:-} != yes ]]; then
  [[ -e $root/etc/debian_version ]] || debootstrap --variant=minbase bookworm "$root" >/dev/null
  IN_NAMESPACE=yes exec unshare --mount --pid --fork --kill-child "$0" "$build" "$root"
fi
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"

step() { printf '\n== %s (%d s)\n' "$1" $SECONDS; }
fail() { echo "Failed: $1"; exit 1; }
inside=(chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive)
apt() { "${inside[@]}" apt-get -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$@" >"$root/apt.log" 2>&1 || { cat "$root/apt.log"; fail "apt-get $*"; }; }

# install VERSION NAME...: our packages of that version.
install() {
  local files=()
  for name in "${@:2}"; do files+=("/packages/${name}_$1_$(dpkg --print-architecture).deb"); done
  apt install --yes "${files[@]}"
}

mkdir -p "$root/packages"
for version in 0.1.0 0.1.1; do
  [[ -e $root/packages/libftp-dev_${version}_$(dpkg --print-architecture).deb ]] ||
    (cd "$build" && cpack -R $version -B "$root/packages" >/dev/null)
done
runtime=$(cd "$root/packages" && echo libftp[0-9]*_0.1.0_*.deb) runtime=${runtime%%_*}

step "Install"
apt update
install 0.1.0 "$runtime" libftp-server libftp-client
for file in usr/share/man/man1/ftp-server.1 usr/share/man/man1/ftp-client.1 srv/ftp; do
  [[ -s $root/$file ]] || fail "there is no /$file"
done

# As the unit starts it; the systemd of a booted machine is not there.
serve() {
  "${inside[@]}" install -d -o ftp-server -g ftp-server /run/ftp-server
  "${inside[@]}" setpriv --reuid ftp-server --regid ftp-server --init-groups --inh-caps +net_bind_service \
    --ambient-caps +net_bind_service ftp-server --config /etc/ftp-server/ftp-server.toml --control /run/ftp-server/control \
    >"$root/server.log" 2>&1 &
  server=$!
  for _ in {1..100}; do
    "${inside[@]}" ftp-server status --control /run/ftp-server/control >/dev/null 2>&1 && return
    sleep 0.1
  done
  cat "$root/server.log"
  fail "the server does not start"
}
serve_one_file() {
  serve
  "${inside[@]}" ftp-server status --control /run/ftp-server/control | head -1
  [[ $("${inside[@]}" ftp-client --quiet get ftp://127.0.0.1/hello.txt -) == hello ]] || fail "no hello"
  kill "$server"
  wait "$server" || fail "the server ended with $?"
}
step "Start, and get a file"
echo hello >"$root/srv/ftp/hello.txt"
ip link set lo up 2>/dev/null || true
serve_one_file

step "Upgrade"
echo '# mine' >>"$root/etc/ftp-server/ftp-server.toml"
install 0.1.1 "$runtime" libftp-server libftp-client
grep --quiet '^# mine' "$root/etc/ftp-server/ftp-server.toml" || fail "the configuration was lost"
serve_one_file

step "Link a program of one's own"
apt install --yes g++ pkg-config
install 0.1.1 libftp-dev
cp "$sources/net.cpp" "$root/root/net.cpp"
# shellcheck disable=SC2016 # the inner shell expands it
"${inside[@]}" sh -c 'g++ -std=c++20 /root/net.cpp $(pkg-config --cflags --libs libftp-net) -o /root/program && /root/program'

step "Remove"
apt purge --yes libftp-server libftp-client libftp-dev "$runtime"
left=$(find "$root"/{etc,usr,var/lib,var/log} -name '*ftp-server*' -o -name '*ftp-client*' -o -name '*libftp*')
[[ -z $left ]] || fail "still there: $left"
[[ -s $root/srv/ftp/hello.txt ]] || fail "what was shared is gone"
step "All of it worked"
