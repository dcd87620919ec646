"""What is measured: for each mode what ftp_load is told, what counts, and what ours must reach."""
import typing

import measured_servers

MIB = 1024 * 1024
BIG, BIG_BYTES = "big", 256 * MIB
SMALL_FILES = 1000  # of 1 KiB, as ftp_load asks for them
FULL_DIRECTORIES = {"list-10000": 10_000, "list-100000": 100_000}


class Unit(typing.NamedTuple):
    """How values, and the server's CPU time for what they count, are printed."""
    value: str
    cost: str
    cost_factor: float
    more_is_better: bool = True


MEGABYTES = Unit("MB/s", "ms/GB", 1e12)
OPERATIONS = Unit("per s", "us", 1e6)
MILLISECONDS = Unit("ms", "ms", 1e3, more_is_better=False)
KIBIBYTES = Unit("KiB", "", 0, more_is_better=False)


class Mode(typing.NamedTuple):
    title: str
    arguments: list  # for ftp_load
    unit: Unit
    to_best: float = None  # the ratio to the best peer that ours must reach
    to_floor: float = None
    cost_to_best: float = None
    limit: float = None  # what ours must stay below, in the unit
    sessions: int = 1
    cpus: int = 1  # for the server; 1: the load has the other
    tls: bool = False
    beside: tuple = ("floor",)  # measured beside ours and the peers
    first_count: int = 1


COUNT = "{count}"  # what is chosen so that a sample takes its time
TIMES = "--times=" + COUNT
DOWNLOAD = ["download", BIG, TIMES]
UPLOAD = ["upload", "uploaded", str(BIG_BYTES // 2), TIMES]
SMALL_DOWNLOADS, SMALL_UPLOADS = ["small-downloads", COUNT], ["small-uploads", COUNT]
LOG_INS = ["logins", COUNT]
IDLE = ["idle", COUNT]
YARDSTICKS = ("floor", "nginx")
UPLOAD_FLOORS = ("floor", "splice-floor")

TRANSFERS = {
    "download": Mode("one big download", DOWNLOAD, MEGABYTES, 1.0, 0.95, 1.0, beside=YARDSTICKS),
    "download-8": Mode("8 big downloads, two CPUs", DOWNLOAD, MEGABYTES, 1.0, sessions=8, cpus=2, beside=YARDSTICKS),
    "upload": Mode("one big upload", UPLOAD, MEGABYTES, 1.0, 0.95, beside=UPLOAD_FLOORS),
    "upload-4": Mode("4 big uploads", UPLOAD, MEGABYTES, 1.05, 0.95, sessions=4, beside=UPLOAD_FLOORS),
    "small-downloads": Mode("1 KiB downloads", SMALL_DOWNLOADS, OPERATIONS, 1.0, 0.95, first_count=200),
    "small-downloads-8": Mode("1 KiB downloads, 8 sessions", SMALL_DOWNLOADS, OPERATIONS, 1.3, sessions=8,
                              first_count=50),
    "small-uploads": Mode("1 KiB uploads", SMALL_UPLOADS, OPERATIONS, 1.0, 0.95, first_count=200),
    "small-uploads-8": Mode("1 KiB uploads, 8 sessions", SMALL_UPLOADS, OPERATIONS, 1.3, sessions=8, first_count=50),
}

SESSIONS = {
    "logins": Mode("log-ins", LOG_INS, OPERATIONS, 1.0, 0.9, first_count=50),
    "connects": Mode("connections", ["connects", COUNT], OPERATIONS, 1.0, first_count=50),
    "idle": Mode("memory per idle session", IDLE, KIBIBYTES, limit=3.0, beside=()),
}


def commands(verb, *argument):
    """One session, eight of them, and one that does not wait for replies."""
    work = ["commands", verb, *argument, COUNT]
    base = Mode(verb, work, OPERATIONS, 1.0, first_count=500)
    return {
        verb.lower(): base,
        verb.lower() + "-8": base._replace(title=f"{verb}, 8 sessions", to_best=1.2, sessions=8),
        verb.lower() + "-pipelined": base._replace(title=f"{verb}, 16 in flight", arguments=[*work, "--in-flight=16"]),
    }


def listing(verb, directory):
    title = f"{verb} of {FULL_DIRECTORIES[directory]:,} files"
    return {f"{verb.lower()}-{FULL_DIRECTORIES[directory]}":
            Mode(title, ["list", verb, directory, TIMES], MILLISECONDS, 0.7)}


PROTECTED = {
    "tls-download": Mode("one big download", DOWNLOAD, MEGABYTES, 1.0, 0.95, beside=YARDSTICKS),
    "tls-download-4": Mode("4 big downloads", DOWNLOAD, MEGABYTES, 1.0, 0.95, sessions=4, beside=YARDSTICKS),
    "tls-upload": Mode("one big upload", UPLOAD, MEGABYTES, 1.0, 0.95),
    "tls-small-new": Mode("1 KiB downloads, 4 sessions, new handshakes", [*SMALL_DOWNLOADS, "--full-handshakes"],
                          OPERATIONS, 1.3, sessions=4, beside=(), first_count=20),
    "tls-small-resumed": Mode("1 KiB downloads, 4 sessions, resumed", SMALL_DOWNLOADS, OPERATIONS, 1.3, sessions=4,
                              beside=(), first_count=20),
    "tls-logins": Mode("log-ins", LOG_INS, OPERATIONS, 1.2, beside=(), first_count=20),
    "tls-idle": Mode("memory per idle session", IDLE, KIBIBYTES, limit=20.0, beside=()),
}

MODES = {
    **TRANSFERS, **SESSIONS, **commands("NOOP"), **commands("PWD"), **commands("SIZE", "small-0"),
    **{name: mode for directory in FULL_DIRECTORIES for verb in ["LIST", "MLSD"]
       for name, mode in listing(verb, directory).items()},
    **{name: mode._replace(title="TLS 1.3: " + mode.title, tls=True, arguments=[*mode.arguments, "--tls=1.3"])
       for name, mode in PROTECTED.items()},
}


def servers_of(mode):
    """Their names, ours first; whoever cannot is left out when it is measured."""
    return [measured_servers.OURS, *measured_servers.PEERS, *mode.beside]
