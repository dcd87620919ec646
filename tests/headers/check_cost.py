#!/usr/bin/env python3
"""Checks that including all of core's headers stays cheap: check_cost.py COMPILER INCLUDE_DIR HEADER...

The goal is well under half a second. A test must not depend on the machine's speed, so what is checked is the number of
lines that the compiler gets to see: those of the standard headers listed here, whatever they are with this compiler,
and a bounded number on top. The time is only printed.
"""
import subprocess
import sys
import time

# A standard header that is not part of one of these costs time in every program that uses libftp.
STANDARD_HEADERS = ["array", "atomic", "chrono", "functional", "memory", "optional", "span", "string", "string_view",
                    "system_error", "variant", "vector"]
MAX_LINES_ON_TOP = 3250


def compiler(arguments, headers):
    source = "".join(f"#include <{header}>\n" for header in headers)
    done = subprocess.run([sys.argv[1], "-std=c++20", "-O0", "-I", sys.argv[2], "-x", "c++", *arguments, "-"],
                          input=source, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done.stdout


def lines(headers):
    return compiler(["-E", "-P"], headers).count("\n")


def seconds(headers):
    start = time.monotonic()
    compiler(["-fsyntax-only"], headers)
    return time.monotonic() - start


headers = sys.argv[3:]
standard = lines(STANDARD_HEADERS)
on_top = lines(headers) - standard
print(f"{len(headers)} headers: {on_top} lines on top of the standard headers' {standard}, "
      f"at most {MAX_LINES_ON_TOP} wanted; {seconds(headers):.2f} s on this machine, "
      f"{seconds(STANDARD_HEADERS):.2f} s of them for the standard headers")
sys.exit(on_top > MAX_LINES_ON_TOP)
