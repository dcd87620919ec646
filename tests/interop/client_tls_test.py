"""ftp-client against other people's servers that demand TLS."""
import sys

import client_test
import foreign_servers
import interop
from certificates import Authority


class ClientOverTls(client_test.ClientProgram):
    def setUp(self):
        super().setUp()
        self.authority = Authority(self)
        self.security = ["--tls=require", "--ca", self.authority.ca]

    def refuse(self, sentence):
        """The client says so, and that is all that it does."""
        done = self.attempt("pwd")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(sentence, done.stderr)
        self.assertNotIn("257 ", done.stdout)

    def test_only_who_is_trusted_hears_the_password(self):
        self.connect()
        self.security = ["--tls=require"]
        self.refuse("SHA-256 fingerprint")
        self.security = ["--tls=require", "--pin-file", self.scratch / "pins"]
        for state in ["from now on", "(pinned)"]:
            self.assertIn(state, self.client("pwd", "tls"))
        self.security = ["--tls=require", "--insecure"]
        self.assertIn("(not checked)", self.client("pwd"))
        self.security = ["--tls=require", "--ca", self.authority.ca]
        self.assertIn("(verified)", self.client("pwd"))

    def test_a_server_that_demands_tls_gets_no_name_in_clear(self):
        self.connect()
        self.security = []
        self.assertNotEqual(self.attempt("pwd").returncode, 0)


class VsftpdTls(ClientOverTls, foreign_servers.Vsftpd):
    pass


class ProftpdTls(ClientOverTls, foreign_servers.Proftpd):
    pass


class PureFtpdTls(ClientOverTls, foreign_servers.PureFtpd):
    pass


class PyftpdlibTls(ClientOverTls, foreign_servers.Pyftpdlib):
    pass


if __name__ == "__main__":
    sys.exit(interop.run([VsftpdTls, ProftpdTls, PureFtpdTls, PyftpdlibTls], sys.argv[1:]))
