"""Measures modes: opens the servers that they need, runs the load against each in turn, and collects samples."""
import os
import sys
import time
import typing
import unittest

import load
import measured_servers
import modes

IDLE_SESSIONS = {True: 100, False: 1000}  # with a process for each, and without
MOST_TIMES_MORE = 2000  # than the first count


class Sample(typing.NamedTuple):
    value: float  # in the mode's unit
    cost: float  # CPU seconds of the server for one operation or byte
    load_share: float  # CPU seconds of the load in a second: near 1, it is the load that is measured
    resumed: float  # of the operations


def make_files(folder):
    with (folder / modes.BIG).open("wb") as big:
        for _ in range(modes.BIG_BYTES // modes.MIB):
            big.write(os.urandom(modes.MIB))
    for number in range(modes.SMALL_FILES):
        (folder / f"small-{number}").write_bytes(os.urandom(1024))
    for name, count in modes.FULL_DIRECTORIES.items():
        make_full_directory(folder / name, count)


def make_full_directory(path, count):
    path.mkdir()
    for number in range(count):
        os.mknod(path / f"file-{number:07}.txt")


def sample_of(unit, outcome, listings):
    counted = {modes.MEGABYTES: outcome.bytes, modes.OPERATIONS: outcome.operations, modes.MILLISECONDS: listings}[unit]
    if counted == 0 or outcome.seconds == 0:
        raise load.Failed("nothing was done")
    value = {modes.MEGABYTES: counted / outcome.seconds / 1e6, modes.OPERATIONS: counted / outcome.seconds,
             modes.MILLISECONDS: outcome.seconds / counted * 1e3}[unit]
    return Sample(value, outcome.server_cpu / counted, outcome.load_cpu / outcome.seconds,
                  outcome.resumed / outcome.operations)


class Bench:
    """Servers that serve the same folder, on one CPU, and the load on the other, unless a mode wants both for all."""

    def __init__(self, served, seconds):
        self.served, self.seconds = served, seconds
        self.cpus = sorted(os.sched_getaffinity(0))
        self.servers = {}  # by name, with or without TLS, CPUs
        self.missing = {}

    def close(self):
        for server in self.servers.values():
            server.doCleanups()

    def run_on(self, cpus):
        os.sched_setaffinity(0, cpus)

    def server(self, name, tls, cpus):
        """One that runs; load.Failed says why there is none."""
        key = name, tls, cpus
        if key in self.missing:
            raise load.Failed(self.missing[key])
        if key not in self.servers:
            self.run_on(self.cpus if cpus == 2 else self.cpus[:1])
            try:
                self.servers[key] = measured_servers.open_server(name, tls, self.served, cpus)
            except (unittest.SkipTest, AssertionError) as error:
                self.missing[key] = str(error)
                raise load.Failed(str(error)) from error
        return self.servers[key]

    def run(self, server, mode, count):
        self.run_on(self.cpus if mode.cpus == 2 else self.cpus[-1:])
        arguments = [argument.replace(modes.COUNT, str(count)) for argument in mode.arguments]
        return load.run(server, [*arguments, f"--sessions={mode.sessions}"])

    def count_for(self, server, mode):
        """So that a sample takes its time; this is the run that warms the server up as well."""
        seconds = max(self.run(server, mode, mode.first_count).seconds, 1e-4)
        return max(1, min(round(mode.first_count * self.seconds / seconds), mode.first_count * MOST_TIMES_MORE))

    def memory(self, name, mode):
        """PSS for each of many idle sessions, of a server that nothing else was asked of but one of them."""
        self.run_on(self.cpus[:1])
        server = measured_servers.open_server(name, mode.tls, self.served)
        options = [argument for argument in mode.arguments if argument.startswith("--")]
        count = IDLE_SESSIONS[server.process_per_session]
        try:
            self.run_on(self.cpus[-1:])
            with load.idle_sessions(server, 1, *options):
                pass
            time.sleep(0.5)  # until it has forgotten that one
            before = server.process.kibibytes("smaps_rollup", "Pss")
            with load.idle_sessions(server, count, *options):
                after = server.process.kibibytes("smaps_rollup", "Pss")
        finally:
            server.doCleanups()
        return Sample((after - before) / count, 0, 0, 0)

    def measure(self, mode, names, rounds):
        """Lists of samples, and the reasons why some have none, by the servers' names."""
        samples, left_out, counts = {}, {}, {}
        for _ in range(1 if mode.unit is modes.KIBIBYTES else rounds):
            for name in names:
                if name in left_out:
                    continue
                try:
                    sample = self.sample(name, mode, counts)
                except (load.Failed, unittest.SkipTest, AssertionError) as error:
                    left_out[name] = str(error)
                    print(f"left out: {name}, {mode.title}: {error}", file=sys.stderr)
                    continue
                samples.setdefault(name, []).append(sample)
        return samples, left_out

    def sample(self, name, mode, counts):
        if mode.unit is modes.KIBIBYTES:
            return self.memory(name, mode)
        server = self.server(name, mode.tls, mode.cpus)
        if name not in counts:
            counts[name] = self.count_for(server, mode)
        return sample_of(mode.unit, self.run(server, mode, counts[name]), counts[name])
