"""Runs ftp_load against a server, and tells what both have done."""
import contextlib
import json
import os
import subprocess
import typing

import measured_servers

TIMEOUT = 120


class Failed(RuntimeError):
    """The load could not do its work; the text says why."""


class Outcome(typing.NamedTuple):
    seconds: float
    bytes: int
    operations: int
    resumed: int  # data connections that continued a TLS session
    load_cpu: float  # seconds
    server_cpu: float  # seconds


def command(server, arguments):
    program = measured_servers.Measured.programs / "ftp_load"
    return [program, server.host, str(server.port), *server.load_arguments(arguments)]


def environment(server):
    return {**os.environ, "FTP_USER": server.user, "FTP_PASSWORD": server.password}


def failure(server, text):
    gone = "" if server.process.runs() else f"; the server has ended with {server.process.child.returncode}"
    return Failed((text.strip().splitlines() or ["the load failed"])[-1] + gone)


def run(server, arguments):
    """To its end; what is left of uploads is removed."""
    kept = set(os.listdir(server.served))
    before = server.process.cpu_seconds()
    try:
        done = subprocess.run(command(server, arguments), capture_output=True, text=True, timeout=TIMEOUT,
                              env=environment(server))
    except subprocess.TimeoutExpired as error:
        raise failure(server, f"no end within {TIMEOUT} s") from error
    finally:
        server_cpu = server.process.cpu_seconds() - before
        server.process.bury_orphans()
        for name in set(os.listdir(server.served)) - kept:
            os.unlink(server.served / name)
    if done.returncode != 0:
        raise failure(server, done.stderr)
    said = json.loads(done.stdout)
    return Outcome(said["seconds"], said["bytes"], said["operations"], said["resumed"], said["cpu_seconds"], server_cpu)


def running(server, arguments):
    """A load that runs, and whose figures nobody wants."""
    return subprocess.Popen(command(server, arguments), stdout=subprocess.DEVNULL, env=environment(server))


@contextlib.contextmanager
def idle_sessions(server, count, *options):
    """While it lasts, so many sessions have logged in and wait."""
    load = subprocess.Popen(command(server, ["idle", str(count), *options]), stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(server))
    with load:
        try:
            if load.stdout.readline().strip() != "ready":
                load.kill()
                raise failure(server, load.stderr.read())
            yield
        finally:
            load.stdin.close()
