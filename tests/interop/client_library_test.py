"""The client library against other people's servers and ours, through client_driver, which checks both sides."""
import os
import pathlib
import re
import shutil
import sys
import tempfile

import foreign_servers
import interop
from interop import MIB

ROOM_FOR_BIG_FILES = 6 * 1024 * MIB
SECONDS = 280


def folder_in_memory():
    """Where big files cost no disk; nothing if there is not enough memory for them."""
    folder = pathlib.Path("/dev/shm")
    try:
        memory = re.search(r"MemAvailable: *(\d+) kB", pathlib.Path("/proc/meminfo").read_text())
        room = min(shutil.disk_usage(folder).free, int(memory.group(1)) * 1024)
    except (OSError, AttributeError):
        return None
    return folder if room > 2 * ROOM_FOR_BIG_FILES and os.access(folder, os.W_OK) else None


class ClientLibrary(interop.FourWays):
    """Tests of a server; one of ours has to have every command."""
    options = []

    def drive(self, case, *options, seconds=100):
        near = pathlib.Path(tempfile.mkdtemp(dir=self.scratch)) / "near"
        near.mkdir()
        way = ["--active"] if self.active else []
        self.command([self.driver, case, self.url(), self.served, near, *way, *self.options, *options],
                     seconds=seconds, FTP_PASSWORD=self.password)

    def exchange(self, host="127.0.0.1", active=False):
        self.connect(host, active)
        self.drive("exchange")

    def test_resume(self):
        self.connect()
        self.drive("resume")

    def test_trees(self):
        self.connect()
        self.drive("trees")

    def test_trees_active(self):
        self.connect(active=True)
        self.drive("trees")

    def test_trees_with_several_sessions_over_ipv6(self):
        interop.need_ipv6()
        self.connect("::1")
        self.drive("trees", "--sessions=3")

    def test_many_files(self):
        self.connect()
        self.drive("many")

    def test_many_files_with_several_sessions(self):
        self.connect()
        self.drive("many", "--sessions=4", "--files=400")

    def test_many_files_step_by_step(self):
        self.connect()
        self.drive("many", "--pipelining=off", "--files=400")

    def test_many_files_sent_ahead_whatever_the_server_does(self):
        self.connect()
        self.drive("many", "--pipelining=always", "--files=400")

    def test_a_big_file(self):
        if shutil.disk_usage(self.scratch).free < ROOM_FOR_BIG_FILES:
            self.skipTest(f"{self.scratch} has no room for files of 2 GiB")
        self.connect()
        self.drive("big")

    def test_ends_in_the_middle(self):
        self.connect()
        self.drive("cancel")


class LibraryVsftpd(ClientLibrary, foreign_servers.Vsftpd):
    pass


class LibraryProftpd(ClientLibrary, foreign_servers.Proftpd):
    pass


class LibraryPureFtpd(ClientLibrary, foreign_servers.PureFtpd):
    pass


class LibraryPyftpdlib(ClientLibrary, foreign_servers.Pyftpdlib):
    pass


class LibraryFtpServer(ClientLibrary, foreign_servers.FtpServer):
    options = ["--expect-everything"]


if __name__ == "__main__":
    interop.InteropTest.scratch_parent = folder_in_memory()
    cases = [LibraryVsftpd, LibraryProftpd, LibraryPureFtpd, LibraryPyftpdlib, LibraryFtpServer]
    sys.exit(interop.run(cases, sys.argv[1:], SECONDS))
