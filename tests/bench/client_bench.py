#!/usr/bin/env python3
"""Measures ftp-client beside other people's clients against one and the same server; prints a table for each server.

Trees of small files go down and up by as many connections as the others have, big files by one and in segments, each
over loopback and over a link with a round trip of its own (delayed_link.py). Rounds go over all clients in turn, so
that whatever else the machine does meets them all; what is printed are medians, and how many times as long as ours
each took. Needs root, and what tests/interop/set-up.sh brings; what is not there is named and left out.

On a machine that does other things, start it by `chrt --rr 5`; else whatever waits for its turn is measured too.
"""
import argparse
import collections
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import typing
import unittest

import delayed_link
import measured_servers

MIB, FILES_IN_DIRECTORY, SMALL_BYTES = 1024 * 1024, 500, 1024


class Place(typing.NamedTuple):
    """What a client has to know: the server, and both ends of what is to move."""
    server: object
    far: str  # on the server
    near: pathlib.Path
    connections: int

    @property
    def url(self):
        server = self.server
        return f"ftp://{server.user}:{server.password}@{server.host}:{server.port}/{self.far}"

    @property
    def ca(self):
        return self.server.authority and self.server.authority.ca


class Ours:
    def __init__(self, programs):
        self.program = programs / "ftp-client"

    def run(self, place, *words):
        tls = ["--tls=require", "--ca", place.ca] if place.ca else []
        return [self.program, "-q", *words, *tls]

    def tree_down(self, place):
        return self.run(place, "mirror", place.url, place.near, "-P", place.connections)

    def tree_up(self, place):
        return self.run(place, "mirror", place.near, place.url, "-P", place.connections)

    def big_down(self, place):
        return self.run(place, "get", place.url, place.near)

    def big_up(self, place):
        return self.run(place, "put", place.near, place.url)

    def segments(self, place):
        script = f"pget -n {place.connections} {place.far} {place.near}"
        return self.run(place, "-c", script, place.url.rpartition("/")[0])


class Lftp:
    program = "lftp"

    def run(self, place, command):
        """Without MODE Z, which it would take by itself: compressing costs it more than it saves here."""
        server = place.server
        tls = f"set ssl:ca-file {place.ca}; set ftp:ssl-force yes; set ftp:ssl-protect-data yes; " if place.ca else ""
        return [self.program, "-c", f"set ftp:use-mode-z no; {tls}set xfer:clobber yes; "
                f"open -u {server.user},{server.password} -p {server.port} {server.host}; {command}"]

    def tree_down(self, place):
        return self.run(place, f"mirror --parallel={place.connections} {place.far} {place.near}")

    def tree_up(self, place):
        return self.run(place, f"mirror -R --parallel={place.connections} {place.near} {place.far}")

    def big_down(self, place):
        return self.run(place, f"get {place.far} -o {place.near}")

    def big_up(self, place):
        return self.run(place, f"put {place.near} -o {place.far}")

    def segments(self, place):
        return self.run(place, f"pget -n {place.connections} {place.far} -o {place.near}")


class Curl:
    program = "curl"

    def run(self, place, *words):
        tls = ["--ssl-reqd", "--cacert", place.ca] if place.ca else []
        return [self.program, "-sS", *tls, *words, place.url]

    def big_down(self, place):
        return self.run(place, "-o", place.near)

    def big_up(self, place):
        return self.run(place, "-T", place.near)


class Mode(typing.NamedTuple):
    moves: str  # "tree" or "big"
    is_upload: bool = False
    takes_connections: bool = True


MODES = {
    "tree-down": Mode("tree"),
    "tree-up": Mode("tree", is_upload=True),
    "big-down": Mode("big", takes_connections=False),
    "big-up": Mode("big", is_upload=True, takes_connections=False),
    "segments": Mode("big"),
}


class Sample(typing.NamedTuple):
    seconds: float
    cpu: float  # seconds, of the client


class Case(typing.NamedTuple):
    server: str
    tls: str
    round_trip_ms: int
    mode: str
    connections: int


def parse(arguments):
    def names(known):
        def read(text):
            if not set(text.split(",")) <= set(known):
                raise argparse.ArgumentTypeError(f"'{text}' is not some of {','.join(known)}")
            return text.split(",")

        return {"type": read, "default": list(known), "help": "some of " + ",".join(known)}

    def numbers(default, text):
        return {"type": lambda words: [int(word) for word in words.split(",")], "default": default, "help": text}

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=pathlib.Path, help="folder of ftp-server and ftp-client")
    parser.add_argument("--servers", **names(["ours", "vsftpd", "pyftpdlib"]))
    parser.add_argument("--clients", **names(["ours", "lftp", "curl"]))
    parser.add_argument("--tls", **names(["none", "on"]))
    parser.add_argument("--modes", **names(MODES))
    parser.add_argument("--round-trips", **numbers([0, 50], "in milliseconds (0,50)"))
    parser.add_argument("--connections", **numbers([1, 4], "at the same time (1,4)"))
    for name, default, text in [("rounds", 3, "rounds"), ("files", 2000, "in a tree"),
                                ("far-files", 200, "the same over the link"), ("mib", 1024, "of the big file")]:
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{text} ({default})")
    parser.add_argument("--json", type=pathlib.Path, help="where the medians go, too")
    return parser.parse_args(arguments)


def bytes_in(place):
    return sum(path.stat().st_size for path in [place, *place.rglob("*")] if path.is_file())


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        everybody = {"ours": Ours(options.programs.resolve()), "lftp": Lftp(), "curl": Curl()}
        self.clients = {name: everybody[name] for name in options.clients if shutil.which(everybody[name].program)}
        self.samples = collections.defaultdict(lambda: collections.defaultdict(list))  # by case, then by client
        self.failed = set()
        measured_servers.Measured.programs = options.programs.resolve()
        measured_servers.adopt_orphans()

    def make_files(self):
        (self.folder / "big").write_bytes(os.urandom(self.options.mib * MIB))
        for tree, files in [("tree", self.options.files), ("far-tree", self.options.far_files)]:
            for number in range(files):
                directory = self.folder / tree / f"directory-{number // FILES_IN_DIRECTORY}"
                directory.mkdir(parents=True, exist_ok=True)
                (directory / f"file-{number}").write_bytes(os.urandom(SMALL_BYTES))

    def run(self):
        for tls in self.options.tls:
            for name in self.options.servers:
                try:
                    server = measured_servers.open_server(name, tls != "none")
                except (unittest.SkipTest, AssertionError) as error:
                    print(f"left out: {name}: {error}", file=sys.stderr)
                    continue
                try:
                    shutil.copytree(self.folder, server.served, copy_function=os.link, dirs_exist_ok=True)
                    for round_trip in self.options.round_trips:
                        self.measure_server(server, name, tls, round_trip)
                finally:
                    server.doCleanups()

    def measure_server(self, server, name, tls, round_trip):
        link = delayed_link.DelayedLink(round_trip / 1000) if round_trip else None
        try:
            if link and server.authority:
                server.authority.vouch_for_this_machine(link.near)
            if link:
                server.connect(link.near)
            for _ in range(self.options.rounds):
                for mode in self.options.modes:
                    for connections in self.options.connections if MODES[mode].takes_connections else [1]:
                        self.measure_case(server, link, Case(name, tls, round_trip, mode, connections))
        finally:
            if link:
                link.close()

    def measure_case(self, server, link, case):
        for name, client in self.clients.items():
            command_for = getattr(client, case.mode.replace("-", "_"), None)
            if not command_for or (case, name) in self.failed:
                continue
            try:
                sample = self.measure(server, link, case, command_for)
            except (RuntimeError, OSError) as error:
                print(f"left out: {name}, {case}: {error}", file=sys.stderr)
                self.failed.add((case, name))
            else:
                self.samples[case][name].append(sample)

    def measure(self, server, link, case, command_for):
        mode = MODES[case.mode]
        name = "far-tree" if mode.moves == "tree" and case.round_trip_ms else mode.moves
        source, target = (self.folder, server.served) if mode.is_upload else (server.served, self.folder)
        made = target / "made"
        far, near = ("made", source / name) if mode.is_upload else (name, made)
        try:
            sample = self.time(command_for(Place(server, far, near, case.connections)), link)
            if bytes_in(made) != bytes_in(source / name):
                raise RuntimeError(f"only {bytes_in(made)} bytes have come")
            return sample
        finally:
            if made.is_dir():
                shutil.rmtree(made)
            made.unlink(missing_ok=True)

    @staticmethod
    def time(command, link):
        words = [str(word) for word in command]
        with tempfile.TemporaryFile("w+") as output:
            start = time.perf_counter()
            child = subprocess.Popen(link.inside(words) if link else words, stdin=subprocess.DEVNULL,
                                     stdout=output, stderr=output, env={**os.environ, "HOME": "/nonexistent"})
            _, child.returncode, used = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - start
            if child.returncode:
                output.seek(0)
                raise RuntimeError(f"{' '.join(words)}: {output.read()[-500:]}")
        return Sample(seconds, used.ru_utime + used.ru_stime)

    def medians(self):
        return [(case, {name: Sample(*map(statistics.median, zip(*samples))) for name, samples in by_client.items()})
                for case, by_client in self.samples.items()]

    def print_tables(self):
        heading = None
        for case, medians in sorted(self.medians(), key=lambda entry: entry[0][:3]):
            if heading != (heading := case[:3]):
                print(f"\n{case.server}, TLS {case.tls}, round trip {case.round_trip_ms} ms")
                print(f"{'':14}" + "".join(f"{name + ' s':>9}{'CPU s':>7}{'ratio':>7}" for name in self.clients))
            columns = [f"{case.mode + ' x' + str(case.connections):14}"]
            for name in self.clients:
                sample = medians.get(name)
                ratio = f"{sample.seconds / medians['ours'].seconds:.2f}" if sample and "ours" in medians else "-"
                columns.append(f"{sample.seconds:9.3f}{sample.cpu:7.2f}{ratio:>7}" if sample else " " * 23)
            print("".join(columns))

    def write_json(self):
        rows = [{**case._asdict(), "files": self.options.far_files if case.round_trip_ms else self.options.files,
                 "mib": self.options.mib, "clients": {name: sample._asdict() for name, sample in medians.items()}}
                for case, medians in self.medians()]
        if self.options.json:
            self.options.json.write_text(json.dumps(rows, indent=1) + "\n")


def main(arguments):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that all it has started ends too
    options = parse(arguments)
    parent = measured_servers.Measured.scratch_parent
    with tempfile.TemporaryDirectory(prefix="libftp-client-bench-", dir=parent) as folder:
        pathlib.Path(folder).chmod(0o755)
        bench = Bench(options, pathlib.Path(folder))
        bench.make_files()
        bench.run()
        bench.print_tables()
        bench.write_json()


if __name__ == "__main__":
    main(sys.argv[1:])
