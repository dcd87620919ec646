"""The exchange that every client of other people has to manage with ftp-server, each way data can be connected."""
import signal
import urllib.parse

import interop
from interop import BIG, MIB, UMLAUTS


class ForeignClient(interop.FourWays, interop.InteropTest):
    """The exchange that every client has to manage, each way. What a client has no command for stays None."""
    needs = None
    scheme = "ftp"
    put = get = names = resume_get = resume_put = rename = delete = None

    def setUp(self):
        super().setUp()
        self.program = self.needs and interop.need(self.needs)
        self.server = None

    def server_options(self):
        return []

    def connect(self, host="127.0.0.1", active=False):
        self.host, self.active = host, active
        self.server, self.port = interop.start_our_server(self, self.served, host, *self.server_options())

    def exchange(self, host="127.0.0.1", active=False):
        self.connect(host, active)
        if self.put:
            for name in self.samples:
                self.put(name)
            self.check_files(self.served, self.samples)
        else:
            self.write(self.served, self.samples)
        self.assertEqual(sorted(self.names()), sorted(self.samples))
        for name in self.samples:
            self.get(name)
        self.check_files(self.downloads, self.samples)

        # Other bytes before the cut show that only what was missing has come.
        half, rest = b"h" * MIB, self.samples[BIG][MIB:]
        if self.resume_get:
            (self.downloads / BIG).write_bytes(half)
            self.resume_get(BIG)
            self.check_files(self.downloads, {**self.samples, BIG: half + rest})
        if self.resume_put:
            (self.served / BIG).write_bytes(half)
            self.resume_put(BIG)
            self.check_files(self.served, {**self.samples, BIG: half + rest})
        if self.rename:
            self.rename(UMLAUTS, "new name.txt")
            self.assertEqual((self.served / "new name.txt").read_bytes(), self.samples[UMLAUTS])
        if self.delete:
            self.delete(BIG)
            self.assertFalse((self.served / BIG).exists())

    def tearDown(self):
        """Nothing is left running that the server would have to wait for: it ends in order."""
        if self.server:
            self.server.signal(signal.SIGTERM)
            self.assertEqual(self.server.child.wait(20), 0, "exit code of ftp-server")

    def url(self, path="", login=""):
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{login}{host}:{self.port}/{urllib.parse.quote(path)}"
