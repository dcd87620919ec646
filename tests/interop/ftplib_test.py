"""Python's ftplib, which is strict about the form of replies, against ftp-server."""
import ftplib
import hashlib
import io
import os
import sys

import interop
from foreign_client import ForeignClient
from interop import BIG, EMPTY, MIB, PASSWORD, UMLAUTS, USER


class Ftplib(ForeignClient):
    def setUp(self):
        super().setUp()
        self.ftp = self.make_client()

    def make_client(self):
        return ftplib.FTP(timeout=20)

    def tearDown(self):
        self.ftp.close()
        super().tearDown()

    def connect(self, host="127.0.0.1", active=False):
        super().connect(host, active)
        self.ftp.connect(host, self.port)
        self.ftp.login(USER, PASSWORD)
        self.ftp.set_pasv(not active)

    def put(self, name):
        with open(self.local / name, "rb") as file:
            self.ftp.storbinary(f"STOR {name}", file)

    def get(self, name):
        with open(self.downloads / name, "wb") as file:
            self.ftp.retrbinary(f"RETR {name}", file.write)

    def names(self):
        return self.ftp.nlst()

    def resume_get(self, name):
        with open(self.downloads / name, "ab") as file:
            self.ftp.retrbinary(f"RETR {name}", file.write, rest=file.tell())

    def resume_put(self, name):
        with open(self.local / name, "rb") as file:
            there = file.seek(self.ftp.size(name))
            self.ftp.storbinary(f"STOR {name}", file, rest=there)

    def rename(self, old, new):
        self.ftp.rename(old, new)

    def delete(self, name):
        self.ftp.delete(name)

    def test_directories(self):
        self.connect()
        self.assertEqual(self.ftp.pwd(), "/")
        self.assertEqual(self.ftp.mkd('a "quoted" name'), '/a "quoted" name')
        self.ftp.cwd('a "quoted" name')
        self.assertEqual(self.ftp.pwd(), '/a "quoted" name')
        self.ftp.mkd("ü")
        self.ftp.cwd("ü")
        self.ftp.cwd("..")
        self.assertEqual(self.ftp.nlst(), ["ü"])
        self.ftp.rmd("ü")
        self.assertEqual(self.ftp.nlst(), [])
        self.ftp.cwd("/")
        self.ftp.rmd('a "quoted" name')
        with self.assertRaisesRegex(ftplib.error_perm, "^550 "):
            self.ftp.cwd('a "quoted" name')

    def test_listings(self):
        self.connect()
        self.write(self.served, {**self.samples, "folder/inside": b"x"})
        facts = dict(self.ftp.mlsd(facts=["type", "size", "modify", "perm"]))
        self.assertEqual(facts["folder"]["type"], "dir")
        for name, content in self.samples.items():
            self.assertEqual((facts[name]["type"], int(facts[name]["size"])), ("file", len(content)))
            self.assertRegex(facts[name]["modify"], r"^20\d{12}")
        self.assertEqual([name for name, _ in self.ftp.mlsd("folder") if name not in (".", "..")], ["inside"])

        lines = []
        self.ftp.dir(lines.append)
        self.assertEqual(len(lines), len(self.samples) + 1)
        for line in lines:
            self.assertRegex(line, r"^[-d][-rwxst]{9} +\d+ \S+ +\S+ +\d+ [A-Z][a-z]{2} +\d+ +[\d:]{4,5} \S")
        self.assertEqual([os.path.basename(name) for name in self.ftp.nlst("folder")], ["inside"])

    def test_facts_of_one_file(self):
        self.connect()
        self.write(self.served, self.samples)
        os.utime(self.served / EMPTY, (1_000_000_000, 1_000_000_000))
        self.ftp.voidcmd("TYPE I")
        self.assertEqual(self.ftp.size(BIG), len(self.samples[BIG]))
        self.assertEqual(self.ftp.voidcmd(f"MDTM {EMPTY}"), "213 20010909014640")
        self.assertIn("type=file;", self.ftp.sendcmd(f"MLST {UMLAUTS}").lower())

    def test_chosen_facts(self):
        self.connect()
        self.write(self.served, self.samples)
        (self.served / BIG).chmod(0o640)
        for chosen in [["type"], ["size", "unix.mode"], ["type", "modify", "unique"]]:
            facts = dict(self.ftp.mlsd(facts=chosen))
            self.assertEqual(sorted(name.lower() for name in facts[BIG]), sorted(chosen))
        self.assertEqual(int(dict(self.ftp.mlsd(facts=["unix.mode"]))[BIG]["unix.mode"], 8) & 0o777, 0o640)

    def test_changes_of_facts(self):
        self.connect()
        self.write(self.served, self.samples)
        self.assertRegex(self.ftp.sendcmd(f"SITE CHMOD 600 {UMLAUTS}"), "^2")
        self.assertEqual((self.served / UMLAUTS).stat().st_mode & 0o7777, 0o600)
        self.assertRegex(self.ftp.sendcmd(f"MFMT 20010909014640 {UMLAUTS}"), "^213 .*20010909014640;.*Gr")
        self.assertEqual((self.served / UMLAUTS).stat().st_mtime, 1_000_000_000)
        self.assertEqual(self.ftp.voidcmd(f"MDTM {UMLAUTS}"), "213 20010909014640")

    def test_digests(self):
        self.connect()
        self.write(self.served, self.samples)
        algorithms = {"SHA-256": hashlib.sha256, "SHA-1": hashlib.sha1, "SHA-512": hashlib.sha512, "MD5": hashlib.md5}
        for name, algorithm in algorithms.items():
            self.assertRegex(self.ftp.sendcmd(f"OPTS HASH {name}"), f"^200 {name}")
            wanted = algorithm(self.samples[BIG]).hexdigest()
            self.assertRegex(self.ftp.sendcmd(f"HASH {BIG}").lower(), f"^213 {name.lower()} .*{wanted} .*{BIG}$")
        self.assertIn(hashlib.sha1(self.samples[UMLAUTS]).hexdigest(), self.ftp.sendcmd(f"XSHA1 {UMLAUTS}").lower())

    def test_questions_to_the_server(self):
        self.connect()
        self.assertRegex(self.ftp.voidcmd("NOOP"), "^200 ")
        self.assertRegex(self.ftp.sendcmd("SYST"), "^215 UNIX")
        for command, code in [("FEAT", "211"), ("HELP", "214"), ("STAT", "211"), ("HELP RETR", "214")]:
            self.assertRegex(self.ftp.sendcmd(command), f"^{code}[ -]", command)
        self.assertRegex(self.ftp.quit(), "^221 ")

    def test_text_is_converted_to_lines(self):
        self.connect()
        self.ftp.storlines("STOR text", io.BytesIO(b"one\ntwo\r\n\nlast"))
        self.assertEqual((self.served / "text").read_bytes(), b"one\ntwo\n\nlast\n")
        lines = []
        self.ftp.retrlines("RETR text", lines.append)
        self.assertEqual(lines, ["one", "two", "", "last"])

    def test_append(self):
        self.connect()
        self.write(self.served, {"log": b"first "})
        self.ftp.storbinary("APPE log", io.BytesIO(b"second"))
        self.check_files(self.served, {"log": b"first second"})

    def test_names_that_the_server_chooses(self):
        self.connect()
        for content in [b"one", b"two", b"three"]:
            self.assertRegex(self.ftp.storbinary("STOU", io.BytesIO(content)), "^2(26|50) ")
        names = self.ftp.nlst()
        self.assertEqual(len(names), 3)
        self.assertEqual({(self.served / name).read_bytes() for name in names}, {b"one", b"two", b"three"})

    def test_abort_sent_as_urgent_data(self):
        """ftplib marks the end of the ABOR line as urgent, and wants two replies when a transfer was running."""
        self.connect()
        with open(self.served / "endless", "wb") as file:
            file.truncate(1024 * MIB)
        for _ in range(3):
            data = self.ftp.transfercmd("RETR endless")
            self.assertTrue(data.recv(1000))
            self.assertRegex(self.ftp.abort(), "^426 ")
            self.assertRegex(self.ftp.getresp(), "^226 ")
            data.close()
        self.assertRegex(self.ftp.voidcmd("NOOP"), "^200 ")

    def test_abort_of_an_upload_leaves_no_file(self):
        self.connect()
        data = self.ftp.transfercmd("STOR unfinished")
        data.sendall(b"a part of it")
        self.assertRegex(self.ftp.abort(), "^426 ")
        self.assertRegex(self.ftp.getresp(), "^226 ")
        data.close()
        self.check_files(self.served, {})

    def test_abort_without_a_transfer(self):
        self.connect()
        self.assertRegex(self.ftp.abort(), "^22[56] ")
        self.assertRegex(self.ftp.voidcmd("NOOP"), "^200 ")


if __name__ == "__main__":
    sys.exit(interop.run([Ftplib], sys.argv[1:]))
