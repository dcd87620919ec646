#!/usr/bin/env python3
"""Watches ftp-client's transfers and jobs at a terminal: progress bars, Ctrl+C, what comes and goes.

usage: client_program_progress_test.py FTP_CLIENT FTP_SERVER [TEST...]
"""

import select
import socket
import threading

import programs
from programs import PASSWORD

PICTURE = bytes(range(256)) * 500
LARGE = bytes(range(251)) * 20_000


class SlowServer:
    """Serves one file in two halves; the second one goes when the test says so."""

    def __init__(self, content):
        self.content = content
        self.may_go_on = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        connection, _ = self.listener.accept()
        with connection, connection.makefile("rwb", buffering=0) as control:
            control.write(b"220 slow\r\n")
            data_listener = None
            for line in control:
                verb = line.split()[0].upper()
                if verb == b"EPSV":
                    data_listener = socket.create_server(("127.0.0.1", 0))
                    port = data_listener.getsockname()[1]
                    control.write(f"229 Entering (|||{port}|)\r\n".encode())
                elif verb == b"RETR":
                    control.write(f"150 Opening ({len(self.content)} bytes)\r\n".encode())
                    data, _ = data_listener.accept()
                    data_listener.close()
                    half = len(self.content) // 2
                    with data:
                        data.sendall(self.content[:half])
                        while not self.may_go_on.wait(0.01) and not select.select([data], [], [], 0)[0]:
                            pass  # the client has not closed it
                        if self.may_go_on.is_set():
                            data.sendall(self.content[half:])
                    control.write(b"226 done\r\n")
                else:
                    control.write({b"USER": b"230 in\r\n", b"PWD": b'257 "/"\r\n', b"TYPE": b"200 ok\r\n",
                                   b"SIZE": f"213 {len(self.content)}\r\n".encode(), b"ABOR": b"226 aborted\r\n",
                                   b"NOOP": b"200 ok\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"502 no\r\n"))

    def stop(self):
        self.may_go_on.set()
        self.listener.close()
        self.thread.join(programs.PATIENCE)


class AtATerminal(programs.ClientTest):
    def open_session(self, url=None):
        session = self.open_terminal(url or self.url, password=PASSWORD)
        session.wait_for("ftp> ")
        return session

    def leave(self, session):
        session.type("quit\n")
        self.assertEqual(session.end(), 0)

    def slow_session(self, content=PICTURE):
        server = SlowServer(content)
        self.addCleanup(server.stop)
        return server, self.open_session(f"ftp://anonymous@127.0.0.1:{server.port}/")

    def test_a_slow_transfer_has_a_bar_that_goes_when_it_is_done(self):
        server, session = self.slow_session()
        session.type("get big.bin\n")
        session.wait_for("big.bin ")
        session.wait_for("[====")
        session.wait_for(" 50% ")
        session.wait_for(" 64 kB ")
        server.may_go_on.set()
        session.wait_for("\x1b[J")
        session.wait_for("big.bin: 128 000 bytes in ")
        session.wait_for("ftp> ")
        self.leave(session)
        self.assertEqual((self.local / "big.bin").read_bytes(), PICTURE)

    def test_a_transfer_that_does_not_move_is_marked_as_stalled(self):
        server, session = self.slow_session()
        session.type("get big.bin\n")
        session.wait_for(" 50% ")
        session.wait_for(" stalled ")
        server.may_go_on.set()
        session.wait_for("big.bin: 128 000 bytes in ")
        self.leave(session)

    def test_an_interrupt_ends_the_transfer_and_keeps_the_session(self):
        _, session = self.slow_session()
        session.type("get big.bin\n")
        session.wait_for(" 50% ")
        session.type("\x03")
        session.wait_for("big.bin: the transfer was interrupted.")
        session.wait_for("ftp> ")
        session.type("NOOP\n")
        session.wait_for("200 ok")
        self.leave(session)
        self.assertEqual(list(self.local.iterdir()), [])

    def test_a_limited_batch_has_a_line_for_all_files(self):
        for i in range(3):
            (self.remote / f"{i}.bin").write_bytes(PICTURE)
        session = self.open_session()
        session.type("limit 400k\n")
        session.wait_for("Transfers share 400 kB a second.")
        session.type("mget -P 2 *.bin\n")
        session.wait_for(" of 3 files ")
        session.wait_for("3 files: 384 000 bytes in ")
        session.wait_for("ftp> ")
        self.leave(session)

    def test_a_job_is_shown_watched_and_ended(self):
        (self.remote / "big.bin").write_bytes(LARGE)
        session = self.open_session()
        session.type("limit 100k\n")
        session.wait_for("ftp> ")
        session.type("get big.bin &\n")
        session.wait_for("[1] get big.bin")
        session.wait_for("ftp> ")
        session.type("jobs\n")
        session.wait_for("[1] running  get big.bin")
        session.wait_for("ftp> ")
        session.type("quit\n")
        session.wait_for("One job runs in the background: wait for the end, or leave once more to end it.")
        session.wait_for("ftp> ")
        session.type("fg\n")
        session.wait_for("[")
        session.wait_for(" left")
        session.type("\x03")
        session.wait_for("big.bin: the transfer was interrupted.")
        session.wait_for("[1] failed  get big.bin")
        session.wait_for("ftp> ")
        session.type("pwd\n")
        session.wait_for('257 "/"')
        self.leave(session)
        self.assertEqual(list(self.local.iterdir()), [])

    def test_an_interrupt_ends_the_waiting_and_not_the_job(self):
        (self.remote / "big.bin").write_bytes(LARGE)
        session = self.open_session()
        session.type("limit 100k\n")
        session.wait_for("ftp> ")
        session.type("get big.bin &\n")
        session.wait_for("ftp> ")
        session.type("wait\n")
        session.wait_for(" left")
        session.type("\x03")
        session.wait_for("Nobody waits any more; the jobs go on.")
        session.wait_for("ftp> ")
        session.type("kill 1\n")
        session.wait_for("[1] failed  get big.bin")
        self.leave(session)

    def test_a_job_that_has_ended_is_told_at_the_next_prompt(self):
        (self.remote / "f").write_bytes(b"f")
        session = self.open_session()
        session.type("get f &\n")
        while "[1] done  get f" not in session.shown:
            session.wait_for("ftp> ")
            session.type("\n")
        self.leave(session)

    def test_a_files_control_bytes_are_shown(self):
        (self.remote / "f").write_bytes(b"a\x1b[2J\tb\r\nc")
        session = self.open_session()
        session.type("cat f\n")
        session.wait_for("a\\x1b[2J\tb\r\nc")
        session.wait_for("ftp> ")
        self.leave(session)


if __name__ == "__main__":
    programs.main()
