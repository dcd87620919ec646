#!/usr/bin/env python3
"""Runs ftp-client against servers that leave in the middle of a transfer.

usage: client_program_attempts_test.py FTP_CLIENT FTP_SERVER [TEST...]
"""

import socket

import programs
from odd_server import OddServer, OddServerTest, WHOLE, sending


def breaking_off(server):
    """Leaves in the middle of the first download, and sends all others from where they are to begin."""
    server.control.sendall(b"150 go\r\n")
    with server.data.accept()[0] as connection:
        if server.conversations == 1:
            connection.sendall(WHOLE[:40])
            return b""
        rest = [line.split()[1] for line in server.lines if line.startswith("REST")]
        connection.sendall(WHOLE[int(rest[-1]):] if rest else WHOLE)
    return b"226 done\r\n"


class Attempts(OddServerTest):
    def test_a_transfer_that_broke_off_goes_on_where_it_stopped_if_more_attempts_are_allowed(self):
        for form in (("get",), ("mget",)):
            server = OddServer(RETR=breaking_off, SIZE=b"213 100\r\n", MDTM=b"213 20240101000000\r\n",
                               REST=b"350 go on\r\n", LIST=sending(b"-rw-r--r-- 1 a b 100 Jan  1  2024 f\r\n"))
            session = self.run_against(server, "--attempts", "2", *form, server.url + "f")
            self.assert_went_well(session)
            self.assertEqual((self.local / "f").read_bytes(), WHOLE)
            self.assertEqual([line for line in server.lines if line.startswith("REST")], ["REST 40"])
            self.assertEqual(server.conversations, 2)
        server = OddServer(RETR=breaking_off, SIZE=b"213 100\r\n")
        session = self.run_against(server, "get", server.url + "f")
        self.assertEqual(session.code, 3)
        self.assertEqual(server.conversations, 1)

    def test_a_login_that_is_refused_meanwhile_costs_an_attempt_and_none_of_the_bytes(self):
        def log_in(server):
            return b"530 already connected\r\n" if server.conversations == 2 else b"230 in\r\n"

        server = OddServer(USER=log_in, RETR=breaking_off, SIZE=b"213 100\r\n", REST=b"350 go on\r\n")
        self.assert_went_well(self.run_against(server, "--attempts", "3", "get", server.url + "f"))
        self.assertEqual((self.local / "f").read_bytes(), WHOLE)
        self.assertEqual([line for line in server.lines if line.startswith("REST")], ["REST 40"])

    def test_an_upload_that_broke_off_goes_on_behind_what_the_server_has(self):
        (self.local / "f").write_bytes(WHOLE)
        received = bytearray()

        def take(server):
            server.control.sendall(b"150 go\r\n")
            with server.data.accept()[0] as connection:
                if server.conversations == 1:
                    received.extend(connection.recv(40, socket.MSG_WAITALL))
                    return b""
                while piece := connection.recv(65536):
                    received.extend(piece)
            return b"226 done\r\n"

        def tell_size(_):
            return b"213 %d\r\n" % len(received) if received else b"550 none\r\n"

        server = OddServer(STOR=take, SIZE=tell_size, REST=b"350 go on\r\n")
        self.assert_went_well(self.run_against(server, "--attempts", "2", "put", "f", server.url))
        self.assertEqual(bytes(received), WHOLE)
        self.assertIn("REST 40", server.lines)


if __name__ == "__main__":
    programs.main()
