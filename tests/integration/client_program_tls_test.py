#!/usr/bin/env python3
"""Lets ftp-client meet servers with and without TLS, as a script and at a terminal of its own.

usage: client_program_tls_test.py FTP_CLIENT FTP_SERVER [TEST...]
"""

import contextlib
import socket
import threading

import programs
from programs import PASSWORD, USER, ScriptedServer

FINGERPRINT = r"SHA-256 fingerprint is (\S+)$"
NOT_SIGNED = "the certificate is not signed by a trusted authority"


class WayThatTurnsBad:
    """Hands on the first connection to a server; whoever comes later hears that there is no TLS."""

    def __init__(self, port):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.heard = []
        self.threads = [threading.Thread(target=self.serve, args=(port,), daemon=True)]
        self.threads[0].start()

    def serve(self, port):
        self.near, _ = self.listener.accept()
        self.far = socket.create_connection(("127.0.0.1", port))
        for one, other in ((self.near, self.far), (self.far, self.near)):
            self.threads.append(threading.Thread(target=self.hand_on, args=(one, other), daemon=True))
            self.threads[-1].start()
        answers = {b"AUTH": b"500 no\r\n", b"USER": b"331 password\r\n"}
        with contextlib.suppress(OSError): # the listener is closed
            while True:
                connection, _ = self.listener.accept()
                with connection, connection.makefile("rb") as lines:
                    connection.sendall(b"220 here\r\n")
                    for line in lines:
                        self.heard.append(line.split()[0].decode())
                        connection.sendall(answers.get(line.split()[0], b"230 fine\r\n"))

    @staticmethod
    def hand_on(one, other):
        with contextlib.suppress(OSError):
            while data := one.recv(4096):
                other.sendall(data)

    def cut(self):
        for each in (self.near, self.far):
            with contextlib.suppress(OSError): # one side may be gone
                each.shutdown(socket.SHUT_RDWR)

    def stop(self):
        self.cut()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join(programs.PATIENCE)
        self.near.close()
        self.far.close()


class TlsTest(programs.ClientTest):
    def setUp(self):
        super().setUp()
        self.certificate = self.folder / "tls.pem"
        self.secure = self.start("--tls=auto", "--tls-cert", self.certificate, "--tls-implicit", "0")
        self.fingerprint = self.secure.wait_for(FINGERPRINT)
        self.implicit_port = int(self.secure.wait_for(r"Implicit TLS on port (\d+)"))
        self.secure_url = f"ftps://{USER}@127.0.0.1:{self.secure.port}/"

    def start(self, *options):
        server = programs.Server(self.server_program, self.remote, self.users, list(map(str, options)))
        self.addCleanup(server.stop)
        return server

    def run_securely(self, options, *lines, url=None):
        return self.run_client([*options, url or self.secure_url], lines, password=PASSWORD)

    def shows_state(self, session, state):
        self.assertIn(f"TLS 1.3, certificate of localhost ({state})", session.output)
        self.assertIn("230 ", "".join(line[:4] for line in session.output))


class Scripts(TlsTest):
    def test_a_certificate_that_an_authority_vouches_for_is_verified(self):
        (self.remote / "f").write_bytes(b"content")
        session = self.run_securely(["--ca", self.certificate], "get f", "status", "tls")
        self.assert_went_well(session)
        self.shows_state(session, "verified")
        self.assertEqual((self.local / "f").read_bytes(), b"content")
        self.assertIn(f"  SHA-256 fingerprint  {self.fingerprint}", session.output)
        self.assertIn(f"Connected to 127.0.0.1 port {self.secure.port}. "
                      "TLS 1.3, certificate of localhost (verified)", session.output)

    def test_one_that_nobody_vouches_for_is_refused_with_advice(self):
        session = self.run_securely([], "PWD")
        self.assert_complains(session, f"Cannot connect to 127.0.0.1 port {self.secure.port}: {NOT_SIGNED}. The "
                              f"certificate that ... fingerprint {self.fingerprint}. ... --pin-file ... --ca ... "
                              "--insecure ...")
        self.assertEqual(session.code, 5)
        self.assertNotIn("230 ", "".join(session.output))

    def test_a_pin_file_trusts_the_first_and_no_other(self):
        pins = ["--pin-file", self.folder / "pins"]
        session = self.run_securely(pins, "PWD")
        self.assert_went_well(session)
        self.shows_state(session, "pinned")
        self.assertTrue(any("from now on" in line and self.fingerprint in line for line in session.output))
        session = self.run_securely(pins, "PWD")
        self.assert_went_well(session)
        self.shows_state(session, "pinned")
        self.assertFalse(any("from now on" in line for line in session.output))

        text = (self.folder / "pins").read_text()
        wrong = "0" * 64
        (self.folder / "pins").write_text(text.replace(self.fingerprint.replace(":", "").lower(), wrong))
        session = self.run_securely(pins, "PWD")
        self.assertIn("not the one that was shown before", session.errors[0])
        self.assertIn(str(self.folder / "pins"), session.errors[0])
        self.assertEqual(session.code, 5)

    def test_a_pin_may_be_written_as_fingerprints_are_shown(self):
        (self.folder / "pins").write_text(f"127.0.0.1:{self.secure.port} {self.fingerprint}\n")
        session = self.run_securely(["--pin-file", self.folder / "pins"], "PWD")
        self.assert_went_well(session)
        self.shows_state(session, "pinned")

    def test_a_pin_file_with_a_line_that_cannot_be_read_is_refused(self):
        (self.folder / "pins").write_text("# note\nlocalhost:21 12:34\n")
        session = self.run_securely(["--pin-file", self.folder / "pins"], "PWD")
        self.assert_complains(session, f"{self.folder / 'pins'}, line 2: ...")
        self.assertEqual(session.code, 5)

    def test_a_pin_of_another_server_says_nothing(self):
        digits = self.fingerprint.replace(":", "").lower()
        (self.folder / "pins").write_text(f"# {digits}\nlocalhost:{self.secure.port} {digits}\n")
        session = self.run_securely(["--ca", self.certificate, "--pin-file", self.folder / "pins"], "PWD")
        self.assert_went_well(session)
        self.shows_state(session, "verified")

    def start_way(self):
        way = WayThatTurnsBad(self.secure.port)
        self.addCleanup(way.stop)
        return way, ["--tls=try", "--ca", self.certificate, f"ftp://{USER}@127.0.0.1:{way.port}/"]

    def test_tls_that_was_there_is_not_lost_with_the_connection(self):
        way, arguments = self.start_way()
        terminal = self.open_terminal(*arguments, password=PASSWORD)
        terminal.wait_for("ftp> ")
        way.cut()
        terminal.type("pwd\n")
        terminal.wait_for("does not protect names or files by TLS as demanded")
        terminal.type("CONN\n")
        terminal.wait_for("does not protect names or files by TLS as demanded")
        self.assertEqual(set(way.heard), {"AUTH"})

    def test_no_further_session_goes_without_the_tls_of_the_first(self):
        for name in ("a", "b"):
            (self.remote / name).write_bytes(b"content")
        way, arguments = self.start_way()
        session = self.run_client(arguments, ["mget -P 2 *"], PASSWORD)
        self.assert_went_well(session)
        self.assertEqual(len(list(self.local.iterdir())), 2)
        self.assertEqual(set(way.heard), {"AUTH"})

    def test_insecure_trusts_anybody_and_says_so(self):
        session = self.run_securely(["--insecure"], "PWD")
        self.assert_went_well(session)
        self.shows_state(session, "not checked")

    def test_the_name_of_the_host_counts(self):
        server = self.start("--listen", "127.0.0.2", "--tls-cert", self.certificate)
        url = f"ftps://{USER}@127.0.0.2:{server.port}/"
        session = self.run_securely(["--ca", self.certificate], "PWD", url=url)
        self.assertIn("the certificate belongs to another host", session.errors[0])
        self.assertEqual(session.code, 5)

    def test_implicit_tls(self):
        for options, url in [(["--implicit"], f"ftp://{USER}@127.0.0.1:{self.implicit_port}/"),
                             (["--implicit"], f"ftps://{USER}@127.0.0.1:{self.implicit_port}/")]:
            session = self.run_securely([*options, "--ca", self.certificate], "NLST", url=url)
            self.assert_went_well(session)
            self.shows_state(session, "verified")

    def test_opened_by_a_command(self):
        session = self.run_client(["--ca", self.certificate], [f"open {self.secure_url}", "PWD", "CONN", "PWD"],
                                  password=PASSWORD)
        self.assert_went_well(session)
        self.shows_state(session, "verified")

    def test_try_takes_what_there_is(self):
        session = self.run_securely(["--tls=try"], "PWD", "tls", url=self.url)
        self.assert_went_well(session)
        self.assertEqual(session.output.count("No TLS: commands go in clear."), 2)
        session = self.run_securely(["--tls=try", "--ca", self.certificate], "PWD",
                                    url=self.secure_url.replace("ftps", "ftp"))
        self.assert_went_well(session)
        self.shows_state(session, "verified")

    def test_a_server_without_tls_hears_no_name(self):
        server = ScriptedServer(b"220 here\r\n", *[b"502 no\r\n"] * 2)
        self.addCleanup(server.stop)
        session = self.run_securely(["--tls=require"], url=f"ftp://{USER}@127.0.0.1:{server.port}/")
        self.assertEqual(session.code, 5)
        self.assertIn("Cannot connect", session.errors[0])
        self.assertFalse([line for line in server.received if line.startswith((b"USER", b"PASS"))])

    def test_off_is_the_default_of_ftp(self):
        session = self.run_securely([], "PWD", url=self.secure_url.replace("ftps", "ftp"))
        self.assert_went_well(session)
        self.assertFalse([line for line in session.output if "TLS" in line])

    def test_commands_in_clear_again(self):
        (self.remote / "f").write_bytes(b"content")
        session = self.run_securely(["--ca", self.certificate], "CCC", "tls", "get f", "CONN", "tls")
        self.assert_went_well(session)
        self.assertIn("No TLS: commands go in clear.", session.output)
        self.assertEqual((self.local / "f").read_bytes(), b"content")

    def test_a_certificate_of_the_client(self):
        server = self.start("--tls-cert", self.certificate, "--tls-client-ca", self.certificate)
        url = self.secure_url.replace(str(self.secure.port), str(server.port))
        session = self.run_securely(["--ca", self.certificate], "PWD", url=url)
        self.assertEqual(session.code, 5)
        self.assertIn("the peer does not accept this side's certificate. --cert FILE shows one", session.errors[0])
        session = self.run_securely(["--ca", self.certificate, "--cert", self.certificate], "PWD", url=url)
        self.assert_went_well(session)

    def test_contradictions_are_2(self):
        for arguments, sentence in [
                (["--tls=off", "ftps://h"], "--tls: --tls=off goes with ftp:// only: this URL demands TLS."),
                (["--tls=off", "ftpes://h"], "--tls: --tls=off goes with ftp:// only: this URL demands TLS."),
                (["--implicit", "ftpes://h"], "--tls: --implicit goes without ftpes://, which begins TLS by AUTH."),
                (["--implicit", "--tls=try", "h"], "--implicit: goes without --tls=try"),
                (["--insecure", "--ca", self.certificate, "ftps://h"], "--insecure: goes without --ca and ..."),
                (["--key", self.certificate, "ftps://h"], "--key: goes with --cert"),
                (["--ca", self.certificate, "h"], "--ca: needs TLS: ftps://, ftpes:// or --tls=require"),
                (["--insecure", "ftp://h"], "--insecure: needs TLS: ..."),
                (["--ca", "/none", "ftps://h"], "--ca: '/none' cannot be read, or is empty"),
                (["--ca", self.folder, "ftps://h"], f"--ca: '{self.folder}' cannot be read, or is empty"),
                (["--cert", "/none", "ftps://h"], "--cert: .../none...")]:
            session = self.run_client(arguments, ["PWD"])
            self.assertEqual((session.code, session.output), (2, []), arguments)
            self.assertTrue(programs.matches(session.errors[0], "ftp-client: " + sentence), session.errors)
        session = self.run_client(["--tls=off"], ["open ftps://h"])
        self.assert_complains(session, "--tls=off goes with ftp:// only: this URL demands TLS.")
        self.assertEqual(session.code, 2)

    def test_whoever_begins_with_tls_where_the_server_does_not_or_the_other_way_round_gets_a_hint(self):
        session = self.run_client(["--implicit", "ls", self.url])
        self.assert_complains(session, "...: the TLS handshake failed. The server may not begin with TLS at this port: "
                                       "ftpes:// without --implicit asks for it by AUTH.")
        session = self.run_client(["--timeout", "1", "ls", f"ftp://127.0.0.1:{self.implicit_port}/"])
        self.assert_complains(session, "...: the peer took too long. The server may wait for "
                                       "TLS: ftps:// begins with it at port 990, --implicit at any.")


class AtATerminal(TlsTest):
    def meet(self, *options):
        session = self.open_terminal(*options, self.secure_url, password=PASSWORD)
        session.wait_for(f"The certificate of 127.0.0.1 port {self.secure.port} cannot be relied on: {NOT_SIGNED}.")
        for text in ("localhost, 127.0.0.1", "signed by", "itself", "valid", self.fingerprint, "Trust it? "):
            session.wait_for(text)
        return session

    def leave(self, session):
        session.wait_for("ftp> ")
        session.type("quit\n")
        self.assertEqual(session.end(), 0)

    def test_reject(self):
        for answer in ("\n", "reject\n"):
            session = self.meet()
            session.type(answer)
            session.wait_for("ftp-client: Cannot connect to ")
            self.leave(session)
            self.assertNotIn("230 ", session.shown)

    def test_once_is_for_one_connection(self):
        session = self.meet()
        session.type("yes\n")
        session.wait_for("Trust it? ")
        session.type("once\n")
        session.wait_for("TLS 1.3, certificate of localhost (accepted once)")
        session.wait_for("230 ")
        session.wait_for("ftp> ")
        session.type("ls\n")
        self.leave(session)
        session = self.meet()
        session.type("r\n")
        self.leave(session)

    def test_always_is_remembered(self):
        session = self.meet()
        session.type("always\n")
        session.wait_for("(pinned)")
        session.wait_for("230 ")
        self.leave(session)
        self.assertIn(self.fingerprint.replace(":", "").lower(),
                      (self.folder / "config" / "libftp" / "known_certificates").read_text())
        session = self.open_terminal(self.secure_url, password=PASSWORD)
        session.wait_for("(pinned)")
        session.wait_for("230 ")
        self.leave(session)
        self.assertNotIn("Trust it?", session.shown)
        # A script knows what a person has decided.
        self.shows_state(self.run_securely([], "PWD"), "pinned")

    def test_the_end_of_input_rejects(self):
        session = self.meet()
        session.type("\x04")
        session.wait_for("ftp-client: Cannot connect to ")
        self.leave(session)


if __name__ == "__main__":
    programs.main()
