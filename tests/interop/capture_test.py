"""tshark reads a capture of ftp-client and ftp-server: every line of the control connection has to be FTP to it."""
import os
import re
import sys
import time

import interop
from interop import BIG, EMPTY, MIB, PASSWORD, UMLAUTS, USER

FIELDS = ["tcp.srcport", "frame.protocols", "tcp.payload", "ftp.request.command", "ftp.request.arg",
          "ftp.response.code", "ftp.response.arg", "_ws.expert.group", "tcp.analysis.flags"]
ABOUT_TCP = str(0x02000000)  # a group of remarks: retransmissions, a connection's end


class Capture(interop.InteropTest):
    def setUp(self):
        super().setUp()
        self.tcpdump, self.tshark = interop.need("tcpdump"), interop.need("tshark")
        self.file = self.scratch / "session.pcap"

    def start_capture(self, port):
        # A small part of each packet, so that the buffer has room for thousands of them.
        capture = self.start([self.tcpdump, "-i", "lo", "-U", "--immediate-mode", "-s", "4096", "-B", "8192",
                              "-w", self.file, f"tcp port {port}"])
        try:
            capture.wait_for_line("listening on")
        except AssertionError:
            self.skipTest("capturing is not possible: " + " ".join(capture.lines))
        return capture

    def end_capture(self, capture):
        """When the last reply of the server has been written to the file."""
        deadline = time.monotonic() + 20
        while not re.search(rb"221 [^\r\n]*\r\n", self.file.read_bytes()):
            self.assertTrue(capture.runs() and time.monotonic() < deadline, "the end of the session is in the capture")
            time.sleep(0.02)
        capture.end()
        self.assertIn("0 packets dropped by kernel", capture.lines)

    def session(self, port, host, *options):
        half = b"h" * MIB
        (self.served / "cut").write_bytes(half)
        (self.downloads / "cut").write_bytes(half[1:])
        # Whenever the server's file gets its rest, this is the beginning of no older one.
        tomorrow = time.time() + 24 * 60 * 60
        os.utime(self.downloads / "cut", (tomorrow, tomorrow))
        (self.local / "cut").write_bytes(half + b"rest")
        script = ["pwd", "mkdir album", "cd album", f'lcd "{self.local}"', *(f'put "{name}"' for name in self.samples),
                  "ls", "nlist", "MLSD", f'lcd "{self.downloads}"', *(f'get "{name}"' for name in self.samples),
                  f'lcd "{self.local}"', "put -c cut /cut", f'lcd "{self.downloads}"', "get -c /cut",
                  "ascii", f'get "{UMLAUTS}"', f'mv "{UMLAUTS}" "a name"', 'MLST "a name"', 'mdtm "a name"', "SYST",
                  "FEAT", "STAT", "rhelp", "quote NOOP", 'rm "a name"', f"rm {BIG}", f"rm {EMPTY}", "cd ..",
                  "rmdir album", "quit"]
        self.command([self.bin / "ftp-client", *options, f"ftp://{USER}@{host}:{port}/"], "\n".join(script) + "\n",
                     FTP_PASSWORD=PASSWORD)

    def packets(self, port):
        """What tshark says of each packet that carries something."""
        fields = [part for field in FIELDS for part in ("-e", field)]
        lines = self.command([self.tshark, "-r", self.file, "-d", f"tcp.port=={port},ftp", "-Y", "tcp.len > 0",
                              "-T", "fields", *fields]).splitlines()
        return [dict(zip(FIELDS, line.split("\t"))) for line in lines]

    def check(self, port, packets):
        requests, replies = [], []
        for packet in packets:
            payload = bytes.fromhex(packet["tcp.payload"])
            line = payload.decode("ascii", "replace").partition("\r\n")[0]
            self.assertTrue(packet["frame.protocols"].endswith(":tcp:ftp"), packet)
            self.assertLessEqual(set(packet["_ws.expert.group"].split(",")), {"", ABOUT_TCP}, packet)
            if int(packet["tcp.srcport"]) == port:
                self.assertEqual(f"{packet['ftp.response.code']} {packet['ftp.response.arg']}",
                                 line[:3] + " " + line[4:], packet)
                self.assert_is_replies(payload)
                replies.append(packet["ftp.response.code"])
            else:
                self.assertEqual(" ".join(filter(None, [packet["ftp.request.command"], packet["ftp.request.arg"]])),
                                 line, packet)
                # Several together are what a server is asked in one go.
                self.assertTrue(payload.endswith(b"\r\n"), packet)
                requests += [line.decode().partition(" ")[0] for line in payload.split(b"\r\n")[:-1]]
        self.assertEqual((replies[0], requests[0], requests[-1], replies[-1]), ("220", "USER", "QUIT", "221"))
        return set(requests)

    def assert_is_replies(self, payload):
        """Whole replies, of one line or of several (RFC 959 4.2); tshark looks at the first line only."""
        text, end = rb"[^\r\n]*", rb"\r\n"
        several_lines = rb"-" + text + end + rb"(?:(?!\1 )" + text + end + rb")*\1 " + text
        self.assertRegex(payload, rb"\A(?:([1-5]\d\d)(?: " + text + rb"|" + several_lines + rb")" + end + rb")+\Z")

    def capture_of(self, host, *options):
        """Captures a session, checks all that was said in it, and returns the verbs."""
        _, port = interop.start_our_server(self, self.served, host.strip("[]"))
        for _ in range(5):
            capture = self.start_capture(port)
            self.session(port, host, *options)
            self.end_capture(capture)
            packets = self.packets(port)
            # On a busy machine a packet overtakes another, even on loopback; tshark does not read such ones.
            if not any(packet["tcp.analysis.flags"] for packet in packets):
                return self.check(port, packets)
        self.fail("no capture without packets that are out of order")

    def test_passive(self):
        self.assertLessEqual({"USER", "PASS", "EPSV", "STOR", "RETR", "REST", "LIST", "RNFR", "RNTO", "DELE", "QUIT"},
                             self.capture_of("127.0.0.1"))

    def test_active(self):
        self.assertTrue({"EPRT", "PORT"} & self.capture_of("127.0.0.1", "--active"))

    def test_over_ipv6(self):
        interop.need_ipv6()
        self.assertIn("EPSV", self.capture_of("[::1]"))


if __name__ == "__main__":
    sys.exit(interop.run([Capture], sys.argv[1:]))
