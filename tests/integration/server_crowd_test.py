#!/usr/bin/env python3
"""Sends ftp-server crowds: thousands of sessions that do nothing, transfers by the hundred, and slow peers among them.

usage: server_crowd_test.py FTP_SERVER [TEST...]

LIBFTP_FULL_LOAD=1 makes the crowds as large as they are promised to be, as far as descriptors allow.
"""

import json
import socket
import subprocess

import faults
from faults import FaultTest, PATIENCE, as_many, report, until

MIB = 1 << 20


class Crowd(FaultTest):
    def start(self, *options):
        self.control = self.folder / "control"
        return super().start("--log", "off", "--max-sessions", 20000, "--max-sessions-per-address", 20000,
                             "--control", self.control, *options)

    def transfers(self):
        """How many run, as the server says."""
        shown = subprocess.run([self.program, "status", "--json", "--control", self.control], capture_output=True,
                               text=True, check=True, timeout=PATIENCE).stdout
        return sum("transfer" in json.loads(line) for line in shown.splitlines())

    def log_in_many(self, server, count):
        # Each address has ports of its own to come from.
        return [self.log_in(server, f"127.0.0.{1 + i // 2000}") for i in range(count)]

    def begin(self, ftp, command):
        """The data connection, of which this side's buffers take little."""
        host, port = ftp.makepasv()
        data = socket.socket()
        self.addCleanup(data.close)
        data.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        data.settimeout(PATIENCE)
        data.connect((host, port))
        self.assert_reply(ftp, command, 150)
        return data

    @staticmethod
    def receive_all(data):
        received = 0
        while piece := data.recv(MIB):
            received += len(piece)
        return received


class IdleSessions(Crowd):
    def test_thousands_of_idle_sessions_cost_little_and_leave_nothing(self):
        count = as_many(1000, 10000, 1)
        server = self.start()
        process = server.seen
        memory = process.own_kibibytes()
        left = []
        for _ in range(2):
            sessions = self.log_in_many(server, count)
            each = (process.own_kibibytes() - memory) / count
            report(f"{count} idle sessions: {each:.1f} KiB each")
            # A session without a transfer has neither a buffer for one nor a thread.
            self.assert_less_memory(each, 16)
            self.assert_serves(sessions[0])
            self.assert_serves(sessions[-1])
            for ftp in sessions:
                ftp.close()
            self.assert_returns_to_rest(process)
            left.append(process.own_kibibytes())
        # What malloc(3) keeps of the first crowd serves the second.
        self.assert_less_memory(left[1] - left[0], 1024 + count / 8)


class Transfers(Crowd):
    def test_hundreds_of_transfers_run_at_once(self):
        count = as_many(200, 1000, 5)
        server = self.start()
        process = server.seen
        (self.served / "file").write_bytes(b"x" * MIB)
        sessions = self.log_in_many(server, count)
        uploads = [(ftp, self.begin(ftp, f"STOR {i}"), i) for i, ftp in enumerate(sessions) if i % 2]
        downloads = [(ftp, self.begin(ftp, "RETR file")) for i, ftp in enumerate(sessions) if i % 2 == 0]
        for _, data, i in uploads:
            data.sendall(b"first %d " % i)
        self.assertEqual(self.transfers(), count)
        report(f"{count} transfers at once: {len(process.descriptors())} descriptors, {process.threads()} threads")
        for ftp, data in downloads:
            self.assertEqual(self.receive_all(data), MIB)
            data.close()
            self.assert_next_reply(ftp, 226)
        for ftp, data, i in uploads:
            data.sendall(b"last")
            data.close()
            self.assert_next_reply(ftp, 226)
            self.assertEqual((self.served / str(i)).read_bytes(), b"first %d last" % i)
        for ftp in sessions:
            ftp.close()
        self.assert_returns_to_rest(process)


class SlowPeers(Crowd):
    def test_fast_peers_are_served_beside_slow_ones(self):
        count = as_many(100, 400, 5)
        server = self.start()
        process = server.seen
        big = 16 * MIB
        with open(self.served / "big", "wb") as file:
            file.truncate(big)
        fast = self.log_in(server)
        readers = [(ftp, self.begin(ftp, "RETR big")) for ftp in self.log_in_many(server, count)]
        listers = [(ftp, self.begin(ftp, "LIST")) for ftp in self.log_in_many(server, count // 10)]
        writers = [(ftp, self.begin(ftp, f"STOR slow {i}")) for i, ftp in enumerate(self.log_in_many(server, count))]

        def move_on():
            """All of them a little."""
            for _, data in readers:
                self.assertEqual(len(data.recv(1)), 1)
            for _, data in writers:
                data.sendall(b"x")

        for i in range(10):
            move_on()
            self.assert_serves(fast)
            received = []
            fast.retrbinary("RETR big", lambda piece: received.append(len(piece)), MIB)
            self.assertEqual(sum(received), big)
            with open(self.served / "big", "rb") as content:
                fast.storbinary(f"STOR fast {i}", content, MIB)
            self.assertIn(f"fast {i}", fast.nlst())
        self.assertGreaterEqual(self.transfers(), 2 * count)
        for ftp, data in readers[::2] + writers[::2]:
            data.close()
            ftp.getmultiline()
            self.assert_reply(ftp, "NOOP", 200)
        fast.close()
        for ftp, _ in readers + listers + writers:
            ftp.close()
        for _, data in readers + listers + writers:
            data.close()
        self.assert_returns_to_rest(process)


if __name__ == "__main__":
    faults.main()
