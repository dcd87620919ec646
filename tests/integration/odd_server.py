"""A server for tests of ftp-client whose data connections may tell another story than its replies."""

import contextlib
import socket
import struct
import threading

import programs
from programs import PATIENCE

WHOLE = b"0123456789" * 10
RESET = struct.pack("ii", 1, 0)


class OddServer:
    """Serves one connection after the other: a reply for each verb, and functions for those that move data."""

    greeting = b"220 here\r\n"
    replies = {"USER": b"230 in\r\n", "PWD": b'257 "/"\r\n', "TYPE": b"200 ok\r\n", "QUIT": b"221 bye\r\n"}

    def __init__(self, **verbs):
        self.verbs = {**self.replies, **{name: made for name, made in verbs.items()}}
        self.received = []
        self.lines = []
        self.conversations = 0
        self.later_greeting = self.greeting
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"ftp://127.0.0.1:{self.listener.getsockname()[1]}/"
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                self.control, _ = self.listener.accept()
            except OSError: # closed
                return
            self.converse()

    def converse(self):
        with self.control, self.control.makefile("rb") as lines, socket.create_server(("127.0.0.1", 0)) as self.data:
            self.data.settimeout(PATIENCE)
            port = self.data.getsockname()[1]
            passive = {"EPSV": b"229 (|||%d|)\r\n" % port}
            self.conversations += 1
            self.control.sendall(self.greeting if self.conversations == 1 else self.later_greeting)
            for line in lines:
                verb = line.split()[0].decode()
                self.received.append(verb)
                self.lines.append(line.decode().strip())
                answer = {**passive, **self.verbs}.get(verb, b"502 no\r\n")
                answer = answer(self) if callable(answer) else answer
                if not answer:
                    return
                self.control.sendall(answer)

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(PATIENCE)


def sending(content):
    def send(server):
        server.control.sendall(b"150 go\r\n")
        with server.data.accept()[0] as connection:
            connection.sendall(content)
        return b"226 done\r\n"

    return send


def resetting(server):
    """Sends all of it, and does not close the connection in order."""
    server.control.sendall(b"150 go\r\n")
    connection, _ = server.data.accept()
    connection.sendall(WHOLE)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    connection.close()
    return b"226 done\r\n"


def taking_and_resetting(server):
    server.control.sendall(b"150 go\r\n")
    connection, _ = server.data.accept()
    while connection.recv(65536):
        pass
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    connection.close()
    return b"226 done\r\n"


def receiving(server):
    server.control.sendall(b"150 go\r\n")
    with server.data.accept()[0] as connection:
        while connection.recv(65536):
            pass
    return b"226 done\r\n"


def full_disk(server):
    server.control.sendall(b"150 go\r\n")
    connection, _ = server.data.accept()
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    connection.close()
    return b"452 The disk is full.\r\n"


def without_end(server):
    server.control.sendall(b"150 go\r\n")
    with server.data.accept()[0] as connection, contextlib.suppress(OSError): # the client has enough at last
        while True:
            connection.sendall(b"-rw-r--r-- 1 a b 100 Nov 20 2023 f\r\n" * 10_000)
    return b"426 who closes there?\r\n"


def stalling(server):
    """Sends a little, and then neither data nor replies until the client leaves."""
    server.control.sendall(b"150 go\r\n")
    with server.data.accept()[0] as connection:
        connection.sendall(WHOLE)
        server.control.settimeout(PATIENCE)
        while server.control.recv(100):
            pass
    return b""


LEAVING = b"200 ok\r\n421 and good bye\r\n" # at once, so that the next command comes behind both


FEATURES = b"211-Features:\r\n SIZE\r\n MLST type*;size*;\r\n211 End\r\n"


class OddServerTest(programs.ClientTest):
    def run_against(self, server, *arguments):
        self.addCleanup(server.stop)
        return self.run_client(["--quiet", "--tls=off", *arguments])
