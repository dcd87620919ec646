"""Checks what the shared libraries show: libftp's own names, and of others only the state that is shared with programs.

exported_symbols.py LIBRARY...
"""
import re
import subprocess
import sys

OWN = re.compile(r"libftp::|(?:vtable|VTT|typeinfo|typeinfo name|guard variable) for libftp::"
                 r"|(?:non-)?virtual thunk to libftp::")
STATE_OF_ASIO = re.compile(r"(?:guard variable for )?asio::")
# Equal in every copy, so that a library may have its own.
CONSTANTS_OF_ASIO = re.compile(r"asio::(?:execution::|error::\w+_category$|\(anonymous namespace\)::)")
UNIQUE_IN_A_PROCESS = "u"
OWN_VARIABLES = "bd"


def symbols(library, *options):
    """The symbols that are defined, as pairs of a kind and a demangled name."""
    listing = subprocess.run(["nm", "--demangle", "--defined-only", *options, library], check=True,
                             stdout=subprocess.PIPE, text=True).stdout
    return {re.fullmatch(r"[0-9a-f]+ (\S) (.*)", line).groups() for line in listing.splitlines()}


def faults(library):
    exported = symbols(library, "--dynamic")
    if not any(name.startswith("libftp::") for _, name in exported):
        yield "shows nothing of libftp"
    for kind, name in sorted(exported):
        if not OWN.match(name) and not (kind == UNIQUE_IN_A_PROCESS and STATE_OF_ASIO.match(name)):
            yield f"shows {name}"
    for kind, name in sorted(symbols(library)):
        if kind in OWN_VARIABLES and STATE_OF_ASIO.match(name) and not CONSTANTS_OF_ASIO.match(name):
            yield f"does not share {name}"


def main():
    found = [f"{library} {fault}" for library in sys.argv[1:] for fault in faults(library)]
    print("\n".join(found) or "only what is meant to be shown is shown")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
