#!/usr/bin/env python3
"""Gives ftp-server a day of mixed work at once: what it holds afterwards is what it held before.

usage: server_mixed_work_test.py FTP_SERVER [TEST...]

LIBFTP_FULL_LOAD=1 makes it a day of a busy server.
"""

import ftplib
import hashlib
import io
import os
import random
import socket
import struct
import threading
import traceback

import faults
from faults import FaultTest, PATIENCE, as_many, report

CLIENTS = 16
RESET_AT_CLOSE = struct.pack("ii", 1, 0)


class Client(threading.Thread):
    """Works on names of its own, of which it knows what they must hold; and is careless about its connections."""

    def __init__(self, number, port, errands):
        super().__init__()
        self.chance = random.Random(number)
        self.number, self.port, self.errands = number, port, errands
        self.ftp = None
        self.contents = {}
        self.done = 0
        self.fault = None

    def run(self):
        try:
            for _ in range(self.errands):
                if self.ftp is None:
                    self.log_in()
                self.chance.choice([self.upload, self.upload, self.download, self.download, self.append, self.list,
                                    self.rename, self.delete, self.ask, self.abort, self.break_upload,
                                    self.break_download, self.quit, self.vanish])()
                self.done += 1
            if self.ftp is not None:
                self.quit()
        except Exception:  # it is the test's to tell
            self.fault = traceback.format_exc()

    def log_in(self):
        self.ftp = ftplib.FTP(timeout=PATIENCE, source_address=(f"127.0.0.{2 + self.number}", 0))
        self.ftp.connect("127.0.0.1", self.port)
        self.ftp.login()

    def some_bytes(self):
        return self.chance.randbytes(self.chance.choice([0, 1, 1000, 70000, 1 << 20]))

    def name(self):
        return f"{self.number} {self.chance.randrange(8)}"

    def known_name(self):
        if not self.contents:
            self.upload()
        return self.chance.choice(list(self.contents))

    def upload(self):
        name, content = self.name(), self.some_bytes()
        self.ftp.storbinary(f"STOR {name}", io.BytesIO(content))
        self.contents[name] = content

    def append(self):
        name, content = self.known_name(), self.some_bytes()
        self.ftp.storbinary(f"APPE {name}", io.BytesIO(content))
        self.contents[name] += content
        if len(self.contents[name]) > 4 << 20:
            self.forget(name)

    def download(self):
        name = self.known_name()
        offset = self.chance.choice([0, len(self.contents[name]) // 2])
        received = bytearray()
        self.ftp.retrbinary(f"RETR {name}", received.extend, rest=offset or None)
        assert received == self.contents[name][offset:], f"another content of {name!r}"

    def list(self):
        names = {name for name, _ in self.ftp.mlsd()}
        own = {name for name in names if name.startswith(f"{self.number} ")}
        assert own == set(self.contents), f"{own} instead of {set(self.contents)}"
        self.ftp.retrlines("LIST", lambda _: None)

    def rename(self):
        old, new = self.known_name(), self.name()
        self.ftp.rename(old, new)
        self.contents[new] = self.contents.pop(old)

    def delete(self):
        self.forget(self.known_name())

    def forget(self, name):
        self.ftp.delete(name)
        del self.contents[name]

    def ask(self):
        name = self.known_name()
        self.ftp.voidcmd("TYPE I")
        assert self.ftp.size(name) == len(self.contents[name])
        reply = self.ftp.sendcmd(f"XSHA256 {name}")
        assert hashlib.sha256(self.contents[name]).hexdigest() in reply.lower(), reply
        for line in ["NOOP", "PWD", "FEAT", "STAT", "NONE", "SIZE none"]:
            self.ftp.putline(line)
            self.ftp.getmultiline()

    def abort(self):
        data = self.ftp.transfercmd(f"STOR {self.name()}")
        data.sendall(b"half a file")
        self.ftp.putline("ABOR")
        self.expect("426")
        self.expect("226")
        data.close()

    def break_upload(self):
        data = self.ftp.transfercmd(f"STOR {self.name()}")
        data.sendall(b"half a file")
        self.break_off(data)
        self.expect("426")

    def break_download(self):
        name = self.known_name()
        data = self.ftp.transfercmd(f"RETR {name}")
        self.break_off(data)
        self.expect("426", "226")

    def expect(self, *codes):
        reply = self.ftp.getmultiline()
        assert reply[:3] in codes, reply

    def quit(self):
        self.ftp.quit()
        self.ftp = None

    def vanish(self):
        if self.chance.randrange(2):
            data = self.ftp.transfercmd(self.chance.choice(["LIST", f"RETR {self.known_name()}"]))
            self.break_off(data)
        self.ftp.file.close()
        self.break_off(self.ftp.sock)
        self.ftp.sock = self.ftp.file = None
        self.ftp = None

    @staticmethod
    def break_off(connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
        connection.close()


class MixedWork(FaultTest):
    def test_all_that_was_taken_for_it_is_given_back(self):
        errands = as_many(60, 5000, 0)
        server = self.start("--log", self.folder / "log", "--xferlog", self.folder / "xferlog")
        process = server.seen
        memory = []
        for _ in range(3):
            clients = [Client(i, server.port, errands) for i in range(CLIENTS)]
            for client in clients:
                client.start()
            for client in clients:
                client.join()
            if any(client.fault for client in clients):
                self.fail("\n".join(client.fault or "" for client in clients))
            self.assert_returns_to_rest(process)
            memory.append(process.own_kibibytes())
            expected = {name: content for client in clients for name, content in client.contents.items()}
            self.assertEqual(set(os.listdir(self.served)), set(expected))
            for name, content in expected.items():
                self.assertEqual((self.served / name).read_bytes(), content)
                (self.served / name).unlink()
        report(f"3 times {CLIENTS * errands} errands: {memory} KiB in use after each, {process.threads()} threads")
        # What the first part has left is used again; a thread that moves files keeps a buffer of 1 MiB.
        self.assert_less_memory(memory[2] - memory[0], 1024 * (2 + process.threads()))


if __name__ == "__main__":
    faults.main()
