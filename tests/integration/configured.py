"""What tests of ftp-server with a configuration file have in common."""

import ftplib
import pathlib
import signal
import subprocess
import tempfile
import unittest

import programs
from programs import ClientTest, PASSWORD, PATIENCE, USER


class ConfigTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.served = self.folder / "served"
        self.served.mkdir()
        self.users = self.folder / "users"
        self.file = self.folder / "server.toml"

    def run_server(self, *arguments, text=""):
        return subprocess.run([ClientTest.server_program, *map(str, arguments)], input=text, capture_output=True,
                              text=True, timeout=PATIENCE)

    def configure(self, *lines):
        self.file.write_text("\n".join(["port = 0", f'directory = "{self.served}"', *lines]) + "\n")

    def add_user(self, name=USER, *options):
        done = self.run_server("user", "add", name, "--users", self.users, *options, text=PASSWORD + "\n")
        self.assertEqual(done.returncode, 0, done.stderr)

    def start(self, *lines):
        self.configure(*lines)
        server = programs.Server.of_arguments(ClientTest.server_program, ["--config", str(self.file)])
        self.addCleanup(server.stop)
        return server

    def reload(self, server, *lines):
        self.configure(*lines)
        server.process.send_signal(signal.SIGHUP)

    def connect(self, port, host="127.0.0.1"):
        ftp = ftplib.FTP(timeout=PATIENCE)
        self.addCleanup(ftp.close)
        ftp.connect(host, port)
        return ftp

    def log_in(self, server, user=USER):
        ftp = self.connect(server.port)
        ftp.login(user, PASSWORD)
        return ftp

    def refused(self, call, *arguments):
        """The reply that refuses it."""
        with self.assertRaises(ftplib.Error) as caught:
            call(*arguments)
        return str(caught.exception)
