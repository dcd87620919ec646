#!/usr/bin/env python3
"""Leaves ftp-server without file descriptors (EMFILE): it waits, says so, and goes on as soon as there are some.

usage: server_out_of_descriptors_test.py FTP_SERVER [TEST...]
"""

import ftplib
import select
import socket

import faults
from faults import FaultTest, PATIENCE, has_ended, receive_line, until


class OutOfDescriptors(FaultTest):
    def setUp(self):
        super().setUp()
        if self.has_sanitizer("ubsan"):
            self.skipTest("to tell whether an object is one, the sanitizer opens a pipe")
        (self.served / "file").write_bytes(b"content")
        self.server = self.start()
        self.process = self.server.seen
        self.ftp = self.log_in(self.server)
        self.addCleanup(self.process.give_descriptors)

    def test_connections_wait_for_a_descriptor_and_cost_nothing_meanwhile(self):
        self.process.leave_no_descriptor()
        waiting = self.connect(self.server)
        before = self.process.cpu_seconds()
        # A listener that tried again and again would use all of this time.
        self.assertEqual(select.select([waiting], [], [], 1), ([], [], []))
        self.assertLess(self.process.cpu_seconds() - before, 0.5)
        self.assert_reply(self.ftp, "NOOP", 200)
        self.process.give_descriptors()
        self.assertEqual(receive_line(waiting)[:3], "220")

    def test_a_session_that_ends_makes_room_for_one_that_waits(self):
        self.process.leave_no_descriptor()
        waiting = [self.connect(self.server) for _ in range(3)]
        self.ftp.quit()
        ready, _, _ = select.select(waiting, [], [], PATIENCE)
        for connection in ready:
            self.assertEqual(receive_line(connection)[:3], "220")
        self.assertEqual(len(ready), 1)

    def test_the_last_descriptors_may_go_at_any_point_of_what_a_new_session_needs(self):
        # Be it for the session or for a thread that is to serve it.
        for spare in range(1, 8):
            with self.subTest(spare):
                server = self.start("--threads", 4)
                first = self.log_in(server)
                server.seen.leave_descriptors(spare)
                for _ in range(spare + 1):
                    self.connect(server)
                self.assert_reply(first, "NOOP", 200)
                server.seen.give_descriptors()
                self.assert_serves(first)
                self.assert_serves(self.log_in(server))
                server.stop()

    def test_clients_that_gave_up_waiting_are_let_go(self):
        self.process.leave_no_descriptor()
        for _ in range(100):
            self.connect(self.server).close()
        self.process.give_descriptors()
        ftp = self.log_in(self.server)
        self.assert_serves(ftp)
        ftp.close()
        self.ftp.close()
        self.assert_returns_to_rest(self.process)

    def test_no_port_is_opened_and_the_session_goes_on(self):
        for command in ["PASV", "EPSV"]:
            with self.subTest(command):
                self.process.leave_no_descriptor()
                self.assert_reply(self.ftp, command, 425)
                self.assert_reply(self.ftp, "NOOP", 200)
                self.process.give_descriptors()
                self.assert_serves(self.ftp)

    def test_no_connection_is_made_to_a_client(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        listener.settimeout(PATIENCE)
        self.ftp.sendeprt("127.0.0.1", listener.getsockname()[1])
        # The first descriptor is the file's; there is none for the connection.
        self.process.leave_no_descriptor()
        for command in ["RETR file", "LIST", "STOR new"]:
            with self.subTest(command):
                self.ftp.putline(command)
                reply = self.ftp.getmultiline()
                if reply.startswith("150"):
                    reply = self.ftp.getmultiline()
                self.assertIn(reply[:3], ["425", "451"])
                self.assert_reply(self.ftp, "NOOP", 200)
        self.process.give_descriptors()
        self.assert_serves(self.ftp)
        self.assertEqual([each.name for each in self.served.iterdir()], ["file"])

    def test_a_data_connection_that_cannot_be_accepted_is_told(self):
        host, port = self.ftp.makepasv()
        self.process.leave_no_descriptor()
        data = socket.create_connection((host, port), PATIENCE)
        self.addCleanup(data.close)
        for command in ["RETR file", "STOR new", "LIST"]:
            with self.subTest(command):
                self.ftp.putline(command)
                reply = self.ftp.getmultiline()
                if reply.startswith("150"):
                    reply = self.ftp.getmultiline()
                self.assertIn(reply[:3], ["425", "451"])
        self.assertTrue(has_ended(data))
        self.process.give_descriptors()
        self.assert_serves(self.ftp)
        self.assertEqual([each.name for each in self.served.iterdir()], ["file"])

    def test_no_file_is_opened_and_the_data_connection_is_closed(self):
        for command in ["RETR file", "STOR new", "STOR file", "APPE file", "LIST", "MLSD"]:
            with self.subTest(command):
                before = self.process.sockets()
                host, port = self.ftp.makepasv()
                listening = self.process.sockets() - before
                data = socket.create_connection((host, port), PATIENCE)
                self.addCleanup(data.close)
                until(lambda: not listening & self.process.sockets(), "it is accepted, and no other one will be")
                self.process.leave_no_descriptor()
                with self.assertRaisesRegex(ftplib.error_temp, "^451"):
                    self.ftp.sendcmd(command)
                self.assertTrue(has_ended(data))
                self.process.give_descriptors()
        self.assert_serves(self.ftp)
        self.assertEqual((self.served / "file").read_bytes(), b"content")
        self.assertEqual([each.name for each in self.served.iterdir()], ["file"])


if __name__ == "__main__":
    faults.main()
