"""Other people's client programs against ftp-server, by TLS."""
import ftplib
import functools
import io
import random
import signal
import ssl
import sys

import ftplib_test
import interop
import server_test
from certificates import Authority
from interop import BIG, EMPTY, MIB, PASSWORD, USER

TLS_1_2, TLS_1_3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


def tls_options(authority, binding, use="require"):
    return [f"--tls={use}", f"--tls-binding={binding}", "--tls-cert", authority.certificate, "--tls-key", authority.key]


class OverTls:
    """The server demands TLS, and of each data connection that it continues the session of its control connection."""
    use = "require"

    @functools.cached_property
    def authority(self):
        return Authority(self)

    def server_options(self):
        return tls_options(self.authority, "require", self.use)

    def test_of_all_sizes(self):
        self.connect()
        content = random.Random(4217).randbytes(MIB)
        sizes = [0, 1, 16384, 100_000, 100 * MIB]
        files = {f"{size} bytes": (content * (size // MIB + 1))[:size] for size in sizes}
        self.write(self.local, files)
        for name in files:
            self.put(name)
            self.get(name)
        for folder in [self.served, self.downloads]:
            for name, file in files.items():
                self.assertTrue((folder / name).read_bytes() == file, name)


class CurlTls(OverTls, server_test.Curl):
    # Version 7.88 begins no TLS on active data connections: it sends uploads in clear, which are refused.
    test_active = test_active_over_ipv6 = test_the_older_commands = None
    @property
    def security(self):
        return ["--ssl-reqd", "--cacert", self.authority.ca, *self.versions]


class CurlTls12(CurlTls):
    versions = ["--tls-max", "1.2"]


class CurlTls13(CurlTls):
    versions = ["--tlsv1.3"]

    def test_each_host_has_its_certificate(self):
        certificate, key = self.authority.vouch_for("other.test", ["DNS:other.test"])
        first = tls_options(self.authority, "require")
        self.server_options = lambda: [*first, "--tls-cert", certificate, "--tls-key", key]
        self.connect()
        self.write(self.served, self.samples)
        self.curl("-o", self.downloads / EMPTY, self.url(EMPTY))
        self.host = "other.test"
        self.curl("--resolve", f"other.test:{self.port}:127.0.0.1", "-o", self.downloads / BIG, self.url(BIG))
        self.check_files(self.downloads, {name: self.samples[name] for name in [EMPTY, BIG]})


class CurlImplicit(CurlTls):
    scheme, versions = "ftps", []

    def server_options(self):
        return [*super().server_options(), "--tls-implicit", "0"]

    def connect(self, host="127.0.0.1", active=False):
        super().connect(host, active)
        self.port = int(self.server.wait_for_line(r"Implicit TLS on port (\d+)").group(1))


class LftpTls(OverTls, server_test.Lftp):
    """With GnuTLS."""
    many = dict(list(server_test.MANY.items())[:100])

    @property
    def security(self):
        return ["ftp:ssl-force yes", "ftp:ssl-protect-data yes", "ssl:verify-certificate yes",
                f"ssl:ca-file {self.authority.ca}", f"ssl:priority NORMAL:-VERS-ALL:+VERS-TLS{self.version}"]


class LftpTls12(LftpTls):
    version = "1.2"


class LftpTls13(LftpTls):
    version = "1.3"


class TnftpBesideTls(server_test.Tnftp):
    """It knows no FTPS, and is served in clear where TLS is offered and not demanded."""
    test_many_files_by_pattern = test_facts_of_a_file = test_site_commands = None

    def server_options(self):
        authority = Authority(self)
        return ["--tls=allow", "--tls-cert", authority.both]


class ProtectedFtp(ftplib.FTP_TLS):
    """As ftplib is: each data connection is a session of its own."""

    def __init__(self, authority, version):
        context = ssl.create_default_context(cafile=authority.ca)
        context.minimum_version = context.maximum_version = version
        super().__init__(timeout=20, context=context)

    def login(self, *arguments):
        answer = super().login(*arguments)
        self.prot_p()
        return answer


class ReusingFtp(ProtectedFtp):
    def ntransfercmd(self, cmd, rest=None):
        data, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        return self.context.wrap_socket(data, server_hostname=self.host, session=self.sock.session), size


class FtplibTls(OverTls, ftplib_test.Ftplib):
    def make_client(self):
        return ReusingFtp(self.authority, self.version)

    def test_the_control_connection_may_go_on_in_clear(self):
        self.use = "allow"
        self.connect()
        self.assertEqual(self.ftp.sock.version(), self.version.name.replace("_", "."))
        self.ftp.ccc()
        self.assertIsNone(self.ftp.sock.version())
        self.assertRegex(self.ftp.voidcmd("NOOP"), "^200 ")


class FtplibTls12(FtplibTls):
    version = TLS_1_2


class FtplibTls13(FtplibTls):
    version = TLS_1_3


class FtplibUnbound(interop.InteropTest):
    def attempt(self, version, binding):
        authority = Authority(self)
        server, port = interop.start_our_server(self, self.served, "127.0.0.1", *tls_options(authority, binding))
        with ProtectedFtp(authority, version) as ftp:
            ftp.connect("127.0.0.1", port)
            ftp.login(USER, PASSWORD)
            answer = ftp.storbinary("STOR file", io.BytesIO(b"content"))
        server.signal(signal.SIGTERM)
        self.assertEqual(server.child.wait(20), 0, "exit code of ftp-server")
        return answer

    def test_it_is_served_where_binding_is_not_required(self):
        self.assertRegex(self.attempt(TLS_1_3, "prefer"), "^226 ")
        self.check_files(self.served, {"file": b"content"})

    def test_it_is_served_where_binding_is_off(self):
        self.assertRegex(self.attempt(TLS_1_2, "off"), "^226 ")
        self.check_files(self.served, {"file": b"content"})

    def refused(self, version):
        with self.assertRaisesRegex(ftplib.error_perm, "^522 "):
            self.attempt(version, "require")
        self.check_files(self.served, {})

    def test_it_is_refused_where_binding_is_required_by_tls_1_2(self):
        self.refused(TLS_1_2)

    def test_it_is_refused_where_binding_is_required_by_tls_1_3(self):
        self.refused(TLS_1_3)


if __name__ == "__main__":
    cases = [CurlTls12, CurlTls13, CurlImplicit, LftpTls12, LftpTls13, TnftpBesideTls, FtplibTls12, FtplibTls13,
             FtplibUnbound]
    sys.exit(interop.run(cases, sys.argv[1:]))
