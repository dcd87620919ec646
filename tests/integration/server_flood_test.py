#!/usr/bin/env python3
"""Floods ftp-server with connections that do nothing, break, fall silent, or are over at once.

usage: server_flood_test.py FTP_SERVER [TEST...]

LIBFTP_FULL_LOAD=1 makes the floods as large as they are promised to be.
"""

import socket
import struct

import faults
from faults import FaultTest, PATIENCE, as_many, has_ended, receive_line, report, until

RESET_AT_CLOSE = struct.pack("ii", 1, 0)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
    connection.close()


def bare(ftp):
    """Its control connection, which nothing else keeps open any more."""
    ftp.file.close()
    return ftp.sock


def read_to_end(connection):
    received = b""
    try:
        while piece := connection.recv(4096):
            received += piece
    except ConnectionResetError:
        pass
    return received


class IdleFlood(FaultTest):
    def test_one_address_gets_its_share_and_others_are_served(self):
        server = self.start("--max-sessions-per-address", 100)
        flood = [self.connect(server, "127.0.0.2") for _ in range(300)]
        greetings = [receive_line(connection)[:3] for connection in flood]
        self.assertEqual(greetings, ["220"] * 100 + ["421"] * 200)
        honest = self.log_in(server, "127.0.0.1")
        self.assert_serves(honest)
        for connection in flood[100:]:
            self.assertTrue(has_ended(connection))
        # Who leaves makes room for another of the same address.
        flood[0].close()
        until(lambda: receive_line(self.connect(server, "127.0.0.2")).startswith("220"), "there is room again")

    def test_whoever_does_not_log_in_leaves_room_when_the_time_is_up(self):
        server = self.start("--max-sessions", 200, "--login-limit", "5s")
        flood = [self.connect(server, f"127.0.0.{2 + i % 4}") for i in range(200)]
        for connection in flood:
            self.assertEqual(receive_line(connection)[:3], "220")
        self.assertEqual(receive_line(self.connect(server))[:3], "421")
        for connection in flood:
            self.assertTrue(read_to_end(connection).startswith(b"421"))
        # They may be counted for a moment longer than they last.
        until(lambda: receive_line(self.connect(server)).startswith("220"), "there is room again")

    def test_slow_lines_hold_nothing_but_themselves(self):
        server = self.start("--max-sessions", 500)
        before = server.seen.own_kibibytes()
        flood = [self.connect(server) for _ in range(400)]
        # Lines that never end, of which only the limit is kept.
        for connection in flood:
            connection.sendall(b"USER " + b"x" * 20000)
        honest = self.log_in(server)
        self.assert_serves(honest)
        self.assert_less_memory(server.seen.own_kibibytes() - before, 400 * 32 + 4096)


class Vanishing(FaultTest):
    """Clients that break their connections at every point, or are not heard of again."""

    def states(self, server):
        """A client in each state: the connections that it has."""
        (self.served / "big").write_bytes(b"x" * (16 << 20))
        yield [self.connect(server)]
        half_a_line = self.connect(server)
        half_a_line.sendall(b"USER anon")
        yield [half_a_line]
        yield [bare(self.log_in(server))]
        ftp = self.log_in(server)
        ftp.sendcmd("EPSV")
        yield [bare(ftp)]
        for command in ["STOR new", "STOR big", "APPE log", "RETR big", "LIST"]:
            ftp = self.log_in(server)
            data = ftp.transfercmd(command)
            self.addCleanup(data.close)
            if command[0] in "SA":
                data.sendall(b"half a fi")
            yield [bare(ftp), data]
        ftp = self.log_in(server)
        ftp.sendcmd("EPSV")
        ftp.putcmd("RETR big")  # and no data connection
        self.assertEqual(ftp.getline()[:3], "150")
        yield [bare(ftp)]
        ftp = self.log_in(server)
        ftp.sock.sendall(b"NOOP\r\n" * 1000)  # and does not read
        yield [bare(ftp)]

    def assert_nothing_is_left(self, server):
        self.assert_returns_to_rest(server.seen)
        ftp = self.log_in(server)
        self.assertLessEqual(set(ftp.nlst()), {"big", "log"})
        self.assertEqual((self.served / "big").stat().st_size, 16 << 20)
        self.assert_serves(ftp)

    def test_resets_at_every_point_leave_nothing(self):
        server = self.start()
        for order in [1, -1]:
            for connections in self.states(server):
                for connection in connections[::order]:
                    reset(connection)
        self.assert_nothing_is_left(server)

    def test_ends_at_every_point_leave_nothing(self):
        server = self.start()
        for connections in self.states(server):
            for connection in connections:
                connection.close()
        self.assert_nothing_is_left(server)

    def test_silence_at_every_point_ends_at_the_limits(self):
        server = self.start("--login-limit", "5s", "--idle-limit", "5s", "--stall-limit", "5s",
                                "--data-connect-limit", "5s")
        silent = list(self.states(server))
        self.assert_nothing_is_left(server)
        del silent


class QuickConnects(FaultTest):
    def test_connections_that_are_over_at_once_leave_nothing(self):
        count = as_many(4000, 100000, 0)
        server = self.start("--log", "off")
        process = server.seen
        memory = []
        for part in range(4):
            for i in range(part * count // 4, (part + 1) * count // 4):
                self.come_and_go(server, i)
            ftp = self.log_in(server)
            self.assert_serves(ftp)
            ftp.close()
            self.assert_returns_to_rest(process)
            memory.append(process.own_kibibytes())
        report(f"{count} connections; KiB in use after each quarter: {memory}")
        self.assert_less_memory(memory[-1] - memory[0], 1024)

    def come_and_go(self, server, i):
        # No address has ports for all.
        connection = socket.socket()
        connection.settimeout(PATIENCE)
        connection.bind((f"127.0.0.{1 + i // 10000}", 0))
        connection.connect(("127.0.0.1", server.port))
        how = i % 4
        if how == 1:
            receive_line(connection)
        elif how == 2:
            connection.sendall(b"USER anonymous\r\nPASS x\r\nQUIT\r\n")
            read_to_end(connection)
        if how == 3:
            reset(connection)
        else:
            connection.close()


if __name__ == "__main__":
    faults.main()
