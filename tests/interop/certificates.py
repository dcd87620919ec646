"""Certificates for the tests of TLS, made by openssl when a test begins: an authority, and servers that it vouches for."""
import interop

LOCAL_NAMES = ["DNS:localhost", "IP:127.0.0.1", "IP:::1"]
NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]


class Authority:
    """The path of its own certificate is `ca`; `certificate`, `key` and, in one file, `both` are of this machine."""

    def __init__(self, test):
        self.test, self.program = test, interop.need("openssl")
        self.folder = test.folder("certificates")
        self.ca, self.ca_key = self.folder / "ca.pem", self.folder / "ca.key"
        self.openssl("req", "-x509", *NEW_KEY, "-days", "2", "-subj", "/CN=An authority for tests", "-keyout",
                     self.ca_key, "-out", self.ca)
        self.vouch_for_this_machine()

    def vouch_for_this_machine(self, *addresses):
        """Also by further addresses, for servers that begin from now on."""
        self.certificate, self.key = self.vouch_for("localhost", [*LOCAL_NAMES, *(f"IP:{each}" for each in addresses)])
        self.both = self.folder / "both.pem"
        self.both.write_bytes(self.certificate.read_bytes() + self.key.read_bytes())
        self.both.chmod(0o600)

    def openssl(self, *arguments):
        self.test.command([self.program, *arguments])

    def vouch_for(self, host, names):
        """The paths of a certificate and its key."""
        certificate, key, request = (self.folder / (host + end) for end in [".pem", ".key", ".request"])
        self.openssl("req", *NEW_KEY, "-subj", f"/CN={host}", "-addext", f"subjectAltName={','.join(names)}", "-keyout",
                     key, "-out", request)
        self.openssl("x509", "-req", "-in", request, "-days", "2", "-CA", self.ca, "-CAkey", self.ca_key,
                     "-copy_extensions", "copy", "-out", certificate)
        key.chmod(0o600)
        return certificate, key
