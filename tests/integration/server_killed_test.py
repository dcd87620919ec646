#!/usr/bin/env python3
"""Kills ftp-server (SIGKILL) in the middle of uploads: no half file has a name, and nothing is left of it. And closes
the terminal that it was started at.

usage: server_killed_test.py FTP_SERVER [TEST...]
"""

import ftplib
import os
import pty
import signal
import threading

import faults
from faults import FaultTest, PATIENCE, until

PIECE = b"0123456789abcdef" * 4096


class Killed(FaultTest):
    def kill(self, server):
        server.process.kill()
        server.process.wait()

    def names(self):
        return sorted(os.listdir(self.served))

    def test_uploads_under_way_leave_nothing_and_take_nothing(self):
        (self.served / "old").write_bytes(b"the old one")
        (self.served / "longer").write_bytes(b"the first part,")
        server = self.start()
        for command in ["STOR new", "STOR old", "STOU", "APPE longer"]:
            connection = self.log_in(server).transfercmd(command)
            self.addCleanup(connection.close)
            connection.sendall(PIECE)
        until(lambda: (self.served / "longer").stat().st_size == len(b"the first part,") + len(PIECE), "all is appended")
        self.kill(server)

        self.assertEqual(self.names(), ["longer", "old"])
        self.assertEqual((self.served / "old").read_bytes(), b"the old one")
        self.assertEqual((self.served / "longer").read_bytes(), b"the first part," + PIECE)
        ftp = self.log_in(self.start())
        self.assert_serves(ftp)
        # The client goes on where the file ends.
        connection = ftp.transfercmd("APPE longer")
        connection.sendall(PIECE)
        connection.close()
        self.assert_next_reply(ftp, 226)
        self.assertEqual((self.served / "longer").read_bytes(), b"the first part," + 2 * PIECE)

    def test_whatever_the_moment_each_file_is_a_whole_one(self):
        contents = [letter * 3000 for letter in (b"a", b"b", b"c", b"d")]
        for round_number in range(5):
            with self.subTest(round_number):
                server = self.start()
                done = threading.Semaphore(0)
                clients = [threading.Thread(target=self.upload_until_killed, args=(server, i, contents, done))
                           for i in range(4)]
                for client in clients:
                    client.start()
                for _ in range(40):
                    self.assertTrue(done.acquire(timeout=PATIENCE))
                self.kill(server)
                for client in clients:
                    client.join()
                self.assertEqual(set(self.log_in(self.start()).nlst()), {"own 0", "own 1", "own 2", "own 3", "shared"})
                self.assertEqual(self.names(), ["own 0", "own 1", "own 2", "own 3", "shared"])
                for name in self.names():
                    self.assertIn((self.served / name).read_bytes(), contents)

    def upload_until_killed(self, server, number, contents, done):
        try:
            ftp = self.log_in(server)
            while True:
                for name in (f"own {number}", "shared"):
                    for content in contents:
                        connection = ftp.transfercmd(f"STOR {name}")
                        connection.sendall(content)
                        connection.close()
                        ftp.voidresp()
                        done.release()
        except (EOFError, OSError, ftplib.Error):
            pass

    def test_unfinished_files_with_a_name_go_with_the_next_listing(self):
        # As they are left by file systems that have no files without a name.
        for folder in [self.served, self.served / "empty"]:
            folder.mkdir(exist_ok=True)
            (folder / ".libftp-0123456789abcdef").write_bytes(b"half a fi")
        (self.served / "whole").write_bytes(b"whole")
        ftp = self.log_in(self.start())
        self.assertEqual(sorted(ftp.nlst()), ["empty", "whole"])
        self.assertEqual(self.names(), ["empty", "whole"])
        ftp.rmd("empty")
        self.assertEqual(self.names(), ["whole"])

    def test_it_ends_with_the_terminal_that_it_was_started_at(self):
        number, terminal = pty.fork()
        if number == 0:
            os.execv(self.program, [self.program, "0", self.served])
        shown = b""
        while b"Ctrl+C ends it" not in shown:
            shown += os.read(terminal, 4096)
        os.kill(number, signal.SIGHUP) # as a reload: the terminal is there
        while b"The configuration was read again" not in shown:
            shown += os.read(terminal, 4096)
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]), 0)


if __name__ == "__main__":
    faults.main()
