#!/usr/bin/env bash
# Brings the FTP clients and servers of other people that the interop tests talk to, on Debian 12, as root.
# It starts no service, can be run again at any time, and needs no network when everything is there.
set -euo pipefail
umask 022

peers=$(realpath -m "${LIBFTP_PEERS_DIR:-/var/cache/libftp-peers}")
account=libftp-peer

# The clients, tshark for the capture, openssl for certificates, and the libraries of the servers below.
installed=(python3 python3-openssl openssl curl lftp wget tnftp ncftp inetutils-ftp tshark tcpdump
  libwrap0 libcap2 libpam0g libssl3 libhiredis0.14 libmemcached11 libmemcachedutil2 libpcre2-posix3 libsodium23)
# Debian's FTP servers exclude one another, and each would start as a service: they are unpacked, not installed.
unpacked=(vsftpd proftpd-core proftpd-mod-crypto pure-ftpd python3-pyftpdlib)

fail() {
  echo "interop/set-up: $*" >&2
  exit 1
}

[[ $(id -u) == 0 ]] || fail "needs root: packages are installed, and vsftpd wants an account of the system"
command -v apt-get >/dev/null || fail "this is not Debian; the interop tests use whichever peers are there"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o Dpkg::Lock::Timeout=120 -o APT::Sandbox::User=root \
    "$@" >"$log" 2>&1 || {
    cat "$log" >&2
    fail "apt-get $1 failed"
  }
}

missing=()
for package in "${installed[@]}"; do
  state=$(dpkg-query --show --showformat '${db:Status-Status}\n' "$package" 2>/dev/null || true)
  [[ $state == installed* ]] || missing+=("$package")
done
absent=()
for package in "${unpacked[@]}"; do
  [[ -e $peers/$package/complete ]] || absent+=("$package")
done

if [[ ${#missing[@]} != 0 || ${#absent[@]} != 0 ]]; then
  echo "interop/set-up: refreshing the list of packages"
  apt update
fi
if [[ ${#missing[@]} != 0 ]]; then
  echo "interop/set-up: installing ${missing[*]}"
  apt install --yes --no-install-recommends "${missing[@]}"
fi
for package in "${absent[@]}"; do
  echo "interop/set-up: unpacking $package into $peers"
  rm -rf "${peers:?}/$package"
  mkdir -p "$peers/$package/archive"
  cd "$peers/$package/archive"
  apt download "$package"
  dpkg-deb --extract ./*.deb ..
  touch ../complete
done

for program in vsftpd/usr/sbin/vsftpd proftpd-core/usr/sbin/proftpd pure-ftpd/usr/sbin/pure-ftpd; do
  lacking=$(ldd "$peers/$program" | grep 'not found' || true)
  [[ -z $lacking ]] || fail "$program lacks a library: $lacking"
done

# The account in whose name the servers work; vsftpd knows no other kind. Nobody knows its password but root.
if ! getent passwd $account >/dev/null; then
  useradd --system --user-group --no-create-home --home-dir / --shell /usr/sbin/nologin $account
  rm -f "$peers/password"
fi
if [[ ! -s $peers/password ]]; then
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  chpasswd <<<"$account:$password"
  (umask 077 && echo "$password" >"$peers/password")
fi
printf '%s\n' '# For the vsftpd of the interop tests of libftp.' 'auth required pam_unix.so nodelay' \
  'account required pam_unix.so' >/etc/pam.d/$account

echo "interop/set-up: everything needed is there"
