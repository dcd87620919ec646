"""Starts ftp-server and ftp-client for tests; nothing here waits for time to pass, only for output."""

import os
import pathlib
import pty
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import unittest

USER, PASSWORD = "ann", "open sesame"
# How long anything may take before the test gives up; no test relies on it.
PATIENCE = 60


def plain_environment(password=None):
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("FTP_PASSWORD", "FTP_USER", "NETRC")}
    if password is not None:
        environment["FTP_PASSWORD"] = password
    return environment


def matches(line, pattern):
    """Whether a line is the pattern, in which ... stands for anything."""
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("...")), line) is not None


class Server:
    """An ftp-server on a free port; without a users file it serves everybody, who may write."""

    def __init__(self, program, folder, users=None, options=()):
        access = ["--users", users] if users else ["--write"]
        self.start([program, "0", folder, *access, *options])

    @classmethod
    def of_arguments(cls, program, arguments, **how):
        """One that finds its port and folder in the arguments; `how` is for Popen."""
        server = cls.__new__(cls)
        server.start([program, *arguments], **how)
        return server

    def start(self, command, **how):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, errors="replace", **how)
        self.lines = []
        self.changed = threading.Condition()
        # What it prints must not fill the pipe.
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        self.port = int(self.wait_for(r"Server listening on port (\d+)"))

    def read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()

    def wait_for(self, pattern):
        """What the group in the pattern stands for in the first line that has it, which is then forgotten."""

        def found():
            return next(((i, match.group(1)) for i, line in enumerate(self.lines)
                         if (match := re.search(pattern, line))), None)

        with self.changed:
            if not self.changed.wait_for(found, PATIENCE):
                raise AssertionError(f"ftp-server never said {pattern!r}, but {self.lines}")
            position, text = found()
            del self.lines[position]
            return text

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()


class ScriptedServer:
    """A server of one connection that says what the test wants: a greeting, then one answer for each line."""

    def __init__(self, *replies):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.received = []
        self.thread = threading.Thread(target=self.serve, args=(replies,), daemon=True)
        self.thread.start()

    def serve(self, replies):
        connection, _ = self.listener.accept()
        self.listener.close()
        with connection, connection.makefile("rb") as lines:
            for reply in replies:
                connection.sendall(reply)
                self.received.append(lines.readline())

    def stop(self):
        self.listener.close()
        self.thread.join(PATIENCE)


class Session:
    """What a script led to."""

    def __init__(self, done):
        self.code = done.returncode
        self.output = done.stdout.splitlines()
        self.errors = done.stderr.splitlines()


class TerminalSession:
    """ftp-client at a terminal of its own, at which the test types."""

    def __init__(self, arguments, environment, folder):
        self.terminal, other_end = pty.openpty()
        self.other_end = other_end

        def take_terminal():
            os.setsid()
            os.close(os.open(os.ttyname(other_end), os.O_RDWR))

        self.process = subprocess.Popen(arguments, stdin=other_end, stdout=other_end, stderr=other_end, cwd=folder,
                                        env=environment, preexec_fn=take_terminal)
        self.shown = ""
        self.seen = 0

    def wait_for(self, text):
        """Reads on until the text shows behind what was waited for before."""
        while text not in self.shown[self.seen:]:
            ready, _, _ = select.select([self.terminal], [], [], PATIENCE)
            if not ready:
                raise AssertionError(f"{text!r} does not show in {self.shown!r}")
            self.shown += os.read(self.terminal, 4096).decode()
        self.seen = self.shown.index(text, self.seen) + len(text)

    def type(self, text):
        os.write(self.terminal, text.encode())

    def echoes(self):
        return bool(termios.tcgetattr(self.other_end)[3] & termios.ECHO)

    def end(self):
        """The exit code."""
        code = self.process.wait(PATIENCE)
        while select.select([self.terminal], [], [], 0)[0]:
            self.shown += os.read(self.terminal, 4096).decode()
        return code

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.terminal)
        os.close(self.other_end)


def has_sanitizer(program, *names):
    return any(f"__{name}_".encode() in pathlib.Path(program).read_bytes() for name in names)


class ClientTest(unittest.TestCase):
    """Each test has a server folder, a local folder and a server of its own."""

    client = server_program = users = None

    @classmethod
    def setUpClass(cls):
        cls.own = tempfile.mkdtemp()
        cls.users = os.path.join(cls.own, "users")
        subprocess.run([cls.server_program, "user", "add", USER, "--users", cls.users], input=PASSWORD + "\n",
                       stdout=subprocess.DEVNULL, text=True, check=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.own)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=self.own))
        self.remote, self.local = self.folder / "remote", self.folder / "local"
        self.remote.mkdir()
        self.local.mkdir()
        self.server = Server(self.server_program, self.remote, self.users)
        self.addCleanup(self.server.stop)
        self.port = self.server.port
        self.url = f"ftp://{USER}@127.0.0.1:{self.port}/"

    def environment(self, password):
        return {**plain_environment(password), "HOME": str(self.folder),
                "XDG_CONFIG_HOME": str(self.folder / "config"), "XDG_STATE_HOME": str(self.folder / "state")}

    def run_client(self, arguments, lines=(), password=None, **variables):
        text = "".join(line + "\n" for line in lines)
        return Session(subprocess.run(
            [self.client, "--local-dir", str(self.local), *map(str, arguments)], input=text, capture_output=True,
            text=True, errors="surrogateescape", timeout=PATIENCE,
            env={**self.environment(password), **variables}))

    def run_logged_in(self, *lines):
        return self.run_client([self.url], lines, password=PASSWORD)

    def run_in_spite_of_failures(self, *lines):
        return self.run_client(["--keep-going", self.url], lines, password=PASSWORD)

    def open_terminal(self, *arguments, password=None, **variables):
        environment = {**self.environment(password), "TERM": "xterm", "LS_COLORS": "", "NO_COLOR": "", **variables}
        session = TerminalSession([self.client, *map(str, arguments)], environment, self.local)
        self.addCleanup(session.close)
        return session

    def assert_shows(self, session, *patterns):
        """The output is these lines, in which ... stands for anything."""
        for line, pattern in zip(session.output, patterns):
            self.assertTrue(matches(line, pattern), f"{line!r} is not {pattern!r} in {session.output}")
        self.assertEqual(len(session.output), len(patterns), session.output)

    def assert_complains(self, session, *patterns):
        """Standard error is these sentences, in which ... stands for anything."""
        self.assertEqual(len(session.errors), len(patterns), session.errors)
        for line, pattern in zip(session.errors, patterns):
            self.assertTrue(matches(line, "ftp-client: " + pattern), f"{line!r} is not {pattern!r}")

    def assert_went_well(self, session):
        self.assertEqual(session.errors, [])
        self.assertEqual(session.code, 0)


def main():
    """Runs the tests of the calling file with the programs that its arguments name."""
    ClientTest.client, ClientTest.server_program = sys.argv[1:3]
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
