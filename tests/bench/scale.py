"""How the cost of ftp-server grows with sessions, files in a directory, bytes in a file, and commands in flight."""
import contextlib
import os
import pathlib
import shutil
import socket
import statistics
import sys
import tempfile
import time
import typing

import load
import measured_servers
import measurement

SAMPLES = 3


class Line(typing.NamedTuple):
    """What is drawn: the key of its values, and what they are."""
    key: str
    label: str


class Run(typing.NamedTuple):
    """Points are dictionaries with the keys of the lines; `at` gives one."""
    title: str
    x: str
    sizes: list
    lines: list
    at: typing.Callable

    def measure(self, seconds):
        points, parent = [], measured_servers.Measured.scratch_parent
        for size in self.sizes:
            with tempfile.TemporaryDirectory(prefix="libftp-scale-", dir=parent) as folder:
                try:
                    points.append({"size": size} | self.at(size, pathlib.Path(folder), seconds))
                except load.Failed as error:
                    print(f"left out: {self.title}, {size}: {error}", file=sys.stderr)
                    continue
            print(f"{self.title}, {self.x} {size}: " + ", ".join(
                f"{line.label} {points[-1][line.key]:.3g}" for line in self.lines if line.key in points[-1]))
        return points


@contextlib.contextmanager
def ours(folder):
    """It has one CPU, and the load another, as where it is compared."""
    cpus = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cpus)})
    server = measured_servers.open_server(measured_servers.OURS, False, folder)
    os.sched_setaffinity(0, {max(cpus)})
    try:
        yield server
    finally:
        os.sched_setaffinity(0, cpus)
        server.doCleanups()


def median_of(server, arguments, count, seconds):
    """The medians of an operation's time and of the server's CPU time for it; "{count}" in the arguments is chosen."""
    def run(times):
        return load.run(server, [argument.replace("{count}", str(times)) for argument in arguments])

    once = run(count)
    times = max(1, round(count * seconds / max(once.seconds, 1e-4)))
    outcomes = [run(times) for _ in range(SAMPLES)]
    return (statistics.median(outcome.seconds / outcome.operations for outcome in outcomes),
            statistics.median(outcome.server_cpu / outcome.operations for outcome in outcomes))


def sessions(count, folder, seconds):
    with ours(folder) as server:
        with load.idle_sessions(server, 1):
            pass
        before = server.process.kibibytes("smaps_rollup", "Pss")
        with load.idle_sessions(server, count):
            memory = server.process.kibibytes("smaps_rollup", "Pss") - before
        noops = ["commands", "NOOP", "{count}", f"--sessions={count}"]
        _, cpu = median_of(server, noops, max(1, 1000 // count), seconds)
    return {"memory": memory / count, "cpu": cpu * 1e6}


def noop_beside(server, arguments):
    """The time in which 99 of 100 NOOPs of another session are answered while the load does its work."""
    times = []
    with socket.create_connection((server.host, server.port), load.TIMEOUT) as control:
        replies = control.makefile("rb")
        replies.readline()
        for command in [f"USER {server.user}", f"PASS {server.password}"]:
            control.sendall(command.encode() + b"\r\n")
            replies.readline()
        with load.running(server, arguments) as work:
            while work.poll() is None:
                begin = time.perf_counter()
                control.sendall(b"NOOP\r\n")
                replies.readline()
                times.append(time.perf_counter() - begin)
    return statistics.quantiles(times, n=100)[-1] if len(times) > 1 else times[0]


def files(count, folder, seconds):
    measurement.make_full_directory(folder / "full", count)
    point = {}
    with ours(folder) as server:
        median_of(server, ["list", "MLSD", "full", "--times=1"], 1, 0)
        server.process.forget_peak()
        before = server.process.kibibytes("status", "VmHWM")
        for verb in ["LIST", "MLSD"]:
            point[verb], _ = median_of(server, ["list", verb, "full", "--times={count}"], 1, seconds)
            point[verb] *= 1e6  # for an entry: those are the operations of a listing
        point["memory"] = server.process.kibibytes("status", "VmHWM") - before
        if count == max(RUNS["files"].sizes):
            point["beside"] = noop_beside(server, ["list", "MLSD", "full"]) * 1e6
    shutil.rmtree(folder / "full")
    return point


def file_size(size, folder, seconds):
    with (folder / "file").open("wb") as file:
        if size:
            os.posix_fallocate(file.fileno(), 0, size)
    with ours(folder) as server:
        once, cpu = median_of(server, ["download", "file", "--times={count}"], 1, seconds)
    per_file = {"file": once * 1e6}
    return per_file | {"byte": once / size * 1e9, "cpu": cpu / size * 1e9} if size else per_file


def pipelining(depth, folder, seconds):
    with ours(folder) as server:
        once, cpu = median_of(server, ["commands", "NOOP", "{count}", f"--in-flight={depth}"], 1000, seconds)
    return {"time": once * 1e6, "cpu": cpu * 1e6}


KIB, MIB, GIB = 2**10, 2**20, 2**30
RUNS = {
    "sessions": Run("Sessions", "sessions", [10, 100, 1000, 10_000],
                    [Line("memory", "KiB for an idle session (PSS)"), Line("cpu", "us of CPU for a NOOP")], sessions),
    "files": Run("Files in a directory", "files", [10, 100, 1000, 10_000, 100_000, 1_000_000],
                 [Line("LIST", "us for an entry of LIST"), Line("MLSD", "us for an entry of MLSD"),
                  Line("memory", "KiB more at the peak"),
                  Line("beside", "us for 99 of 100 NOOPs beside MLSD")], files),
    "file-size": Run("Size of a file", "bytes", [0, KIB, 64 * KIB, MIB, 64 * MIB, GIB, 4 * GIB],
                     [Line("file", "us for a file"), Line("byte", "ns for a byte"),
                      Line("cpu", "ns of CPU for a byte")], file_size),
    "pipelining": Run("Commands in flight", "commands", [1, 2, 4, 8, 16, 32, 64],
                      [Line("time", "us for a NOOP"), Line("cpu", "us of CPU for a NOOP")], pipelining),
}
