#!/usr/bin/env python3
"""Tells which lines and branches of the core the unit tests and the fuzz corpora reach.

    coverage.py [BUILD]   after `cmake --preset coverage && cmake --build --preset coverage`, in build/coverage

It prints both by folder, and the files with the most branches that nothing reaches. Branches that only a failing
allocation takes, or the compiler adds for exceptions, are none of these: llvm-cov counts conditions in the source.
"""
import collections
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CORE = ("protocol", "store", "auth", "session")


def newest(tool):
    """The version that comes with Debian's clang has its number in its name."""
    for name in (f"{tool}-14", tool):
        if subprocess.run(["which", name], capture_output=True).returncode == 0:
            return name
    sys.exit(f"coverage.py: {tool} is missing (Debian: apt-get install llvm)")


def run_all(build):
    profiles = build / "profiles"
    profiles.mkdir(exist_ok=True)
    for old in profiles.iterdir():
        old.unlink()
    programs = [build / "tests" / "unit" / "unit_tests"]
    commands = [[programs[0]]]
    for corpus in sorted((ROOT / "tests" / "fuzz" / "corpus").iterdir()):
        programs.append(build / "tests" / "fuzz" / f"fuzz_{corpus.name}")
        commands.append([programs[-1], corpus])
    for number, command in enumerate(commands):
        environment = os.environ | {"LLVM_PROFILE_FILE": str(profiles / f"{number}.profraw")}
        result = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace")
        if result.returncode != 0:
            sys.exit(f"coverage.py: {command[0]} failed:\n{(result.stdout + result.stderr)[-3000:]}")
    merged = build / "tests.profdata"
    subprocess.run([newest("llvm-profdata"), "merge", "-o", merged, *profiles.iterdir()], check=True)
    return programs, merged


def files_of(programs, merged):
    """(folder, file, {lines: (count, covered), branches: ...}) of the core's sources and headers."""
    objects = [part for program in programs[1:] for part in ("-object", program)]
    command = [newest("llvm-cov"), "export", "-summary-only", f"-instr-profile={merged}", programs[0], *objects]
    export = subprocess.run(command, check=True, capture_output=True, text=True)
    for entry in json.loads(export.stdout)["data"][0]["files"]:
        path = pathlib.Path(entry["filename"]).resolve()
        if not path.is_relative_to(ROOT / "libftp"):
            continue
        room = path.relative_to(ROOT / "libftp").parts[-2]
        room = room if room in CORE else "(root)"
        summary = entry["summary"]
        yield room, str(path.relative_to(ROOT)), {kind: (summary[kind]["count"], summary[kind]["covered"])
                                                 for kind in ("lines", "branches")}


def percent(counted):
    count, covered = counted
    return f"{100 * covered / count:5.1f} % of {count:6}" if count else "      -         "


def main():
    build = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "coverage"
    files = list(files_of(*run_all(build)))
    totals = collections.defaultdict(lambda: {"lines": (0, 0), "branches": (0, 0)})
    for room, _, counts in files:
        for place in (room, "all"):
            for kind, (count, covered) in counts.items():
                before = totals[place][kind]
                totals[place][kind] = (before[0] + count, before[1] + covered)
    for room in [*sorted(set(totals) - {"all"}), "all"]:
        print(f"{room:10} lines {percent(totals[room]['lines'])}  branches {percent(totals[room]['branches'])}")
    print("\nMost branches that nothing reaches:")
    for _, path, counts in sorted(files, key=lambda f: f[2]["branches"][1] - f[2]["branches"][0])[:20]:
        count, covered = counts["branches"]
        print(f"{count - covered:4} of {count:4}  lines {percent(counts['lines'])}  {path}")


if __name__ == "__main__":
    main()
