#!/usr/bin/env python3
"""Has ftp-server fill its disk (ENOSPC), which is a small tmpfs in a mount namespace of its own, or reach other ends.

usage: server_full_disk_test.py FTP_SERVER [TEST...]
"""

import os
import resource
import subprocess
import sys

import faults
from faults import FaultTest, until

DISK_BYTES = 4 << 20
DISK_FILES = 32
TOO_MUCH = 2 * DISK_BYTES


class Disk(FaultTest):
    def setUp(self):
        super().setUp()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},nr_inodes={DISK_FILES},mode=755", "libftp",
                        self.served], check=True)
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.served], check=True)
        self.server = self.start()
        self.ftp = self.log_in(self.server)

    def usage(self):
        """What is free, in blocks and in files."""
        status = os.statvfs(self.served)
        return status.f_bfree, status.f_ffree

    def upload(self, command, size):
        """Sends as much, or for as long as the server takes it; the reply."""
        connection = self.ftp.transfercmd(command)
        try:
            piece = b"x" * 65536
            for _ in range(0, size, len(piece)):
                connection.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        connection.close()
        return self.ftp.getmultiline()


class FullDisk(Disk):
    def test_an_upload_that_does_not_fit_leaves_nothing(self):
        before = self.usage()
        for command in ["STOR new", "STOU"]:
            with self.subTest(command):
                self.assertTrue(self.upload(command, TOO_MUCH).startswith("452"))
                self.assertEqual(os.listdir(self.served), [])
                until(lambda: self.usage() == before, "its space is free again")
        self.assert_serves(self.ftp)

    def test_the_old_file_stays_as_it_is(self):
        (self.served / "file").write_bytes(b"the old one")
        before = self.usage()
        self.assertTrue(self.upload("STOR file", TOO_MUCH).startswith("452"))
        self.assertEqual((self.served / "file").read_bytes(), b"the old one")
        until(lambda: self.usage() == before, "the space of the new one is free again")

    def test_what_is_changed_in_place_keeps_what_it_had(self):
        (self.served / "file").write_bytes(b"the old one")
        self.assertTrue(self.upload("APPE file", TOO_MUCH).startswith("452"))
        self.assertTrue((self.served / "file").read_bytes().startswith(b"the old onex"))
        self.ftp.delete("file")
        self.assert_serves(self.ftp)

    def test_a_small_file_does_not_fit_either(self):
        (self.served / "rest").write_bytes(b"x" * DISK_BYTES)
        (self.served / "file").write_bytes(b"")
        self.assertTrue(self.upload("STOR new", 1).startswith("452"))
        self.assertTrue(self.upload("STOR file", 1).startswith("452"))
        self.assertEqual(sorted(os.listdir(self.served)), ["file", "rest"])

    def test_no_further_file_can_be_made(self):
        made = 0
        while self.usage()[1]:
            (self.served / str(made)).touch()
            made += 1
        for command in ["STOR new", "STOU", "STOR 0", "APPE new", "MKD new"]:
            with self.subTest(command):
                self.assert_reply(self.ftp, "EPSV", 229)
                self.assert_reply(self.ftp, command, 452)
        self.assertEqual(len(os.listdir(self.served)), made)

    def test_a_copy_that_does_not_fit_leaves_nothing(self):
        (self.served / "file").write_bytes(b"x" * (DISK_BYTES * 3 // 4))
        before = self.usage()
        self.assert_reply(self.ftp, 'SITE COPY "file" "copy"', 452)
        self.assertEqual(os.listdir(self.served), ["file"])
        until(lambda: self.usage() == before, "its space is free again")

    def test_many_uploads_at_once_share_what_there_is(self):
        sessions = [self.log_in(self.server) for _ in range(8)]
        size = DISK_BYTES // 4
        data = [ftp.transfercmd(f"STOR {i}") for i, ftp in enumerate(sessions)]
        for connection in data:
            connection.settimeout(faults.PATIENCE)
            try:
                connection.sendall(b"x" * size)
            except (BrokenPipeError, ConnectionResetError):
                pass
        for connection in data:
            connection.close()
        codes = [ftp.getmultiline()[:3] for ftp in sessions]
        self.assertLessEqual(set(codes), {"226", "452"})
        self.assertIn("452", codes)
        self.assertEqual(sorted(os.listdir(self.served)), [str(i) for i, code in enumerate(codes) if code == "226"])
        for name in os.listdir(self.served):
            self.assertEqual((self.served / name).stat().st_size, size)


class FullLog(Disk):
    def test_a_full_log_stops_nobody(self):
        full = self.served
        (full / "rest").write_bytes(b"x" * DISK_BYTES)
        self.served = self.folder / "elsewhere"
        self.served.mkdir()
        server = self.start("--log", full / "log", "--xferlog", full / "xferlog")
        self.assert_serves(self.log_in(server))


class LimitedFiles(Disk):
    def test_a_file_longer_than_the_limit_of_the_process_is_refused(self):
        resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
        before = self.usage()
        self.assertTrue(self.upload("STOR new", 2 << 20).startswith("552"))
        self.assertEqual(os.listdir(self.served), [])
        until(lambda: self.usage() == before, "its space is free again")
        self.assert_serves(self.ftp)


def has_own_mounts():
    """Goes on as the root of a namespace where this process may mount, or tells that it may not."""
    if os.environ.get("LIBFTP_OWN_MOUNTS"):
        return True
    new_namespace = ["unshare", "--mount", "--map-root-user"]
    may = subprocess.run([*new_namespace, "mount", "-t", "tmpfs", "libftp", "/mnt"], stderr=subprocess.DEVNULL)
    if may.returncode != 0:
        return False
    os.environ["LIBFTP_OWN_MOUNTS"] = "1"
    os.execvp(new_namespace[0], [*new_namespace, sys.executable, *sys.argv])


if __name__ == "__main__":
    if not has_own_mounts():
        print("skipped: nothing may be mounted here")
        sys.exit(77)
    faults.main()
