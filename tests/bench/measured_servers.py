"""The servers that are measured: those of the interop tests, ours and the floor, each with its CPU time."""
import ctypes
import os
import pathlib
import signal
import subprocess
import sys

sys.path.append(str(pathlib.Path(__file__).parents[1] / "interop"))
import certificates  # noqa: E402
import foreign_servers  # noqa: E402
import interop  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans():
    """What a server has started, and leaves behind, becomes ours: else nobody could tell what time it took."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class Process:
    """A server without a log, and all that it starts: a session of the system, whose number is its process id."""
    lines = ["what it says is thrown away"]

    def __init__(self, command):
        self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL, start_new_session=True)

    def runs(self):
        return self.child.poll() is None

    def members(self):
        """Process ids with the fields of stat behind the name: the session, and children that have left it."""
        found = {}
        for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                found[int(path.parent.name)] = path.read_text().rpartition(")")[2].split()
            except OSError:
                pass  # it has just ended
        members = {number for number, fields in found.items() if int(fields[3]) == self.child.pid}
        while more := {number for number, fields in found.items() if int(fields[1]) in members} - members:
            members |= more
        return [(number, found[number]) for number in members]

    def cpu_seconds(self):
        """Of all that ran and run: theirs, and what they have inherited from those that they waited for."""
        return sum(int(field) for _, fields in self.members() for field in fields[11:15]) / TICKS

    def bury_orphans(self):
        for number, fields in self.members():
            if fields[0] == "Z" and int(fields[1]) == os.getpid() and number != self.child.pid:
                os.waitpid(number, 0)

    def end(self):
        for number in [signal.SIGTERM, signal.SIGKILL]:
            for member, _ in self.members():
                os.kill(member, number)
            try:
                self.child.wait(2)
            except subprocess.TimeoutExpired:
                continue
        self.bury_orphans()


class Measured:
    """Comes before a server of the interop tests among the bases."""
    scratch_parent = "/dev/shm"
    foreign = True
    programs = None  # the folder of ours

    def start(self, command):
        self.process = Process(command)
        self.addCleanup(self.process.end)
        return self.process

    def program(self, name):
        if not (self.programs / name).exists():
            self.skipTest(f"{self.programs / name} is not built")
        return self.programs / name

    def cheap_hash(self):
        """Logging in is to cost the server, not a hash that is slow on purpose."""
        return self.command([interop.need("openssl"), "passwd", "-1", self.password]).strip()


class Vsftpd(Measured, foreign_servers.Vsftpd):
    """It asks the system for the password, whose hash is what set-up.sh has made it."""


class Proftpd(Measured, foreign_servers.Proftpd):
    def prepare(self):
        super().prepare()
        self.hash = self.cheap_hash()


class PureFtpd(Measured, foreign_servers.PureFtpd):
    def prepare(self):
        super().prepare()
        self.hash = self.cheap_hash()


class Pyftpdlib(Measured, foreign_servers.Pyftpdlib):
    """It compares passwords in clear."""


class FtpServer(Measured, foreign_servers.Server):
    foreign = False

    def prepare(self):
        self.user, self.password = interop.USER, interop.PASSWORD

    def server_command(self, port, address):
        users = self.scratch / "users"
        users.write_text(f"{self.user}:{self.cheap_hash()}:full:\n")
        tls = ["--tls=require", "--tls-binding=require", "--tls-cert", self.authority.certificate,
               "--tls-key", self.authority.key] if self.authority else []
        return [self.program("ftp-server"), str(port), self.served, "--listen", address, "--users", users, *tls]


class Floor(Measured, foreign_servers.Server):
    foreign = False

    def prepare(self):
        self.user, self.password = interop.USER, interop.PASSWORD

    def server_command(self, port, address):
        identity = self.authority or certificates.Authority(self)
        return [self.program("tls_floor"), str(port), self.served, identity.certificate, identity.key]


SERVERS = {"ours": FtpServer, "floor": Floor, "vsftpd": Vsftpd, "proftpd": Proftpd, "pure-ftpd": PureFtpd,
           "pyftpdlib": Pyftpdlib}


def open_server(name, protected):
    """A server that runs, with what to end by close(); unittest.SkipTest says what is missing."""
    server = SERVERS[name]()
    server.transcript = []
    try:
        server.setUp()
        server.authority = certificates.Authority(server) if protected else None
        server.connect()
    except BaseException:
        server.doCleanups()
        raise
    return server
