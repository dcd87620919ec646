#!/usr/bin/env python3
"""Measures ftp-server beside other people's servers, on loopback with files in memory; prints a table for each mode.

The server has one CPU and the load another. Rounds go over all servers in turn, so that whatever else the machine does
meets them all; what is printed are medians. Needs root, and what tests/interop/set-up.sh brings; what is not there is
named and left out. The floor is a server that checks nothing: what TLS and the kernel take in any case.

On a machine that does other things, start it by `chrt --rr 5`; else whatever waits for its turn is measured too.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import typing
import unittest

import measured_servers

MIB = 1024 * 1024
BIG, SMALL_FILES = "big", 1000  # as ftp_load asks for them
VERSIONS = {"1.3": ["--tls=1.3"], "1.2": ["--tls=1.2"], "none": []}


class Unit(typing.NamedTuple):
    """How a rate, and the CPU time for what it counts, are printed."""
    rate: str
    rate_divisor: float
    cost: str
    cost_factor: float


MEGABYTES = Unit("MB/s", 1e6, "CPU s/GB", 1e9)
OPERATIONS = Unit("per s", 1, "CPU us each", 1e6)


class Sample(typing.NamedTuple):
    rate: float  # of bytes or operations in a second
    cost: float  # the server's CPU seconds for one
    busy: float  # the load's CPU seconds in a second: near 1, it is the load that is measured
    resumed: float  # of the operations


def modes(options):
    """What ftp_load is told, and what counts."""
    return {
        "download": (["download", BIG], MEGABYTES),
        "upload": (["upload", "uploaded", str(options.mib * MIB)], MEGABYTES),
        "small-downloads": (["small-downloads", str(options.files)], OPERATIONS),
        "small-uploads": (["small-uploads", str(options.files)], OPERATIONS),
        "logins": (["logins", str(options.logins)], OPERATIONS),
    }


def parse(arguments):
    def some_of(known):
        def read(text):
            names = text.split(",")
            if not set(names) <= set(known):
                raise argparse.ArgumentTypeError(f"'{text}' is not some of {','.join(known)}")
            return names

        return {"type": read, "default": list(known), "help": "some of " + ",".join(known)}

    def number(default, text):
        return {"type": int, "default": default, "help": f"{text} ({default})"}

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=pathlib.Path, help="folder of ftp-server, ftp_load and tls_floor")
    parser.add_argument("--servers", **some_of(measured_servers.SERVERS))
    parser.add_argument("--tls", **some_of(VERSIONS))
    parser.add_argument("--rounds", **number(5, "rounds"))
    parser.add_argument("--mib", **number(1024, "size of big files"))
    parser.add_argument("--files", **number(1000, "small files in a round"))
    parser.add_argument("--logins", **number(50, "log-ins in a round"))
    parser.add_argument("--sessions", **number(1, "sessions at once, each with all of that"))
    parser.add_argument("--full-handshakes", action="store_true", help="data connections do not continue the session")
    parser.add_argument("--modes", **some_of(modes(parser.parse_args(["."]))))
    return parser.parse_args(arguments)


class Bench:
    def __init__(self, options, files, server_cpu, load_cpu):
        self.options, self.files, self.server_cpu, self.load_cpu = options, files, server_cpu, load_cpu
        self.modes = modes(options)
        self.servers = {}
        self.samples = {}  # by TLS version and mode, then by server
        measured_servers.Measured.programs = options.programs
        measured_servers.adopt_orphans()

    def make_files(self):
        with (self.files / BIG).open("wb") as big:
            for _ in range(self.options.mib):
                big.write(os.urandom(MIB))
        for number in range(SMALL_FILES):
            (self.files / f"small-{number}").write_bytes(os.urandom(1024))

    def open_server(self, name, protected):
        try:
            os.sched_setaffinity(0, {self.server_cpu})
            server = measured_servers.open_server(name, protected)
        except (unittest.SkipTest, AssertionError) as error:
            print(f"left out: {name}: {error}", file=sys.stderr)
            return
        finally:
            os.sched_setaffinity(0, {self.load_cpu})
        for file in self.files.iterdir():
            (server.served / file.name).hardlink_to(file)
        self.servers[name, protected] = server

    def close(self):
        for server in self.servers.values():
            server.doCleanups()

    def measure(self, server, version, mode):
        arguments, unit = self.modes[mode]
        command = [self.options.programs / "ftp_load", server.host, str(server.port), *arguments, *VERSIONS[version],
                   f"--sessions={self.options.sessions}", *["--full-handshakes"] * self.options.full_handshakes]
        before = server.process.cpu_seconds()
        done = subprocess.run(command, capture_output=True, text=True, timeout=600,
                              env={**os.environ, "FTP_USER": server.user, "FTP_PASSWORD": server.password})
        cpu = server.process.cpu_seconds() - before
        server.process.bury_orphans()
        for file in server.served.iterdir():
            if not (self.files / file.name).exists():
                file.unlink()
        if done.returncode != 0:
            gone = "" if server.process.runs() else f"; the server has ended with {server.process.child.returncode}"
            raise RuntimeError(done.stderr.strip() + gone)
        told = json.loads(done.stdout)
        counted = told["bytes"] if unit is MEGABYTES else told["operations"]
        return Sample(counted / told["seconds"], cpu / counted, told["cpu_seconds"] / told["seconds"],
                      told["resumed"] / told["operations"])

    def run(self):
        for name in self.options.servers:
            for protected in {version != "none" for version in self.options.tls}:
                self.open_server(name, protected)
        failed = set()
        for _ in range(self.options.rounds):
            for version in self.options.tls:
                for mode in self.options.modes:
                    for (name, protected), server in self.servers.items():
                        if protected != (version != "none") or (name, version, mode) in failed:
                            continue
                        try:
                            sample = self.measure(server, version, mode)
                        except (RuntimeError, subprocess.TimeoutExpired) as error:
                            print(f"left out: {name}, {mode}, TLS {version}: {error}", file=sys.stderr)
                            failed.add((name, version, mode))
                            continue
                        self.samples.setdefault((version, mode), {}).setdefault(name, []).append(sample)

    def print_table(self):
        for (version, mode), by_server in self.samples.items():
            unit = self.modes[mode][1]
            medians = {name: Sample(*map(statistics.median, zip(*samples))) for name, samples in by_server.items()}
            foreign = [median for name, median in medians.items() if measured_servers.SERVERS[name].foreign]
            fastest = max((median.rate for median in foreign), default=None)
            cheapest = min((median.cost for median in foreign), default=None)
            print(f"\n{mode}, TLS {version}, sessions: {self.options.sessions}")
            print(f"{'':12}{unit.rate:>10}{'to best':>9}{'spread':>8}{unit.cost:>13}{'to best':>9}{'load':>7}"
                  f"{'resumed':>9}")
            for name, median in sorted(medians.items(), key=lambda entry: -entry[1].rate):
                rates = [sample.rate for sample in by_server[name]]
                spread = (max(rates) - min(rates)) / median.rate
                print(f"{name:12}{median.rate / unit.rate_divisor:10.0f}{ratio(median.rate, fastest):>9}{spread:8.0%}"
                      f"{median.cost * unit.cost_factor:13.3g}{ratio(median.cost, cheapest):>9}"
                      f"{median.busy:7.0%}{median.resumed:9.0%}")


def ratio(value, best):
    return f"{value / best:.2f}" if best else "-"


def main(arguments):
    options = parse(arguments)
    if not (options.programs / "ftp_load").exists():
        sys.exit(f"{options.programs / 'ftp_load'} is not built: configure with -DLIBFTP_BENCH=ON")
    cpus = sorted(os.sched_getaffinity(0))
    if len(cpus) < 2:
        print("there is one CPU only: server and load share it", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="libftp-bench-", dir=measured_servers.Measured.scratch_parent) as folder:
        bench = Bench(options, pathlib.Path(folder), cpus[0], cpus[-1])
        try:
            bench.make_files()
            bench.run()
        finally:
            bench.close()
        bench.print_table()


if __name__ == "__main__":
    main(sys.argv[1:])
