#!/usr/bin/env bash
# Makes the Debian packages and looks for what belongs into each: debian.sh BUILD FOLDER. debian_root.sh installs them.
set -euo pipefail
build=$1 folder=$2
if ! command -v dpkg-deb dpkg-shlibdeps >/dev/null; then
  exit 77
fi

rm -rf "$folder"
cpack --config "$build/CPackConfig.cmake" -B "$folder"

faults=0
# expect PACKAGE PATTERN...: files whose names have each pattern, as grep reads it.
expect() {
  local files
  files=$(find "$folder" -maxdepth 1 -name "$1_*.deb" -exec dpkg-deb --contents {} ';')
  for pattern in "${@:2}"; do
    grep --quiet -- "$pattern" <<<"$files" || { echo "$1 has no $pattern"; faults=1; }
  done
}
expect 'libftp[0-9]*' 'libftp-core\.so\.[0-9.]* ->' 'libftp-net\.so\.[0-9.]* ->'
expect libftp-dev include/libftp/version.hpp libftp-net.pc libftp-config.cmake 'libftp-net\.so ->' libftp-testing.a
expect libftp-server bin/ftp-server man1/ftp-server.1 systemd/system/ftp-server.service \
  etc/ftp-server/ftp-server.toml bash-completion/completions/ftp-server /_ftp-server
expect libftp-client bin/ftp-client man1/ftp-client.1 bash-completion/completions/ftp-client /_ftp-client
dpkg-deb --field "$folder"/libftp-server_*.deb Depends | grep --quiet '^libftp0*[0-9.]* (= ' ||
  { echo "libftp-server does not depend on its library"; faults=1; }
exit $faults
