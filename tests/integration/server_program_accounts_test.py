#!/usr/bin/env python3
"""Manages the accounts of ftp-server, and looks at what they may do.

usage: server_program_accounts_test.py FTP_CLIENT FTP_SERVER [TEST...]
"""

import io
import os
import pwd
import re
import signal
import subprocess
import unittest

import programs
from configured import ConfigTest
from programs import ClientTest, PASSWORD, PATIENCE, USER


class Accounts(ConfigTest):
    def test_accounts_are_added_listed_changed_and_removed(self):
        self.add_user("ann")
        self.add_user("bob", "--permissions", "read-only", "--root", "/srv/bob")
        users = ["--users", str(self.users)]
        self.assertEqual(self.run_server("user", "list", *users).stdout.split(),
                         ["ann", "full", "-", "bob", "read-only", "/srv/bob"])
        before = self.users.read_text()
        done = self.run_server("user", "passwd", "bob", *users, text="another one\n")
        self.assertEqual(done.stdout, f"Changed the password of bob in {self.users}\n")
        after = self.users.read_text()
        self.assertNotEqual(before, after)
        self.assertEqual(before.splitlines()[0], after.splitlines()[0])
        self.assertIn(":read-only:/srv/bob", after)
        self.assertEqual(self.run_server("user", "remove", "ann", *users).stdout, f"Removed ann from {self.users}\n")
        self.assertNotIn("ann", self.users.read_text())
        self.assertEqual(self.users.stat().st_mode & 0o777, 0o600)

    def test_an_account_that_is_changed_keeps_what_is_not_given_anew(self):
        self.add_user("bob", "--permissions", "read-only", "--root", "/srv/bob")
        self.add_user("bob", "--root", "/srv/robert")
        self.add_user("bob")
        listed = self.run_server("user", "list", "--users", self.users).stdout
        self.assertEqual(listed.split(), ["bob", "read-only", "/srv/robert"])
        self.add_user("bob", "--permissions", "full")
        listed = self.run_server("user", "list", "--users", self.users).stdout
        self.assertEqual(listed.split(), ["bob", "full", "/srv/robert"])

    def test_accounts_that_are_changed_at_the_same_time_are_all_changed(self):
        self.add_user("old")
        names = [f"user{i}" for i in range(8)]
        tasks = [("add", name) for name in names] + [("passwd", "old"), ("add", "short")]
        commands = [subprocess.Popen([ClientTest.server_program, "user", *task, "--users", self.users], text=True,
                                     stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) for task in tasks]
        for command in commands:
            command.communicate(PASSWORD + "\n", timeout=PATIENCE)
            self.assertEqual(command.returncode, 0)
        listed = self.run_server("user", "list", "--users", self.users).stdout.split()
        self.assertEqual(set(listed[::3]), {"old", "short", *names})
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["served", "users"])

    def test_a_link_to_the_users_file_stays_one(self):
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        self.users.symlink_to("elsewhere/users")
        self.add_user("ann")
        server = self.start(f'users = "{self.users}"')
        self.log_in(server, "ann")
        self.add_user("bob")
        self.assertEqual(os.readlink(self.users), "elsewhere/users")
        self.assertEqual((elsewhere / "users").stat().st_mode & 0o777, 0o600)
        server.process.send_signal(signal.SIGHUP)
        server.wait_for("(read again)")
        self.log_in(server, "bob")

    def test_the_start_says_what_is_shared_with_whom(self):
        self.add_user()
        own = self.folder / "own"
        own.mkdir()
        accounts = [f'users = "{self.users}"', f'root = "{own}"']
        for lines, shares in [
                (accounts[:1], f"{self.served} with the accounts of the users file"),
                (accounts, f"{own} with the accounts of the users file"),
                ([*accounts[:1], 'anonymous = "read"'],
                 f"{self.served} with the accounts of the users file and everybody, read-only"),
                ([*accounts, 'anonymous = "read"'],
                 f"{own} with the accounts of the users file, and {self.served} with everybody, read-only")]:
            with self.subTest(lines=lines):
                self.assertEqual(self.start(*lines).wait_for(r"^Sharing (.*)\. Ctrl"), shares)

    def test_a_users_file_or_a_key_that_clients_can_read_is_told(self):
        users, key = self.served / "users", self.served / "tls.pem"
        self.run_server("user", "add", "ann", "--users", users, text="secret\n")
        lines = [f'users = "{users}"', 'tls = "auto"', f'tls-cert = "{key}"']
        expected = [f"{users} too, which holds the hashes of all passwords.",
                    f"{key} too, which holds the private key of TLS."]
        server = self.start(*lines)
        for each in expected:
            server.wait_for(f"({re.escape(each)})$")
        checked = self.run_server("--config", self.file, "--check-config").stdout
        for each in expected:
            self.assertIn(each, checked)
        (self.folder / "own").mkdir()
        for more in ('hide = ["users", "*.pem"]', f'root = "{self.folder}/own"'):
            self.configure(*lines, more)
            checked = self.run_server("--config", self.file, "--check-config").stdout
            self.assertRegex(checked, "^[^\n]*: everything can be used.\n$")

    @unittest.skipUnless(os.geteuid() == 0, "only root can write for others")
    def test_the_file_stays_its_owners(self):
        self.add_user("ann")
        nobody = pwd.getpwnam("nobody")
        os.chown(self.users, nobody.pw_uid, nobody.pw_gid)
        self.add_user("bob")
        status = self.users.stat()
        self.assertEqual((status.st_uid, status.st_gid, status.st_mode & 0o777),
                         (nobody.pw_uid, nobody.pw_gid, 0o600))

    def test_a_root_in_the_home_directory_is_found_by_a_confined_server_too(self):
        me = pwd.getpwuid(os.geteuid())
        self.add_user(me.pw_name, "--permissions", "read-only", "--root", "{home}")
        server = self.start(f'users = "{self.users}"')
        self.assertEqual(set(self.log_in(server, me.pw_name).nlst("-a")) - {".", ".."}, set(os.listdir(me.pw_dir)))

    def test_accounts_that_are_not_there_are_named(self):
        self.add_user()
        for task in ("passwd", "remove"):
            done = self.run_server("user", task, "eve", "--users", self.users, text="x\n")
            self.assertEqual(done.returncode, 1)
            self.assertIn("there is no account eve", done.stderr)

    def test_a_password_that_no_hash_can_be_made_of_is_told(self):
        for password, sentence in [("x" * 512, "the password is too long: it has 512 bytes, and may have 511"),
                                   ("a\0b", "the password holds a NUL byte"),
                                   ("secret\r", "the password holds a CR byte, which no client can send")]:
            done = self.run_server("user", "add", "ann", "--users", self.users, text=password + "\n")
            self.assertEqual(done.returncode, 1)
            self.assertIn(sentence, done.stderr)
            self.assertFalse(self.users.exists())
        done = self.run_server("user", "add", "ann", "--users", self.users, text="x" * 511 + "\n")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_configuration_names_the_users_file(self):
        self.configure(f'users = "{self.users}"')
        done = self.run_server("--config", self.file, "user", "add", "ann", text="x\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(self.users.exists())
        done = self.run_server("user", "list")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--users: is needed", done.stderr)

    def test_each_account_has_a_root_by_its_name(self):
        self.add_user()
        (self.folder / USER).mkdir()
        (self.folder / USER / "own").write_text("")
        server = self.start(f'users = "{self.users}"', f'root = "{self.folder}/{{user}}"')
        self.assertEqual(self.log_in(server).nlst(), ["own"])

    def test_everybody_may_leave_files_besides_the_accounts(self):
        self.add_user()
        server = self.start(f'users = "{self.users}"', 'anonymous = "upload"')
        guest = self.connect(server.port)
        guest.login()
        guest.storbinary("STOR left", io.BytesIO(b"something"))
        self.assertIn("550", self.refused(guest.nlst))
        self.assertIn("perm=cel;", guest.sendcmd("MLST /"))
        self.assertEqual(self.log_in(server).nlst(), ["left"])

    def test_without_a_word_about_it_nobody_is_anonymous_besides_accounts(self):
        self.add_user()
        server = self.start(f'users = "{self.users}"')
        self.assertIn("530", self.refused(self.connect(server.port).login))

    def test_an_account_has_no_more_sessions_than_allowed(self):
        self.add_user()
        server = self.start(f'users = "{self.users}"', "max-sessions-per-user = 1")
        self.log_in(server)
        self.assertIn("421", self.refused(self.log_in, server))

    def test_a_quota_holds_for_all_that_is_stored(self):
        (self.served / "old").write_bytes(b"x" * 600)
        server = self.start("write = true", 'quota = "1k"')
        ftp = self.connect(server.port)
        ftp.login()
        self.assertIn("552", self.refused(ftp.storbinary, "STOR new", io.BytesIO(b"x" * 600)))
        ftp.storbinary("STOR new", io.BytesIO(b"x" * 300))

    def test_a_directory_has_one_quota_by_whatever_path_accounts_come_to_it(self):
        self.add_user("ann", "--root", f"{self.served}")
        self.add_user("bob", "--root", f"{self.served}/")
        server = self.start(f'users = "{self.users}"', 'quota = "1k"')
        self.log_in(server, "ann").storbinary("STOR hers", io.BytesIO(b"x" * 600))
        bob = self.log_in(server, "bob")
        self.assertIn("552", self.refused(bob.storbinary, "STOR his", io.BytesIO(b"x" * 600)))
        bob.storbinary("STOR his", io.BytesIO(b"x" * 300))

    def test_hidden_names_are_not_there_and_new_files_have_the_umask(self):
        (self.served / ".git").mkdir()
        server = self.start("write = true", 'hide = [".*"]', 'umask = "027"')
        ftp = self.connect(server.port)
        ftp.login()
        ftp.storbinary("STOR new", io.BytesIO(b"x"))
        self.assertEqual(ftp.nlst(), ["new"])
        self.assertIn("550", self.refused(ftp.cwd, ".git"))
        self.assertEqual((self.served / "new").stat().st_mode & 0o777, 0o640)


if __name__ == "__main__":
    programs.main()
