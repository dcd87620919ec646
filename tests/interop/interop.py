"""What the interop tests share: files to send, processes that end with the test, and skipping loudly without a peer."""
import errno
import hashlib
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PEERS = pathlib.Path(os.environ.get("LIBFTP_PEERS_DIR", "/var/cache/libftp-peers"))
MIB = 1024 * 1024
USER, PASSWORD = "anna", "open-sesame"
NO_IPV6 = "this machine has no IPv6"
BIG, EMPTY, UMLAUTS = "big.bin", "empty", "Grüße aus Köln.txt"


def samples():
    """Names and contents: every byte value, line ends of both kinds and a bare CR among them."""
    chance = random.Random(959)
    return {
        BIG: chance.randbytes(3 * MIB + 8),
        EMPTY: b"",
        UMLAUTS: "Schöne Grüße\nmit LF,\r\nmit CRLF,\rmit CR".encode(),
    }


def digest(content):
    return f"{len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}"


class Process:
    """A program that runs until end(), whose lines can be waited for."""

    def __init__(self, command):
        self.lines = []
        self.changed = threading.Condition()
        self.at_end = False
        self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.child.stdout:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.at_end = True
            self.changed.notify_all()

    def wait_for_line(self, pattern, seconds=20):
        """The match of the first line that has the pattern; an error if the program ends or time is up before it."""

        def found():
            return next(filter(None, (re.search(pattern, line) for line in self.lines)), None)

        with self.changed:
            self.changed.wait_for(lambda: found() or self.at_end, seconds)
            if not found():
                raise AssertionError(f"{self.child.args[0]} never said '{pattern}', but:\n" + "\n".join(self.lines))
            return found()

    def runs(self):
        return self.child.poll() is None

    def signal(self, number):
        """To the program and to what it has started."""
        try:
            os.killpg(self.child.pid, number)
        except ProcessLookupError:
            pass

    def end(self):
        self.signal(signal.SIGTERM)
        try:
            self.child.wait(5)
        except subprocess.TimeoutExpired:
            pass
        self.signal(signal.SIGKILL)
        self.child.wait()
        # A child that has left the group may still hold the pipe, and its output is of no interest any more.
        self.reader.join(1)


class InteropTest(unittest.TestCase):
    """A test with folders of its own, and with a transcript that is printed if it fails."""
    maxDiff = None
    scratch_parent = None

    def run(self, result=None):
        def end_it_all(*_):
            """As an error of this test, so that it ends what it has started."""
            result.stop()
            raise TimeoutError("the test took too long or was told to end")

        signal.signal(signal.SIGALRM, end_it_all)
        signal.signal(signal.SIGTERM, end_it_all)
        self.transcript = []
        self.processes = []
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            for process in self.processes:
                self.transcript += [f"--- {' '.join(map(str, process.child.args))}", *process.lines]
            print(f"=== {self.id()}", *self.transcript, sep="\n", flush=True)

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="libftp-interop-", dir=self.scratch_parent)
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)
        # Servers that work in the name of another user have to reach their folder.
        self.scratch.chmod(0o755)
        self.samples = samples()
        self.local = self.folder("local", self.samples)
        self.downloads = self.folder("downloads")
        self.served = self.folder("served")

    def folder(self, name, files=None):
        path = self.scratch / name
        path.mkdir()
        self.write(path, files or {})
        return path

    @staticmethod
    def write(folder, files):
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)

    def check_files(self, folder, files):
        """The folder and those below it hold exactly these files."""
        found = [path for path in folder.rglob("*") if path.is_file()]
        self.assertEqual({str(path.relative_to(folder)): digest(path.read_bytes()) for path in found},
                         {name: digest(content) for name, content in files.items()}, folder)

    def start(self, command):
        process = Process(command)
        self.processes.append(process)
        self.addCleanup(process.end)
        return process

    def run_command(self, command, text="", seconds=30, **environment):
        """Runs a command to its end and gives it the text to read."""
        done = subprocess.run([str(part) for part in command], input=text, capture_output=True, text=True,
                              errors="replace", cwd=self.scratch, timeout=seconds,
                              env={**os.environ, "HOME": str(self.scratch), "LC_ALL": "C.UTF-8", **environment})
        self.transcript += [f"--- {' '.join(done.args)} -> {done.returncode}", text, done.stdout, done.stderr]
        return done

    def succeeded(self, done):
        self.assertEqual(done.returncode, 0, f"exit code of {done.args[0]}")
        return done.stdout

    def command(self, command, text="", **environment):
        """Runs a command, which has to succeed; its output."""
        return self.succeeded(self.run_command(command, text, **environment))


def need(program):
    """The path of a peer's program; without it the test is skipped."""
    path = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not path:
        raise unittest.SkipTest(f"{program} is not there")
    return path


def need_root():
    if os.geteuid() != 0:
        raise unittest.SkipTest("it needs root")


class FourWays:
    """Lets a test's exchange() happen passive and active, over IPv4 and IPv6."""

    def test_passive(self):
        self.exchange()

    def test_active(self):
        self.exchange(active=True)

    def test_passive_over_ipv6(self):
        need_ipv6()
        self.exchange("::1")

    def test_active_over_ipv6(self):
        need_ipv6()
        self.exchange("::1", active=True)


def need_ipv6():
    try:
        free_port("::1")
    except OSError as error:
        raise unittest.SkipTest(NO_IPV6) from error


def free_port(address):
    """One that nobody has, below those that the system gives to whoever asks for any."""
    first_given = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        for port in random.sample(range(1024, first_given), 50) if first_given > 2048 else []:
            try:
                probe.bind((address, port))
                return port
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
        probe.bind((address, 0))
        return probe.getsockname()[1]


def answers(address, port):
    """Whether a server there greets."""
    try:
        with socket.create_connection((address, port), 5) as connection:
            return connection.recv(1) == b"2"
    except OSError:
        return False


def start_on_free_port(test, address, command_for):
    """Starts a server that has to be told its port, which somebody else may take before; its port."""
    for _ in range(5):
        port = free_port(address)
        server = test.start(command_for(port))
        deadline = time.monotonic() + 15
        while server.runs() and time.monotonic() < deadline:
            if answers(address, port) and server.runs():
                return port
            time.sleep(0.02)
        server.end()
    raise AssertionError(f"{server.child.args[0]} does not start:\n" + "\n".join(server.lines))


def start_our_server(test, served, address, *options):
    """Starts ftp-server with one account, which may do everything below the folder; the process and its port."""
    program, users = test.bin / "ftp-server", test.scratch / "users"
    if not users.exists():
        test.command([program, "user", "add", USER, "--users", users, "--root", served, "--permissions", "full"],
                     PASSWORD + "\n")
    server = test.start([program, "0", served, "--users", users, "--listen", address, *options])
    return server, int(server.wait_for_line(r"Server listening on port (\d+)").group(1))


def run(classes, arguments, seconds=100):
    """Runs the class and the programs in the folder that the arguments name; the exit code, 77 if a peer is missing.

    A third argument is the program that drives what is tested."""
    signal.alarm(seconds)  # before ctest loses patience
    name, folder, *driver = arguments
    case = next(case for case in classes if case.__name__ == name)
    case.bin = pathlib.Path(folder)
    case.driver = pathlib.Path(*driver)
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(case)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    if not result.wasSuccessful() or not result.testsRun:
        return 1
    missing = {why for _, why in result.skipped}
    for why in missing:
        print(f"SKIPPED in {name}: {why}")
    missing -= {NO_IPV6}
    if missing and os.environ.get("LIBFTP_REQUIRE_PEERS"):
        print("LIBFTP_REQUIRE_PEERS is set, so this is a failure; as root, set-up.sh brings the peers")
        return 1
    return 77 if missing else 0
