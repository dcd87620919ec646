#!/usr/bin/env python3
"""Starts ftp-server with options of TLS, and looks at what it shows to whom.

usage: server_program_tls_test.py FTP_CLIENT FTP_SERVER [TEST...]
"""

import contextlib
import ftplib
import hashlib
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile
import unittest

import programs
from programs import ClientTest, PATIENCE

FINGERPRINT = r"SHA-256 fingerprint is ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})$"


def unverified_context():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def fingerprint_of(connection):
    digits = hashlib.sha256(connection.getpeercert(True)).hexdigest().upper()
    return ":".join(digits[i:i + 2] for i in range(0, len(digits), 2))


class ServerTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.certificate, self.key = self.folder / "tls.pem", self.folder / "tls.key"
        self.files = ["--tls-cert", self.certificate, "--tls-key", self.key]

    def start(self, *options):
        served = self.folder / "served"
        served.mkdir(exist_ok=True)
        server = programs.Server(ClientTest.server_program, served, options=list(map(str, options)))
        self.addCleanup(server.stop)
        return server

    def make_files(self):
        """Returns the fingerprint."""
        self.certificate.unlink(missing_ok=True)
        self.key.unlink(missing_ok=True)
        server = self.start("--tls=auto", *self.files)
        fingerprint = server.wait_for(FINGERPRINT)
        server.stop()
        return fingerprint

    def connect(self, server, client=None):
        ftp = client or ftplib.FTP_TLS(context=unverified_context(), timeout=PATIENCE)
        self.addCleanup(ftp.close)
        ftp.connect("127.0.0.1", server.port)
        return ftp

    def log_in(self, server):
        ftp = self.connect(server)
        ftp.login()
        ftp.prot_p()
        return ftp

    def fault(self, code, *options):
        done = subprocess.run([ClientTest.server_program, "0", str(self.folder), *map(str, options)],
                              capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual((done.returncode, done.stdout), (code, ""), options)
        return done.stderr


class CommandLine(ServerTest):
    def test_what_goes_without_what(self):
        for options, sentence in [
                (["--tls=off", "--tls-cert", "x"], "--tls-cert: goes without --tls=off"),
                (["--tls=off", "--tls-implicit", "0"], "--tls-implicit: goes without --tls=off"),
                (["--tls-implicit", "0"], "--tls-implicit: needs --tls-cert FILE, or --tls=auto"),
                (["--tls-binding", "require"], "--tls-binding: needs --tls-cert"),
                (["--tls=allow"], "--tls: needs a certificate"), (["--tls=require"], "--tls=auto makes one"),
                (["--tls=auto", "--tls-cert", "a", "--tls-cert", "b"], "makes one certificate only"),
                (["--tls-key", "x"], "--tls-key: goes with each --tls-cert or with none"),
                (["--tls-cert", "a", "--tls-cert", "b", "--tls-key", "c"], "--tls-key: goes with each --tls-cert"),
                (["--tls=auto", "--tls-client-cert=required"], "--tls-client-cert: needs --tls-client-ca"),
                (["--tls=maybe"], "--tls: maybe not in {off,allow,require,auto}"),
                (["--tls=auto", "--tls-implicit", "70000"], "--tls-implicit")]:
            self.assertIn(sentence, self.fault(2, *options))

    def test_files_that_cannot_be_used_are_named(self):
        self.make_files()
        other_key = self.folder / "other.key"
        other_key.write_bytes(self.key.read_bytes())
        self.make_files()
        no_file, no_pem = self.folder / "none.pem", self.folder / "text.pem"
        no_pem.write_text("no certificate")
        for options, names, remedy in [
                (["--tls-cert", no_file], no_file, "let --tls=auto make them"),
                (["--tls-cert", self.certificate], self.certificate, "the key without a passphrase"),
                (["--tls-cert", no_pem, "--tls-key", self.key], no_pem, "in PEM"),
                (["--tls-cert", self.certificate, "--tls-key", other_key], other_key, "made for this certificate"),
                (["--tls=auto", "--tls-cert", self.certificate, "--tls-key", no_file], no_file, "--tls-key"),
                ([*self.files, "--tls-client-ca", no_file], no_file, "--tls-client-ca"),
                ([*self.files, "--tls-client-ca", no_pem], "", "certificate")]:
            sentence = self.fault(1, *options)
            self.assertIn(str(names), sentence)
            self.assertIn(remedy, sentence)
            self.assertEqual(sentence.count("\n"), 1, sentence)


class Serving(ServerTest):
    def test_how_tls_is_stands_in_the_first_lines(self):
        self.make_files()
        for options, line in [([], "TLS is off"), (self.files, "TLS is offered"),
                              (["--tls=allow", *self.files], "TLS is offered"),
                              (["--tls=require", *self.files], "TLS is required")]:
            self.assertEqual(self.start(*options).wait_for(f"^({line})"), line)

    def test_a_certificate_of_its_own_making_has_the_fingerprint_that_is_told(self):
        server = self.start("--tls=auto")
        fingerprint = server.wait_for(FINGERPRINT)
        ftp = self.log_in(server)
        self.assertEqual(fingerprint_of(ftp.sock), fingerprint)
        self.assertEqual(ftp.nlst(), [])
        ftp.quit()
        server.wait_for("(logged in by TLSv1.3)")

    def test_a_certificate_that_was_made_is_used_again(self):
        for files in (self.files, ["--tls-cert", self.folder / "both.pem"]):
            fingerprint = self.start("--tls=auto", *files).wait_for(FINGERPRINT)
            self.assertEqual(files[-1].stat().st_mode & 0o777, 0o600)
            self.assertEqual(self.start("--tls=auto", *files).wait_for(FINGERPRINT), fingerprint)
            self.assertEqual(fingerprint_of(self.log_in(self.start(*files)).sock), fingerprint)

    def test_a_certificate_that_is_not_kept_is_told(self):
        self.start("--tls=auto").wait_for("^(Each start makes another certificate, .*: --tls-cert FILE keeps it.)$")
        kept = self.start("--tls=auto", "--tls-cert", self.folder / "both.pem")
        kept.wait_for("^(Sharing)")
        self.assertFalse([line for line in kept.lines if "Each start" in line])

    def start_on_machine(self, name):
        """Skips the test where a machine cannot be called something else for one program alone."""
        unshare = ["--user", "--map-root-user", "--uts", "sh", "-c",
                   'echo "$0" > /proc/sys/kernel/hostname && exec "$@"', name]
        with contextlib.suppress(FileNotFoundError):
            if subprocess.run(["unshare", *unshare, "true"], capture_output=True, timeout=PATIENCE).returncode == 0:
                server = programs.Server.of_arguments(
                    "unshare", [*unshare, ClientTest.server_program, "--tls=auto", "--tls-cert", self.certificate, "0",
                                self.folder])
                self.addCleanup(server.stop)
                return server
        self.skipTest("no machine can be called something else")

    def names_in_certificate(self):
        return subprocess.run(["openssl", "x509", "-in", self.certificate, "-noout", "-ext", "subjectAltName"],
                              check=True, capture_output=True, text=True).stdout.split()

    def test_a_certificate_of_its_own_making_holds_what_the_machine_is_called(self):
        self.start_on_machine("room_1")
        self.assertIn("DNS:room_1", self.names_in_certificate())

    def test_a_machine_may_be_called_what_no_certificate_holds(self):
        self.start_on_machine("Room 1")
        self.assertIn("DNS:localhost,", self.names_in_certificate())
        self.assertNotIn("Room", " ".join(self.names_in_certificate()))

    def test_what_is_offered_need_not_be_used(self):
        ftp = self.connect(self.start("--tls=auto"), ftplib.FTP(timeout=PATIENCE))
        ftp.login()
        self.assertEqual(ftp.nlst(), [])

    def test_what_is_required_has_to_be_used(self):
        self.make_files()
        server = self.start("--tls=require", *self.files)
        with self.assertRaises(ftplib.error_perm):
            self.connect(server, ftplib.FTP(timeout=PATIENCE)).login()
        ftp = self.connect(server)
        ftp.login()
        with self.assertRaises(ftplib.error_perm):
            ftp.nlst()
        ftp.prot_p()
        self.assertEqual(ftp.nlst(), [])

    def test_without_tls_there_is_none(self):
        with self.assertRaises(ftplib.error_perm):
            self.connect(self.start()).auth()

    def test_implicit_tls_has_a_port_of_its_own(self):
        server = self.start("--tls=auto", "--tls-implicit", "0")
        port = int(server.wait_for(r"Implicit TLS on port (\d+)"))
        self.assertNotEqual(port, server.port)
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as plain, \
                unverified_context().wrap_socket(plain) as connection:
            self.assertEqual(connection.recv(4), b"220 ")

    def test_a_handshake_that_fails_is_told(self):
        server = self.start("--tls=auto")
        ftp = self.connect(server, ftplib.FTP_TLS(context=ssl.create_default_context(), timeout=PATIENCE))
        with self.assertRaises(ssl.SSLError):
            ftp.auth()
        server.wait_for("(: TLS: )")
        server.wait_for("(dropped: no TLS)")

    def test_clients_may_have_to_show_a_certificate(self):
        self.make_files()
        server = self.start(*self.files, "--tls-client-ca", self.certificate)
        with self.assertRaises((ssl.SSLError, OSError, EOFError)):
            self.log_in(server)
        context = unverified_context()
        context.load_cert_chain(self.certificate, self.key)
        ftp = self.connect(server, ftplib.FTP_TLS(context=context, timeout=PATIENCE))
        ftp.login()
        server.wait_for("(logged in by TLSv1.3, as CN=)")


class Renewing(ServerTest):
    def test_a_hangup_reads_the_certificates_again_and_ends_no_session(self):
        before = self.make_files()
        server = self.start(*self.files)
        old = self.log_in(server)
        self.assertEqual(fingerprint_of(old.sock), before)

        now = self.make_files()
        self.assertNotEqual(now, before)
        server.process.send_signal(signal.SIGHUP)
        self.assertEqual(server.wait_for("read again; .* (\\S+)$"), now)
        self.assertEqual(fingerprint_of(self.log_in(server).sock), now)
        self.assertEqual(old.nlst(), [])

        self.key.write_text("nonsense")
        server.process.send_signal(signal.SIGHUP)
        self.assertIn(str(self.key), server.wait_for("stays as it was: (.*)"))
        self.assertEqual(fingerprint_of(self.log_in(server).sock), now)

    def start_configured(self, *lines):
        configuration = self.folder / "server.toml"

        def configure(*lines):
            configuration.write_text("\n".join(["port = 0", f'directory = "{self.folder}"', *lines]) + "\n")

        def reload(*lines):
            configure(*lines)
            server.process.send_signal(signal.SIGHUP)

        configure(*lines)
        server = programs.Server.of_arguments(ClientTest.server_program, ["--config", str(configuration)])
        self.addCleanup(server.stop)
        return server, reload

    def test_a_hangup_that_fails_leaves_the_certificate_as_it_was(self):
        before = self.make_files()
        tls = [f'tls-cert = "{self.certificate}"', f'tls-key = "{self.key}"']
        server, reload = self.start_configured('listen = "127.0.0.1"', *tls)
        now = self.make_files()
        self.assertNotEqual(now, before)
        with socket.create_server(("127.0.0.1", 0)) as other:
            listen = f'listen = ["127.0.0.1", "127.0.0.1:{other.getsockname()[1]}"]'
            for options in (tls, [*tls, 'tls = "require"']):
                reload(listen, *options)
                self.assertIn("cannot listen on", server.wait_for("stays as it was: (.*)"))
                self.assertEqual(fingerprint_of(self.log_in(server).sock), before)
        reload('listen = "127.0.0.1"', *tls)
        self.assertEqual(server.wait_for("read again; .* (\\S+)$"), now)
        self.assertEqual(fingerprint_of(self.log_in(server).sock), now)

    def test_a_certificate_that_fails_closes_the_listeners_that_were_added(self):
        self.make_files()
        tls = [f'tls-cert = "{self.certificate}"', f'tls-key = "{self.key}"']
        server, reload = self.start_configured('listen = "127.0.0.1"', *tls)
        self.key.write_text("nonsense")
        reload(f'listen = ["127.0.0.1", "127.0.0.2:{server.port}"]', *tls)
        self.assertIn(str(self.key), server.wait_for("stays as it was: (.*)"))
        with self.assertRaises(OSError):
            while True:  # it is closed soon behind the message
                socket.create_connection(("127.0.0.2", server.port), PATIENCE).close()

    def test_a_hangup_begins_tls_with_listeners_of_its_own(self):
        server, reload = self.start_configured('listen = "127.0.0.1"')
        with self.assertRaises(ftplib.error_perm):
            self.connect(server).auth()
        now = self.make_files()
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
        reload('listen = "127.0.0.1"', f'tls-cert = "{self.certificate}"', f'tls-key = "{self.key}"',
               f"tls-implicit = {port}")
        self.assertEqual(server.wait_for("read again; .* (\\S+)$"), now)
        self.assertEqual(fingerprint_of(self.log_in(server).sock), now)
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as plain, \
                unverified_context().wrap_socket(plain) as connection:
            self.assertEqual(fingerprint_of(connection), now)


if __name__ == "__main__":
    programs.main()
