#!/usr/bin/env python3
"""Measures ftp-server beside other people's servers, on loopback with files in memory, and keeps what it has measured.

    bench.py build/release/bin     measures everything, within about 20 minutes
    bench.py --report              turns what is kept into the table and the plots of README.md

The server has one CPU and the load another. Rounds go over all servers in turn, so that whatever else the machine does
meets them all; what is printed are medians. Needs root, nginx-light, and what tests/interop/set-up.sh brings; what is
not there is named and left out. What is measured anew replaces what was kept of it.

On a machine that does other things, start it by `chrt --rr 5`; else whatever waits for its turn is measured too.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import resource
import signal
import sys
import tempfile

import measured_servers
import measurement
import modes
import network
import scale
import table

DOCUMENTS = pathlib.Path(__file__).parents[2] / "libftp" / "doc" / "bench"


def parse(arguments):
    def some_of(known):
        def read(text):
            names = text.split(",")
            if not set(names) <= set(known):
                raise argparse.ArgumentTypeError(f"'{text}' is not some of {','.join(known)}")
            return names

        return {"type": read, "default": list(known), "help": "some of " + ",".join(known)}

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=pathlib.Path, nargs="?", help="folder of ftp-server, ftp_load and ftp_floor")
    parser.add_argument("--modes", **some_of(modes.MODES))
    parser.add_argument("--servers", **some_of(measured_servers.SERVERS))
    parser.add_argument("--scale", **some_of(scale.RUNS))
    parser.add_argument("--only-modes", action="store_true", help="does not look at how cost grows")
    parser.add_argument("--only-scale", action="store_true", help="looks at nothing else")
    parser.add_argument("--rounds", type=int, default=5, help="(5)")
    parser.add_argument("--seconds", type=float, default=0.4, help="that a sample takes (0.4)")
    parser.add_argument("--quick", action="store_true", help="one short round, to see that everything works")
    parser.add_argument("--results", type=pathlib.Path, default=DOCUMENTS / "results.json", help="what is kept")
    parser.add_argument("--report", action="store_true", help="measures nothing, writes README.md and the plots")
    options = parser.parse_args(arguments)
    if not options.programs and not options.report:
        parser.error("which programs?")
    if options.quick:
        options.rounds, options.seconds = 1, 0.1
    return options


def machine():
    """What the figures are of."""
    said = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", said)
    return {"cpu": model.group(1) if model else platform.machine(), "cpus": len(os.sched_getaffinity(0)),
            "kernel": platform.release(), "date": datetime.date.today().isoformat()}


def refuse_what_cannot_work(options):
    if os.geteuid() != 0:
        sys.exit("bench.py needs root: the servers of others change to an account of the interop tests")
    for program in ["ftp_load", "ftp-server"]:
        if not (options.programs / program).exists():
            sys.exit(f"{options.programs / program} is not built: configure with -DLIBFTP_BENCH=ON")
    if len(os.sched_getaffinity(0)) < 2:
        print("there is one CPU only: server and load share it", file=sys.stderr)


def keep(results, path):
    """With each sample on a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=1)
    path.write_text(re.sub(r"\[[^][{}]*\]", lambda sample: " ".join(sample.group().split()), text) + "\n")


def rounded(samples):
    return [[float(f"{number:.4g}") for number in sample] for sample in samples]


def measure_modes(options, results, served):
    bench = measurement.Bench(served, options.seconds)
    try:
        measurement.make_files(served)
        for name in options.modes:
            mode = modes.MODES[name]
            names = [server for server in modes.servers_of(mode) if server in options.servers]
            samples, left_out = bench.measure(mode, names, options.rounds)
            kept = {key: value for key, value in results["modes"].get(name, {}).items() if key not in names}
            results["modes"][name] = kept | {server: rounded(found) for server, found in samples.items()}
            results["left out"][name] = left_out
            keep(results, options.results)
            if samples:
                table.print_row(table.rows(results["modes"])[name])
    finally:
        bench.close()


def main(arguments):
    options = parse(arguments)
    results = {"modes": {}, "left out": {}, "scale": {}}
    if options.results.exists():
        results |= json.loads(options.results.read_text())
    if options.report:
        try:
            import report
        except ModuleNotFoundError as missing:  # which measuring does not need
            sys.exit(f"bench.py: --report needs {missing.name} (Debian: python3-{missing.name})")
        report.write(results, DOCUMENTS)
        return
    refuse_what_cannot_work(options)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that all it has started ends too
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    results["machine"] = machine()
    measured_servers.Measured.programs = options.programs
    measured_servers.adopt_orphans()
    network.leave_the_others()
    parent = measured_servers.Measured.scratch_parent
    if not options.only_scale:
        with tempfile.TemporaryDirectory(prefix="libftp-bench-", dir=parent) as folder:
            pathlib.Path(folder).chmod(0o755)
            measure_modes(options, results, pathlib.Path(folder))
    if not options.only_modes:
        for name in options.scale:
            results["scale"][name] = scale.RUNS[name].measure(options.seconds)
            keep(results, options.results)


if __name__ == "__main__":
    main(sys.argv[1:])
