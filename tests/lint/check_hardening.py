#!/usr/bin/env python3
"""Looks into programs for what libftp-hardening.cmake gives them.

    check_hardening.py COMPILER BUILD_TYPE PROGRAM...
    check_hardening.py --self-test COMPILER    proves that a program without all that is found
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# The C library's checked versions of calls that may write past the end of their buffer.
CHECKED_CALL = re.compile(r"\b__(?!stack)\w+_chk\b")


def read(what, file):
    return subprocess.run(["readelf", "--wide", what, file], capture_output=True, text=True, check=True).stdout


def tracks_branches(file):
    """Whether it says that all of its code bears shadow stacks and marked targets of jumps (x86)."""
    return re.search(r"x86 feature: .*IBT.*SHSTK", read("--notes", file)) is not None


def faults_of(program, compiler, build_type):
    segments, dynamic = read("--segments", program), read("--dynamic", program)
    symbols = read("--dyn-syms", program)
    if "Position-Independent Executable" not in read("--file-header", program):
        yield "is at a fixed address (-pie)"
    if "GNU_RELRO" not in segments or "BIND_NOW" not in dynamic:
        yield "keeps the addresses of functions where they can be overwritten (-z relro -z now)"
    if re.search(r"GNU_STACK .*\bRWE\b", segments) or "GNU_STACK" not in segments:
        yield "has a stack that can be executed (-z noexecstack)"
    if re.search(r"LOAD .*\bRWE\b", segments) or "TEXTREL" in dynamic:
        yield "has code that can be written"
    if "__stack_chk_fail" not in symbols:
        yield "does not see an overrun stack (-fstack-protector-strong)"
    if build_type in ("Release", "MinSizeRel") and not CHECKED_CALL.search(symbols):
        yield "calls no checked functions of the C library (-D_FORTIFY_SOURCE=2)"
    # One object without it takes it from the program, and some distributions' own begin every program.
    start = subprocess.run([compiler, "-print-file-name=Scrt1.o"], capture_output=True, text=True).stdout.strip()
    if os.path.exists(start) and tracks_branches(start) and not tracks_branches(program):
        yield "bears no shadow stack (-fcf-protection=full)"


def check(compiler, build_type, programs):
    found = [f"{program}: {fault}" for program in programs for fault in faults_of(program, compiler, build_type)]
    print("\n".join(found) or "the programs are hardened")
    return 1 if found else 0


def self_test(compiler):
    with tempfile.TemporaryDirectory() as folder:
        source, program = pathlib.Path(folder, "bare.cpp"), pathlib.Path(folder, "bare")
        source.write_text("int main() {}\n")
        subprocess.run([compiler, "-U_FORTIFY_SOURCE", "-fno-stack-protector", "-no-pie", "-Wl,-z,norelro,-z,lazy",
                        "-Wl,-z,execstack", source, "-o", program], check=True)
        found = list(faults_of(program, compiler, "Release"))
    print("\n".join(found))
    return 0 if len(found) == 5 else 1


if __name__ == "__main__":
    if not shutil.which("readelf"):
        print("readelf is not there (Debian: binutils)")
        sys.exit(77)
    if sys.argv[1] == "--self-test":
        sys.exit(self_test(sys.argv[2]))
    sys.exit(check(sys.argv[1], sys.argv[2], sys.argv[3:]))
