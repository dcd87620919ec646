#!/usr/bin/env python3
"""Compares what each operation takes with its ceiling: check_counts.py PROGRAM --build BUILD [--renew]

PROGRAM is count_operations. It runs once, under callgrind, which counts the instructions between the beginning and the
end of run_counted(); so neither start-up nor the operations' own set-up are in the figures, and no other load on the
machine changes them. BUILD is how it was built: the ceilings are those of one kind of build, and in any other nothing is
compared. --renew writes the ceilings anew: those that were exceeded rise, those with more headroom than needed come
down, and the others stay.
"""
import argparse
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

CEILINGS = pathlib.Path(__file__).with_name("ceilings.txt")
BUILD_LINE = "# Counted in a build by: "
HEADING = """\
# The most that one run of each operation may take: instructions, allocations. Written by check_counts.py --renew.
"""
# Ceilings of instructions are this much above what was counted when they were written: so much may differ between two
# versions of the same compiler and C library. Allocations do not differ.
HEADROOM = 1.10
# The C library chooses its string functions by the processor. Here it is to choose the same ones everywhere.
SAME_EVERYWHERE = "glibc.cpu.hwcaps=-AVX2,-AVX512F,-BMI2,-ERMS,-FSRM"


def skip(reason):
    print(f"The counts were not compared: {reason}")
    sys.exit(1 if os.environ.get("LIBFTP_REQUIRE_TOOLS") else 77)


def counts(program):
    """Name -> (instructions, allocations) of one run."""
    with tempfile.TemporaryDirectory() as scratch:
        profile = pathlib.Path(scratch) / "profile"
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--toggle-collect=run_counted", "--dump-after=run_counted",
             f"--callgrind-out-file={profile}", program],
            capture_output=True, text=True, env={**os.environ, "GLIBC_TUNABLES": SAME_EVERYWHERE})
        if done.returncode != 0:
            sys.exit(done.stdout + done.stderr)
        found = {}
        # Each operation leaves a profile of its own: profile.1 and so on, in the order in which they ran.
        for number, line in enumerate(done.stdout.splitlines(), start=1):
            name, repetitions, allocations = line.split()
            text = profile.with_suffix(f".{number}").read_text()
            instructions = next(int(row.split()[1]) for row in text.splitlines() if row.startswith("totals:"))
            found[name] = tuple(math.ceil(total / int(repetitions)) for total in (instructions, int(allocations)))
        return found


def read_ceilings():
    """The build that they are for, and name -> (instructions, allocations)."""
    lines = CEILINGS.read_text().splitlines() if CEILINGS.exists() else []
    build = "".join(line.removeprefix(BUILD_LINE) for line in lines if line.startswith(BUILD_LINE))
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return build, {name: (int(instructions), int(allocations)) for name, instructions, allocations in rows}


def with_headroom(instructions):
    return math.ceil(instructions * HEADROOM)


def renewed(found, ceiling):
    instructions, allocations = with_headroom(found[0]), found[1]
    if ceiling and found[0] <= ceiling[0]:
        instructions = min(instructions, ceiling[0])
    return instructions, allocations


def write_ceilings(build, ceilings):
    width = max(map(len, ceilings))
    rows = (f"{name:{width}} {instructions:10} {allocations:7}\n" for name, (instructions, allocations) in ceilings.items())
    CEILINGS.write_text(HEADING + BUILD_LINE + build + "\n\n" + "".join(rows))


def complaints(found, ceilings):
    for name, counted in found.items():
        if name not in ceilings:
            yield f"{name}: no ceiling; it takes {counted[0]} instructions and {counted[1]} allocations"
            continue
        for what, count, ceiling in zip(("instructions", "allocations"), counted, ceilings[name]):
            if count > ceiling:
                yield f"{name}: {what} grew to {count}; the ceiling is {ceiling}"
    for name in ceilings.keys() - found.keys():
        yield f"{name}: a ceiling without an operation"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--build", required=True)
    parser.add_argument("--renew", action="store_true")
    options = parser.parse_args()

    build, ceilings = read_ceilings()
    if not shutil.which("valgrind"):
        skip("valgrind is not installed (Debian and Ubuntu: apt-get install valgrind)")
    if build != options.build and not options.renew:
        skip(f"the ceilings are for a build by {build}, and this is one by {options.build}")

    found = counts(options.program)
    if options.renew:
        write_ceilings(options.build, {name: renewed(counted, ceilings.get(name)) for name, counted in found.items()})
        print(f"{CEILINGS} is written")
        return

    for name, counted in found.items():
        print(f"{name:30} {counted[0]:10} instructions, at most {ceilings.get(name, (0, 0))[0]:10}; "
              f"{counted[1]} allocations")
    faults = list(complaints(found, ceilings))
    if faults:
        print("\nMore is done than before:", *faults, sep="\n  ")
        print(f"""
What takes them: valgrind --tool=callgrind --toggle-collect=run_counted {options.program} NAME
                 callgrind_annotate callgrind.out.*
If it is wanted: cmake --build --preset release --target renew_ceilings
                 and commit {CEILINGS.name} together with the reason.""")
        sys.exit(1)


main()
