#!/usr/bin/env python3
"""Runs ftp-server as a service: its status, signals, confinement, restarts, and what systemd hands over.

usage: server_program_service_test.py FTP_CLIENT FTP_SERVER [TEST...]
"""

import contextlib
import ftplib
import io
import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

import programs
from programs import ClientTest, PATIENCE

# Becomes a server that has the named sockets where systemd puts them, and its own number, which no parent knows before.
LAUNCHER = """
import os, sys
sockets = os.environ.pop("SOCKETS").split()
for i, descriptor in enumerate(sockets):
    os.dup2(int(descriptor), 100 + i)
for i in range(len(sockets)):
    os.dup2(100 + i, 3 + i)
    os.close(100 + i)
os.environ.update(LISTEN_FDS=str(len(sockets)), LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[1], sys.argv[1:])
"""

with_systemd = unittest.skipIf(os.environ.get("LIBFTP_SYSTEMD") == "OFF", "built without libsystemd")


def status_of(process):
    """The lines of /proc/PID/status, by their names."""
    text = pathlib.Path(f"/proc/{process}/status").read_text()
    return {name: value.strip() for name, value in re.findall(r"^(\w+):(.*)$", text, re.MULTILINE)}


class ServiceTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.folder.chmod(0o755)
        self.served = self.folder / "served"
        self.served.mkdir()
        self.control = self.folder / "control"

    def watch_over(self, server):
        self.addCleanup(server.stop)
        return server

    def start(self, *options):
        return self.watch_over(programs.Server(ClientTest.server_program, self.served, options=list(map(str, options))))

    def log_in(self, server):
        ftp = ftplib.FTP(timeout=PATIENCE)
        self.addCleanup(ftp.close)
        ftp.connect("127.0.0.1", server.port)
        ftp.login()
        return ftp

    def begin_upload(self, ftp, name):
        """The data connection, on which the server has got something."""
        connection = ftp.transfercmd(f"STOR {name}")
        self.addCleanup(connection.close)
        connection.sendall(b"first ")
        return connection

    def finish_upload(self, ftp, connection, name):
        connection.sendall(b"last")
        connection.close()
        self.assertTrue(ftp.voidresp().startswith("226"))
        self.assertEqual((self.served / name).read_bytes(), b"first last")

    def ask(self, *options):
        done = subprocess.run([ClientTest.server_program, "status", "--control", self.control, *options],
                              capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def ask_objects(self):
        return [json.loads(line) for line in self.ask("--json").splitlines()]

    def fault(self, *options):
        done = subprocess.run([ClientTest.server_program, *map(str, options)], capture_output=True, text=True,
                              timeout=PATIENCE)
        self.assertEqual((done.returncode, done.stdout), (1, ""), options)
        return done.stderr

    def successor_of(self, server):
        """The number of the process that a restart led to, which ends with the test."""
        number = int(server.wait_for(r"Process (\d+) serves from now on"))
        self.addCleanup(self.end, number)
        return number

    @staticmethod
    def end(number):
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:
            pass


class Status(ServiceTest):
    def test_it_tells_who_is_connected_and_what_moves(self):
        server = self.start("--control", self.control)
        ftp = self.log_in(server)
        connection = self.begin_upload(ftp, "new.txt")
        while "new.txt" not in (shown := self.ask()):
            pass  # until the server has got the command
        head, counts, _, columns, session = shown.splitlines()
        self.assertRegex(head, rf"^ftp-server \S+, process {server.process.pid}, up \d+:\d\d, "
                               rf"listens on 127\.0\.0\.1:{server.port}$")
        self.assertTrue(counts.startswith("1 session, 1 transfer, "), counts)
        self.assertEqual(columns.split(), ["ID", "USER", "FROM", "TLS", "SINCE", "DOES"])
        self.assertRegex(session, r"^ +1  anonymous  127\.0\.0\.1  - +0:\d\d  upload of /new\.txt: \d+ B, ")

        about_server, listener, about_session = self.ask_objects()
        self.assertEqual((about_server["process"], about_server["sessions"]), (server.process.pid, 1))
        self.assertEqual(listener, {"listener": f"127.0.0.1:{server.port}"})
        self.assertEqual((about_session["user"], about_session["transfer"], about_session["path"]),
                         ("anonymous", "upload", "/new.txt"))
        self.finish_upload(ftp, connection, "new.txt")

    def test_a_signal_has_it_printed(self):
        server = self.start()
        ftp = self.log_in(server)
        server.process.send_signal(signal.SIGUSR1)
        self.assertEqual(server.wait_for(r"^ +1  (\S+)  127\.0\.0\.1"), "anonymous")
        ftp.quit()

    def test_the_socket_is_its_owners_and_no_other_servers(self):
        self.start("--control", self.control)
        self.assertEqual(self.control.stat().st_mode & 0o777, 0o600)
        self.assertIn("another server answers", self.fault("0", self.served, "--control", self.control))
        self.ask()

    def test_what_a_dead_server_left_is_replaced(self):
        self.start("--control", self.control).stop()
        self.assertTrue(self.control.exists())
        self.start("--control", self.control)
        self.ask()

    def test_nobody_answers(self):
        sentence = self.fault("status", "--control", self.control)
        self.assertIn(f"no server answers at '{self.control}'", sentence)
        self.assertIn("--control", sentence)

    @unittest.skipUnless(os.geteuid() == 0, "only root can become another user")
    def test_others_are_told_who_may_ask(self):
        self.start("--control", self.control)
        with open(ClientTest.server_program, "rb") as program:
            done = subprocess.run([f"/proc/self/fd/{program.fileno()}", "status", "--control", self.control],
                                  pass_fds=[program.fileno()], user="nobody", capture_output=True, text=True,
                                  timeout=PATIENCE)
        self.assertIn(f"may not ask at '{self.control}'", done.stderr)

    def test_a_session_can_be_ended(self):
        server = self.start("--control", self.control)
        ftp = self.log_in(server)
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.control))
            connection.sendall(b"disconnect 1\n")
            self.assertEqual(connection.recv(100), b"disconnected\n")
        with self.assertRaises(ftplib.error_temp):
            ftp.voidcmd("NOOP")


class Metrics(ServiceTest):
    def start_with_metrics(self):
        server = self.start("--metrics", "0")
        return server, server.wait_for(r"^Metrics are at (\S+)/metrics$")

    def test_prometheus_finds_the_counters(self):
        server, url = self.start_with_metrics()
        self.log_in(server).quit()
        with urllib.request.urlopen(url + "/metrics", timeout=PATIENCE) as page:
            self.assertTrue(page.headers["Content-Type"].startswith("text/plain; version=0.0.4"))
            lines = page.read().decode().splitlines()
        self.assertIn('libftp_logins_total{result="accepted"} 1', lines)

    def test_lines_that_no_log_took_are_counted(self):
        server = self.start("--metrics", "0", "--log", "/dev/full")
        url = server.wait_for(r"^Metrics are at (\S+)$")
        self.log_in(server).quit()
        lines = 0
        while lines == 0:  # until the thread that writes them has tried
            with urllib.request.urlopen(url, timeout=PATIENCE) as page:
                lines = int(re.search(rb"^libftp_log_lines_dropped_total (\d+)$", page.read(), re.MULTILINE).group(1))

    def test_health_says_whether_it_takes_sessions(self):
        server, url = self.start_with_metrics()
        with urllib.request.urlopen(url + "/health", timeout=PATIENCE) as page:
            self.assertEqual(page.read(), b"serving\n")
        ftp = self.log_in(server)
        connection = self.begin_upload(ftp, "a")
        server.process.terminate()
        server.wait_for("(The server ends: 1 session has at most 30 seconds)")
        with self.assertRaises(urllib.error.HTTPError) as ending:
            while True:  # until the listeners are closed
                urllib.request.urlopen(url + "/health", timeout=PATIENCE).close()
        self.assertEqual(ending.exception.code, 503)
        ending.exception.close()
        self.finish_upload(ftp, connection, "a")
        self.assertEqual(server.process.wait(PATIENCE), 0)


    def test_slow_clients_take_few_descriptors_and_do_not_keep_it_from_ending(self):
        server, url = self.start_with_metrics()
        place = ("127.0.0.1", int(url.rsplit(":", 1)[1]))
        with contextlib.ExitStack() as connections:
            for _ in range(100):
                slow = connections.enter_context(socket.create_connection(place))
                slow.sendall(b"GET /metrics HTTP/1.1\r\n")
            self.log_in(server).quit()
            self.assertLess(len(os.listdir(f"/proc/{server.process.pid}/fd")), 60)
            server.process.terminate()
            self.assertEqual(server.process.wait(PATIENCE), 0)


class Ending(ServiceTest):
    def test_transfers_end_first(self):
        server = self.start()
        ftp = self.log_in(server)
        connection = self.begin_upload(ftp, "a")
        server.process.terminate()
        server.wait_for("(The server ends)")
        self.finish_upload(ftp, connection, "a")
        self.assertEqual(server.process.wait(PATIENCE), 0)

    def test_a_second_signal_ends_them_too(self):
        server = self.start()
        ftp = self.log_in(server)
        self.begin_upload(ftp, "a")
        server.process.terminate()
        server.wait_for("(The server ends)")
        server.process.terminate()
        self.assertEqual(server.process.wait(PATIENCE), 0)


class Confinement(ServiceTest):
    def test_it_is_said_and_holds(self):
        server = self.start()
        sentence = server.wait_for("^(The server is confined .*)$")
        status = status_of(server.process.pid)
        if "not to its files" not in sentence:
            self.assertEqual(status["NoNewPrivs"], "1")
        if "not to its system calls" not in sentence:
            self.assertEqual(status["Seccomp"], "2")

    def test_it_can_be_off(self):
        server = self.start("--confine=off")
        server.wait_for(r"^(The server is not confined)")
        self.assertEqual(status_of(server.process.pid)["Seccomp"], "0")

    def test_whatever_is_there_can_be_renamed(self):
        os.mkfifo(self.served / "queue")
        with socket.socket(socket.AF_UNIX) as other_program:
            other_program.bind(str(self.served / "socket"))
        ftp = self.log_in(self.start())
        for name in ("queue", "socket"):
            ftp.rename(name, f"{name}-2")
            self.assertTrue((self.served / f"{name}-2").exists())

    def test_an_access_control_list_outlives_the_upload_of_a_new_file(self):
        name, shared = "system.posix_acl_access", self.served / "shared"
        shared.touch()
        entries = [(1, 6, -1), (2, 6, 4711), (4, 4, -1), (16, 6, -1), (32, 0, -1)]
        access = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
        try:
            os.setxattr(shared, name, access)
        except OSError as error:
            self.skipTest(f"no access control lists here: {error}")
        self.log_in(self.start()).storbinary("STOR shared", io.BytesIO(b"text"))
        self.assertEqual((shared.read_bytes(), os.getxattr(shared, name)), (b"text", access))

    def test_the_attributes_that_users_gave_to_a_file_outlive_the_upload_of_a_new_one(self):
        shared = self.served / "shared"
        shared.touch()
        try:
            os.setxattr(shared, "user.origin", b"scanner")
        except OSError as error:
            self.skipTest(f"no extended attributes here: {error}")
        self.log_in(self.start()).storbinary("STOR shared", io.BytesIO(b"text"))
        self.assertEqual((shared.read_bytes(), os.getxattr(shared, "user.origin")), (b"text", b"scanner"))

    def test_files_that_come_into_play_later_are_out_of_reach_until_a_restart(self):
        configuration, elsewhere = self.folder / "etc" / "server.toml", self.folder / "elsewhere"
        configuration.parent.mkdir()
        elsewhere.mkdir()
        configuration.write_text(f'port = 0\ndirectory = "{self.served}"\nwrite = true\n')
        server = self.watch_over(programs.Server.of_arguments(ClientTest.server_program, ["--config", configuration]))
        if "not to its files" in server.wait_for("^(The server is confined .*)$"):
            self.skipTest("no Landlock")
        configuration.write_text(f'port = 0\ndirectory = "{elsewhere}"\nwrite = true\n')
        server.process.send_signal(signal.SIGHUP)
        sentence = server.wait_for("^Everything stays as it was: (.*)$")
        self.assertIn(str(elsewhere), sentence)
        self.assertIn("A restart (SIGUSR2) takes in others.", sentence)
        ftp = self.log_in(server)
        ftp.storbinary("STOR a", io.BytesIO(b"text"))
        self.assertEqual((self.served / "a").read_bytes(), b"text")

    def test_a_directory_that_was_made_again_is_out_of_reach_until_a_restart(self):
        configuration = self.folder / "etc" / "server.toml"
        configuration.parent.mkdir()
        configuration.write_text(f'port = 0\ndirectory = "{self.served}"\n')
        server = self.watch_over(programs.Server.of_arguments(ClientTest.server_program, ["--config", configuration]))
        if "not to its files" in server.wait_for("^(The server is confined .*)$"):
            self.skipTest("no Landlock")
        self.served.rename(self.folder / "old")
        self.served.mkdir()
        server.process.send_signal(signal.SIGHUP)
        sentence = server.wait_for("^Everything stays as it was: (.*)$")
        self.assertIn(f"'{self.served}' is out of reach", sentence)
        self.assertIn("A restart (SIGUSR2) takes in others.", sentence)

    @unittest.skipUnless(os.geteuid() == 0, "only root can become another user")
    def test_the_rights_of_root_are_given_up(self):
        self.served.chmod(0o777)
        log = self.folder / "logs" / "log"
        log.parent.mkdir()
        log.parent.chmod(0o777)
        server = self.start("--user", "nobody", "--xferlog", log)
        status = status_of(server.process.pid)
        self.assertEqual(len(set(status["Uid"].split())), 1)
        self.assertNotEqual(status["Uid"].split()[0], "0")
        self.assertNotEqual(status["Gid"].split()[0], "0")
        self.assertEqual(int(status["CapEff"], 16), 0)
        for thread in pathlib.Path(f"/proc/{server.process.pid}/task").iterdir():
            self.assertEqual(status_of(f"{server.process.pid}/task/{thread.name}")["Uid"], status["Uid"])
        self.log_in(server).storbinary("STOR a", io.BytesIO(b"text"))
        owner = int(status["Uid"].split()[0])
        self.assertEqual((self.served / "a").stat().st_uid, owner)
        self.assertEqual(log.stat().st_uid, owner)

    @unittest.skipUnless(os.geteuid() == 0, "only root goes on as root")
    def test_root_is_warned(self):
        self.start().wait_for("^(The server runs as root)")

    def test_a_user_that_is_not_there(self):
        self.assertIn("there is no user 'no-such-user'", self.fault("0", self.served, "--user", "no-such-user"))


@with_systemd
class Restart(ServiceTest):
    def test_the_new_server_takes_the_listeners_and_the_old_one_its_sessions(self):
        server = self.start("--control", self.control)
        old = self.log_in(server)
        connection = self.begin_upload(old, "a")
        server.process.send_signal(signal.SIGUSR2)
        number = self.successor_of(server)
        self.assertNotEqual(number, server.process.pid)
        self.assertEqual(self.ask_objects()[0]["process"], number)
        self.assertEqual(int(server.wait_for(r"Server listening on port (\d+)")), server.port)
        self.assertEqual(self.log_in(server).nlst(), [])
        self.finish_upload(old, connection, "a")
        self.assertEqual(old.nlst(), ["a"])
        old.quit()
        self.assertEqual(server.process.wait(PATIENCE), 0)
        self.assertEqual(self.log_in(server).nlst(), ["a"])

    def test_it_can_be_done_again(self):
        server = self.start()
        server.process.send_signal(signal.SIGUSR2)
        second = self.successor_of(server)
        self.assertEqual(server.process.wait(PATIENCE), 0)
        os.kill(second, signal.SIGUSR2)
        third = self.successor_of(server)
        self.assertNotEqual(third, second)
        self.log_in(server).quit()

    def test_listeners_become_those_of_the_new_options(self):
        configuration = self.folder / "server.toml"

        def configure(*addresses, further=""):
            listed = ", ".join(f'"{address}"' for address in addresses)
            configuration.write_text(f'port = 0\ndirectory = "{self.served}"\nlisten = [{listed}]\n{further}')

        configure("127.0.0.1", "127.0.0.2", further='tls = "auto"\ntls-implicit = 0\n')
        server = self.watch_over(programs.Server.of_arguments(ClientTest.server_program, ["--config", configuration]))
        configure("127.0.0.1", "127.0.0.3")
        server.process.send_signal(signal.SIGUSR2)
        number = self.successor_of(server)
        self.log_in(server).quit()
        server.wait_for("^(TLS is off)")
        socket.create_connection(("127.0.0.3", server.port)).close()
        self.assertEqual(server.process.wait(PATIENCE), 0)
        with self.assertRaises(OSError):
            socket.create_connection(("127.0.0.2", server.port)).close()
        configure("127.0.0.1", f"127.0.0.2:{server.port}")
        os.kill(number, signal.SIGHUP)
        server.wait_for("(read again)")
        socket.create_connection(("127.0.0.2", server.port)).close()

    def test_no_connection_is_refused_meanwhile(self):
        server = self.start()
        server.process.send_signal(signal.SIGUSR2)
        while server.process.poll() is None:
            self.log_in(server).quit()
        self.successor_of(server)

    def test_a_new_server_that_does_not_start_changes_nothing(self):
        configuration = self.folder / "server.toml"
        configuration.write_text(f'port = 0\ndirectory = "{self.served}"\nwrite = true\n')
        server = self.watch_over(programs.Server.of_arguments(ClientTest.server_program, ["--config", configuration]))
        configuration.write_text("nonsense")
        server.process.send_signal(signal.SIGUSR2)
        server.wait_for("(The new server did not start. This one goes on.)")
        self.log_in(server).storbinary("STOR a", io.BytesIO(b"text"))
        configuration.write_text(f'port = 0\ndirectory = "{self.served}"\nwrite = true\n')
        server.process.send_signal(signal.SIGUSR2)
        self.successor_of(server)
        self.assertEqual(self.log_in(server).nlst(), ["a"])


@with_systemd
class Systemd(ServiceTest):
    """Plays systemd's part."""

    def setUp(self):
        super().setUp()
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.notices.close)
        self.notices.bind(str(self.folder / "notices"))
        self.notices.settimeout(PATIENCE)

    def activate(self, listeners, *options, **variables):
        """A server that gets listeners by name."""
        numbers = [listener.fileno() for _, listener in listeners]
        environment = {**os.environ, "NOTIFY_SOCKET": str(self.folder / "notices"),
                       "SOCKETS": " ".join(map(str, numbers)),
                       "LISTEN_FDNAMES": ":".join(name for name, _ in listeners), **variables}
        return self.watch_over(programs.Server.of_arguments(
            sys.executable, ["-c", LAUNCHER, ClientTest.server_program, "1", self.served, "--write", *options],
            env=environment, pass_fds=numbers))

    def listener(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        return listener

    def next_notice(self, wanted):
        while True:
            notice = self.notices.recv(4096).decode()
            if wanted in notice:
                return notice

    def test_it_serves_at_the_sockets_that_are_handed_over(self):
        clear, implicit = self.listener(), self.listener()
        server = self.activate([("ftp-server.socket", clear), ("ftps", implicit)], "--tls=auto")
        self.assertEqual(server.port, clear.getsockname()[1])
        self.assertEqual(int(server.wait_for(r"Implicit TLS on port (\d+)")), implicit.getsockname()[1])
        self.next_notice("READY=1")
        self.assertEqual(self.log_in(server).nlst(), [])

    def test_it_tells_what_it_does(self):
        server = self.activate([("ftp", self.listener())])
        self.next_notice("READY=1")
        server.process.send_signal(signal.SIGHUP)
        self.assertIn("MONOTONIC_USEC=", self.next_notice("RELOADING=1"))
        self.next_notice("READY=1")
        server.process.terminate()
        self.next_notice("STOPPING=1")
        self.assertEqual(server.process.wait(PATIENCE), 0)

    def test_it_shows_the_watchdog_that_it_goes_round(self):
        self.activate([("ftp", self.listener())], WATCHDOG_USEC="20000")
        self.next_notice("WATCHDOG=1")
        self.next_notice("WATCHDOG=1")

    def test_a_successor_becomes_the_main_process(self):
        server = self.activate([("ftp", self.listener())])
        self.next_notice("READY=1")
        server.process.send_signal(signal.SIGUSR2)
        number = self.successor_of(server)
        self.next_notice("RELOADING=1")
        self.assertIn("READY=1", self.next_notice(f"MAINPID={number}\n"))
        self.assertEqual(server.process.wait(PATIENCE), 0)
        self.assertEqual(self.log_in(server).nlst(), [])


if __name__ == "__main__":
    programs.main()
