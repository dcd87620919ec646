"""Certificates for the tests of TLS, made by openssl when a test begins: an authority, and a server that it vouches for."""
import interop

SERVER_NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"


class Authority:
    """The paths of `ca`, and of the server's `certificate`, `key`, and `both` in one file."""

    def __init__(self, test):
        self.openssl = interop.need("openssl")
        folder = test.folder("certificates")
        self.ca, ca_key = folder / "ca.pem", folder / "ca.key"
        self.certificate, self.key = folder / "server.pem", folder / "server.key"
        self.both, request = folder / "both.pem", folder / "request"

        def openssl(*arguments):
            test.command([self.openssl, *arguments])

        new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]
        openssl("req", "-x509", *new_key, "-days", "2", "-subj", "/CN=An authority for tests", "-keyout", ca_key,
                "-out", self.ca)
        openssl("req", *new_key, "-subj", "/CN=localhost", "-addext", SERVER_NAMES, "-keyout", self.key, "-out", request)
        openssl("x509", "-req", "-in", request, "-days", "2", "-CA", self.ca, "-CAkey", ca_key, "-copy_extensions",
                "copy", "-out", self.certificate)
        self.both.write_bytes(self.certificate.read_bytes() + self.key.read_bytes())
        for path in [ca_key, self.key, self.both]:
            path.chmod(0o600)
