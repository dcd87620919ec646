#!/usr/bin/env bash
# Completes in bash what users type of the two programs: completions.sh FTP-SERVER FTP-CLIENT
set -u
server=$1 client=$2
faults=0

# expect WANTED WORD...: one of the completions of the last word is the wanted one.
expect() {
  COMP_WORDS=("${@:2}") COMP_CWORD=$(($# - 2)) COMPREPLY=()
  "_${2//-/_}"
  [[ " ${COMPREPLY[*]} " == *" $1 "* ]] || { echo "'${*:2}' is not completed to $1: ${COMPREPLY[*]}"; faults=1; }
}

# expect_files WORD...: nothing is offered for the last word, so that bash offers files.
expect_files() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=(left)
  "_${1//-/_}"
  [[ ${#COMPREPLY[@]} == 0 ]] || { echo "'$*' is completed to no file, but to: ${COMPREPLY[*]}"; faults=1; }
}

for program in "$server" "$client"; do
  eval "$("$program" --completion bash)" || faults=1
  # Every option that a page of the help begins a line with.
  name=$(basename "$program")
  topics=$("$program" --help | sed -n '/^More, by/,$s/^  \([a-z-]*\).*/\1/p')
  options=$({ "$program" --help; for topic in $topics; do "$program" help "$topic"; done; } |
    grep --only-matching --extended-regexp '^  (-., )?--[a-z-]+' | grep --only-matching --extended-regexp -- '--[a-z-]+')
  [[ $(wc -w <<<"$options") -gt 10 ]] || { echo "the help of $name has no options"; faults=1; }
  manual=$("$program" --man | tr --delete "\\\\")
  for option in $options; do
    expect "$option" "$name" "${option:0:4}"
    [[ $manual == *"$option"* ]] || { echo "$option is not in the manual"; faults=1; }
  done
  if command -v zsh >/dev/null; then
    zsh -n <("$program" --completion zsh) || faults=1
  fi
done

expect user ftp-server us
expect passwd ftp-server user pa
expect --permissions ftp-server user add --perm
expect mirror ftp-client mirr
expect --delete ftp-client mirror --del
expect -c ftp-client get -
expect_files ftp-client put ""
expect_files ftp-client mirror -P ""
expect_files ftp-client --ca p
expect_files ftp-client --ca = p
expect_files ftp-server --users us
exit $faults
