#!/usr/bin/env python3
"""Runs the fuzz targets that `cmake --preset fuzz && cmake --build --preset fuzz` has built, two or more at once.

    run.py SECONDS [TARGET...]   each target for so long, from its corpus on; all without names

New inputs are kept in build/fuzz/found, and the next run goes on from there. It fails if a target finds anything, and
says how to repeat it.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
LIMITS = ["-timeout=10", "-rss_limit_mb=2048", "-max_len=4096", "-print_final_stats=1", "-verbosity=1"]


def dictionary_of(name, folder):
    """Its option: the target's words, and the verbs where it reads commands."""
    own = HERE / "dictionaries" / f"{name}.txt"
    words = own.read_text() if own.exists() else ""
    if name in ("command_parser", "server_session"):
        words += subprocess.run([folder / "fuzz_verbs"], check=True, capture_output=True, text=True).stdout
    path = folder / f"{name}.dict"
    path.write_text(words)
    return [f"-dict={path}"] if words else []


def fuzz(name, folder, build, seconds, seed):
    """One line on how it went, and whether something was found."""
    found = build / "found" / name
    artifacts = build / "findings" / name
    for path in (found, artifacts):
        path.mkdir(parents=True, exist_ok=True)
    command = [folder / f"fuzz_{name}", *LIMITS, f"-max_total_time={seconds}", f"-seed={seed}", f"-artifact_prefix={artifacts}/",
               *dictionary_of(name, folder), found, HERE / "corpus" / name]
    result = subprocess.run(command, capture_output=True, text=True, errors="replace")
    runs = re.search(r"stat::number_of_executed_units:\s*(\d+)", result.stderr)
    line = f"{name:22} {int(runs.group(1)) if runs else 0:>10,} runs"
    if result.returncode == 0:
        return f"{line}, nothing found", False
    told = "\n".join(line for line in result.stderr.splitlines()
                     if not re.match(r"#\d+\s|INFO:|NEW_FUNC|\s+NEW", line))
    return f"{line}, FOUND:\n{told[-6000:]}", True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seconds", type=int)
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent.parent / "build" / "fuzz")
    parser.add_argument("--seed", type=int, default=0, help="0, as is usual: another one each time")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_intermixed_args()
    folder = arguments.build / "tests" / "fuzz"
    built = {path.name for path in folder.glob("fuzz_*")}
    targets = arguments.targets or sorted(path.name for path in (HERE / "corpus").iterdir())
    missing = [name for name in targets if f"fuzz_{name}" not in built]
    if missing:
        sys.exit(f"run.py: not built in {folder}: {' '.join(missing)}")
    failed = False
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for line, has_found in pool.map(
                lambda name: fuzz(name, folder, arguments.build, arguments.seconds, arguments.seed), targets):
            print(line, flush=True)
            failed = failed or has_found
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
