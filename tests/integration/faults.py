"""What tests of faults share: a real ftp-server, what it costs as /proc tells it, and plain control connections."""

import ftplib
import os
import pathlib
import re
import resource
import socket
import sys
import tempfile
import time
import unittest

import programs
from programs import PATIENCE


def until(condition, what):
    """Waits for a condition, with patience: what it returns then."""
    gives_up = time.monotonic() + PATIENCE
    while not (found := condition()):
        if time.monotonic() > gives_up:
            raise AssertionError(f"it never came about that {what}")
        time.sleep(0.01)
    return found


class Process:
    """A running server, seen from outside."""

    def __init__(self, number):
        self.number = number
        self.place = pathlib.Path(f"/proc/{number}")
        self.held_at_rest = len(self.held())

    def descriptors(self):
        """Their numbers."""
        return {int(name) for name in os.listdir(self.place / "fd")}

    def held(self):
        """What is open for others: files, directories and sockets, but not the threads' own loops of events."""
        found = []
        for number in self.descriptors():
            try:
                found.append(os.readlink(self.place / "fd" / str(number)))
            except FileNotFoundError:
                pass  # closed meanwhile
        return [each for each in found if not each.startswith("anon_inode:")]

    def sockets(self):
        return {each for each in self.held() if each.startswith("socket:")}

    def threads(self):
        return len(os.listdir(self.place / "task"))

    def own_kibibytes(self):
        """Of memory that no file and no other process has."""
        status = (self.place / "status").read_text()
        return int(re.search(r"^RssAnon:\s+(\d+) kB$", status, re.MULTILINE).group(1))

    def cpu_seconds(self):
        fields = (self.place / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def leave_descriptors(self, spare):
        """Until give_descriptors() it gets so many, and those that it closes."""
        taken = self.descriptors()
        free = [number for number in range(len(taken) + spare + 1) if number not in taken]
        _, most = resource.prlimit(self.number, resource.RLIMIT_NOFILE)
        resource.prlimit(self.number, resource.RLIMIT_NOFILE, (free[spare], most))

    def leave_no_descriptor(self):
        self.leave_descriptors(0)

    def give_descriptors(self):
        _, most = resource.prlimit(self.number, resource.RLIMIT_NOFILE)
        resource.prlimit(self.number, resource.RLIMIT_NOFILE, (most, most))


# All that this process may open: thousands of sessions have an end here, too.
_, MOST_DESCRIPTORS = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_DESCRIPTORS, MOST_DESCRIPTORS))


def as_many(usual, full, descriptors_each):
    """How many of something a test takes: `full` if LIBFTP_FULL_LOAD is set, and no more than can be open here."""
    wanted = full if os.environ.get("LIBFTP_FULL_LOAD") else usual
    return min(wanted, (MOST_DESCRIPTORS - 256) // descriptors_each) if descriptors_each else wanted


def report(sentence):
    print(f"\n    {sentence}", file=sys.stderr, end=" ", flush=True)


class FaultTest(unittest.TestCase):
    program = None

    @classmethod
    def has_sanitizer(cls, *names):
        return programs.has_sanitizer(cls.program, *names)

    def assert_less_memory(self, kibibytes, limit):
        """Unless a sanitizer keeps what was freed, to see who uses it."""
        if not self.has_sanitizer("asan", "tsan"):
            self.assertLess(kibibytes, limit)

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.served = self.folder / "served"
        self.served.mkdir()

    def start(self, *options):
        """A server of the folder `served`, of which `process` tells."""
        server = programs.Server(self.program, self.served, options=list(map(str, options)))
        self.addCleanup(server.stop)
        server.wait_for("(Ctrl.C ends it)")
        server.seen = Process(server.process.pid)
        return server

    def connect(self, server, source="127.0.0.1"):
        """A bare control connection: nobody has read the greeting."""
        connection = socket.create_connection(("127.0.0.1", server.port), PATIENCE, (source, 0))
        self.addCleanup(connection.close)
        return connection

    def log_in(self, server, source="127.0.0.1"):
        ftp = ftplib.FTP(timeout=PATIENCE, source_address=(source, 0))
        self.addCleanup(ftp.close)
        ftp.connect("127.0.0.1", server.port)
        ftp.login()
        return ftp

    def assert_reply(self, ftp, line, code):
        ftp.putline(line)
        self.assert_next_reply(ftp, code)

    def assert_next_reply(self, ftp, code):
        reply = ftp.getmultiline()
        self.assertTrue(reply.startswith(str(code)), f"{reply!r} instead of {code}")

    def assert_returns_to_rest(self, process):
        """When all clients have gone nothing is open that was not before the first; and there are threads for the
        processors, for files and for logins, but none for sessions."""
        until(lambda: len(process.held()) <= process.held_at_rest, "all that clients had is closed")
        self.assertLessEqual(process.threads(), os.cpu_count() + 16)

    def assert_serves(self, ftp):
        """A file goes there and comes back."""
        upload = ftp.transfercmd("STOR proof")
        upload.sendall(b"as ever")
        upload.close()
        self.assert_next_reply(ftp, 226)
        received = []
        ftp.retrbinary("RETR proof", received.append)
        self.assertEqual(b"".join(received), b"as ever")
        ftp.delete("proof")


def receive_line(connection):
    """One line of a bare control connection; empty behind its end."""
    line = b""
    while not line.endswith(b"\n") and (byte := connection.recv(1)):
        line += byte
    return line.decode()


def has_ended(connection):
    """Waits for the end, be it a reset, of one on which nothing more comes."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def main():
    """Runs the tests of the calling file with the program that its argument names."""
    FaultTest.program = sys.argv[1]
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
