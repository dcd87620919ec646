#!/usr/bin/env python3
"""Runs the examples as a reader would, and checks that each stays short.

usage: examples_test.py EXAMPLES_FOLDER_OF_THE_BUILD SOURCE_FOLDER [TEST...]
"""

import contextlib
import ftplib
import io
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest

MAX_LINES = 60
CONTENT = bytes(range(256)) * 1000


class Examples(unittest.TestCase):
    programs: pathlib.Path
    source: pathlib.Path

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.shared = self.folder / "shared"
        self.shared.mkdir()
        (self.shared / "a b.bin").write_bytes(CONTENT)

    def run_program(self, name, *arguments):
        return subprocess.run([self.programs / name, *arguments], capture_output=True, text=True, timeout=60,
                              cwd=self.folder)

    @contextlib.contextmanager
    def serving(self, name, *arguments, ends_by_itself=True):
        """A program that serves until it is told to end; gives it with the port that it names first."""
        server = subprocess.Popen([self.programs / name, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  text=True)
        try:
            server.port = int(server.stdout.readline().rsplit(":", 1)[1])
            yield server
        finally:
            server.terminate()
            said = server.communicate(timeout=60)
        self.assertEqual(server.returncode, 0 if ends_by_itself else -15, said)

    @staticmethod
    def connect(port, user="anonymous", password="guest@"):
        ftp = ftplib.FTP(timeout=60)
        try:
            ftp.connect("127.0.0.1", port)
            ftp.login(user, password)
        except ftplib.Error:
            ftp.close()
            raise
        return ftp

    @staticmethod
    def fetch(ftp, name):
        got = io.BytesIO()
        ftp.retrbinary(f"RETR {name}", got.write)
        return got.getvalue()

    @staticmethod
    def store(ftp, name, content):
        try:
            ftp.storbinary(f"STOR {name}", io.BytesIO(content))
        except ConnectionError:  # a refusal ends the data connection too, perhaps before all is sent
            ftp.voidresp()

    def assert_refused(self, code, call, *arguments):
        with self.assertRaisesRegex(ftplib.Error, f"^{code}"):
            call(*arguments)

    def test_each_is_short_and_says_what_it_answers(self):
        for file in sorted((self.source / "examples").glob("*.cpp")):
            lines = file.read_text().splitlines()
            self.assertLess(len(lines), MAX_LINES, file.name)
            self.assertTrue(lines[0].startswith("// "), file.name)

    def test_code_in_the_documents_is_from_here(self):
        folders = ("examples", "tests/support", "tests/unit/session", "tests/unit/testing")
        code = "".join(file.read_text() for folder in folders
                       for file in sorted((self.source / folder).glob("*.?pp")))
        for document in [self.source / "README.md", *sorted((self.source / "libftp" / "doc").glob("*.md"))]:
            for block in re.findall(r"```cpp\n(.*?)```", document.read_text(), re.DOTALL):
                self.assertIn(block, code, f"{document.name} has code that no example has")

    def test_each_is_run_here(self):
        tests = pathlib.Path(__file__).read_text()
        for file in sorted((self.source / "examples").glob("*.cpp")):
            self.assertIn(f'"{file.stem}"', tests)

    def test_a_folder_is_served_and_files_are_downloaded(self):
        with self.serving("serve_folder", "0", self.shared) as server:
            for name in ("download_file", "download_async", "download_callbacks", "own_event_loop"):
                fetched = self.folder / name
                done = self.run_program(name, "127.0.0.1", str(server.port), "a b.bin", fetched)
                self.assertEqual(done.returncode, 0, done)
                self.assertEqual(fetched.read_bytes(), CONTENT, name)
                missing = self.run_program(name, "127.0.0.1", str(server.port), "none", self.folder / "none")
                self.assertEqual(missing.returncode, 1, missing)
                self.assertIn("No such file", missing.stderr + missing.stdout)
                self.assertFalse((self.folder / "none").exists())

    def test_files_are_downloaded_side_by_side_by_coroutines(self):
        if not (self.programs / "download_coroutine").exists():
            self.skipTest("this compiler has no coroutines that Asio can use")
        (self.shared / "two").write_bytes(b"2")
        with self.serving("serve_folder", "0", self.shared) as server:
            done = self.run_program("download_coroutine", "127.0.0.1", str(server.port), "a b.bin", "two")
            self.assertEqual(done.returncode, 0, done)
            self.assertEqual((self.folder / "a b.bin").read_bytes(), CONTENT)
            self.assertEqual((self.folder / "two").read_bytes(), b"2")
            missing = self.run_program("download_coroutine", "127.0.0.1", str(server.port), "none")
            self.assertEqual(missing.returncode, 1, missing)
            self.assertIn("No such file", missing.stderr)

    def test_a_tree_is_mirrored(self):
        (self.shared / "d" / "e").mkdir(parents=True)
        for name in ("1", "e/2", "left out.tmp"):
            (self.shared / "d" / name).write_text(name)
        copy = self.folder / "copy"
        with self.serving("serve_folder", "0", self.shared) as server:
            def mirror():
                done = self.run_program("mirror_tree", f"ftp://127.0.0.1:{server.port}/", copy)
                self.assertEqual(done.returncode, 0, done)
                return done.stdout

            self.assertIn("3 files ", mirror())
            self.assertEqual((copy / "d" / "e" / "2").read_text(), "e/2")
            self.assertFalse((copy / "d" / "left out.tmp").exists())
            (self.shared / "d" / "e" / "2").unlink()
            self.assertIn("0 files ", mirror())
            self.assertFalse((copy / "d" / "e" / "2").exists())

    def test_a_map_in_memory_is_served(self):
        with self.serving("map_store", "0", ends_by_itself=False) as server, self.connect(server.port) as ftp:
            self.assertEqual(ftp.nlst(), ["state.txt", "version.txt"])
            self.assertEqual(dict(ftp.mlsd())["state.txt"]["size"], "13")
            self.assertEqual(self.fetch(ftp, "state.txt"), b"All is well.\n")
            self.assert_refused("550", self.fetch, ftp, "none")
            self.assert_refused("550", ftp.storbinary, "STOR state.txt", io.BytesIO(b"x"))
            self.assert_refused("550", ftp.delete, "state.txt")
            self.assert_refused("550", ftp.mkd, "d")

    def test_logins_are_checked_against_a_file_that_may_change(self):
        logins = self.folder / "logins"
        # "open sesame", by mkpasswd --method=sha256crypt
        logins.write_text("ann $5$saltsalt$yrhPKxCqiWcCE9h0g86j6Ugz7SDFdFm.BjU.d8RaQnC\n")
        with self.serving("file_logins", "0", self.shared, logins) as server:
            with self.connect(server.port, "ann", "open sesame") as ftp:
                self.assertEqual(ftp.nlst(), ["a b.bin"])
            began = time.monotonic()
            self.assert_refused("530", self.connect, server.port, "ann", "open pepper")
            self.assertGreaterEqual(time.monotonic() - began, 0.5)
            self.assert_refused("530", self.connect, server.port, "bob", "open sesame")
            logins.write_text("")
            self.assert_refused("530", self.connect, server.port, "ann", "open sesame")

    def test_something_is_done_with_each_upload_that_is_complete(self):
        with self.serving("upload_hook", "0", self.shared) as server, self.connect(server.port) as ftp:
            ftp.storbinary("STOR new", io.BytesIO(b"y" * 1234))
            self.assertEqual(server.stdout.readline(), "/new has come from anonymous: 1234 bytes\n")
            ftp.storbinary("APPE new", io.BytesIO(b"y"))
            self.assertEqual(server.stdout.readline(), "/new has come from anonymous: 1235 bytes\n")

    def test_quota_rate_and_rules_by_directory_hold(self):
        (self.shared / "archive").mkdir()
        (self.shared / "archive" / "old").write_bytes(b"x" * 300_000)
        with self.serving("limits", "0", self.shared) as server, self.connect(server.port) as ftp:
            ftp.storbinary("STOR new", io.BytesIO(b"y" * 200_000))
            self.assert_refused("552", self.store, ftp, "big", b"z" * 600_000)
            self.assert_refused("550", ftp.rename, "archive/old", "old")
            self.assertEqual(ftp.nlst(), ["a b.bin", "archive", "new"])
            others = [self.connect(server.port) for _ in range(7)]
            self.assert_refused("421", self.connect, server.port)
            for each in others:
                each.close()

    def test_commands_are_added_forbidden_and_asked_about_first(self):
        log = self.folder / "log"
        with self.serving("own_commands", "0", self.shared, log) as server, self.connect(server.port) as ftp:
            self.assertRegex(ftp.sendcmd("SITE SPACE"), r"^200 \d+ bytes are left\.$")
            self.assert_refused("502", ftp.delete, "a b.bin")
            self.assert_refused("550", ftp.mkd, "tmp1")
            ftp.mkd("kept")
            ftp.storbinary("STOR new", io.BytesIO(b"y" * 200))
        self.assertIn(" 200 /new b _ i a anonymous ftp 0 * c\n", log.read_text())

    def test_a_server_runs_beside_other_work(self):
        with self.serving("beside_other_work", "0", self.shared) as server:
            status = int(server.stdout.readline().rsplit(":", 1)[1])

            def told():
                with socket.create_connection(("127.0.0.1", status), timeout=60) as asked, asked.makefile() as answer:
                    return answer.read()

            self.assertEqual(told(), "0 sessions\n")
            with self.connect(server.port) as ftp:
                self.assertEqual(told(), "1 sessions\n")
                self.assertEqual(self.fetch(ftp, "a b.bin"), CONTENT)

    def test_two_servers_in_one_process_share_the_files(self):
        with self.serving("several_servers", self.shared) as server:
            for_staff = int(server.stdout.readline().rsplit(":", 1)[1])
            with self.connect(server.port) as guest, self.connect(for_staff, "ann", "open sesame") as ann:
                ann.storbinary("STOR new", io.BytesIO(b"from ann"))
                self.assertEqual(self.fetch(guest, "new"), b"from ann")
                self.assert_refused("550", guest.delete, "new")
            self.assert_refused("530", self.connect, for_staff)

    def test_a_server_runs_on_a_loop_of_poll(self):
        with self.serving("poll_server", "0", self.shared, ends_by_itself=False) as server:
            with self.connect(server.port) as ftp, self.connect(server.port) as other:
                self.assertEqual(self.fetch(ftp, "a b.bin"), CONTENT)
                with ftp.transfercmd("STOR new") as upload:  # stays open while the other one goes on
                    other.set_pasv(False)
                    self.assertEqual(other.nlst(), ["a b.bin"])
                    upload.sendall(CONTENT)
                self.assertEqual(ftp.voidresp()[:3], "226")
                self.assertEqual(self.fetch(other, "new"), CONTENT)
                self.assert_refused("550", self.fetch, ftp, "none")
                with ftp.transfercmd("STOR half") as upload:
                    upload.sendall(b"half")
                    self.assertEqual(ftp.abort()[:3], "426")
                self.assertEqual(ftp.voidresp()[:3], "226")
                self.assertEqual(other.nlst(), ["a b.bin", "new"])
                self.assertEqual(ftp.quit()[:3], "221")

    def test_a_session_runs_on_standard_input_by_calls_that_wait(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            ftp = ftplib.FTP(timeout=60)
            client = socket.create_connection(listener.getsockname())
            accepted, _ = listener.accept()
        with subprocess.Popen([self.programs / "inetd_server", self.shared], stdin=accepted) as server, client:
            accepted.close()
            ftp.sock, ftp.af, ftp.host = client, socket.AF_INET, "127.0.0.1"
            ftp.file = client.makefile("r", encoding="utf-8")
            ftp.getresp()
            ftp.login()
            self.assertEqual(ftp.nlst(), ["a b.bin"])
            self.assertEqual(self.fetch(ftp, "a b.bin"), CONTENT)
            self.assert_refused("550", ftp.storbinary, "STOR new", io.BytesIO(b"x"))
            self.assertEqual(ftp.quit()[:3], "221")
            self.assertEqual(server.wait(timeout=60), 0)

    def test_a_proxy_serves_what_another_server_has(self):
        with self.serving("serve_folder", "0", self.shared) as far:
            with self.serving("ftp_gateway", f"ftp://127.0.0.1:{far.port}/", ends_by_itself=False) as near:
                with self.connect(near.port) as ftp:
                    self.assertEqual(ftp.nlst(), ["a b.bin"])
                    self.assertEqual(self.fetch(ftp, "a b.bin"), CONTENT)
                    self.assertEqual(dict(ftp.mlsd())["a b.bin"]["size"], str(len(CONTENT)))
                    self.assert_refused("550", self.fetch, ftp, "none")
                    self.assert_refused("550", ftp.storbinary, "STOR new", io.BytesIO(b"x"))

    def test_a_program_is_tested_against_an_odd_server(self):
        done = self.run_program("test_with_odd_server")
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("passed", done.stdout)

    def test_tls_is_demanded_and_a_certificate_is_pinned(self):
        server = subprocess.Popen([self.programs / "secure_server", "0", self.shared], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True)
        fingerprint = server.stdout.readline().split(" ")[-1].strip()
        if not fingerprint:
            self.assertIn("there is no TLS in this build", server.communicate(timeout=60)[1])
            self.skipTest("there is no TLS in this build")
        try:
            port = server.stdout.readline().rsplit(":", 1)[1].strip()
            fetched = self.folder / "fetched"

            def download(host, *trusted):
                url = f"ftps://ann:open%20sesame@{host}:{port}/a%20b.bin"
                return self.run_program("secure_download", url, fetched, *trusted)

            refused = download("localhost")
            self.assertEqual(refused.returncode, 1, refused)
            self.assertIn(fingerprint, refused.stderr)
            self.assertFalse(fetched.exists())
            done = download("127.0.0.1", fingerprint)
            self.assertEqual(done.returncode, 0, done)
            self.assertTrue(done.stdout.startswith("TLSv1.3 "), done)
            self.assertEqual(fetched.read_bytes(), CONTENT)
        finally:
            server.terminate()
            server.communicate(timeout=60)
        self.assertEqual(server.returncode, 0)


if __name__ == "__main__":
    Examples.programs, Examples.source = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
