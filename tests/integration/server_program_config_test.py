#!/usr/bin/env python3
"""Starts ftp-server with configuration files, users and logs, and looks at what comes of them.

usage: server_program_config_test.py FTP_CLIENT FTP_SERVER [TEST...]
"""

import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import unittest

import programs
from configured import ConfigTest
from programs import ClientTest, PATIENCE, USER


def has_ipv6():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


class Checking(ConfigTest):
    def check(self, *lines):
        self.file.write_text("\n".join(lines) + "\n")
        return self.run_server("--config", self.file, "--check-config")

    def test_a_file_that_can_be_used(self):
        done = self.check("# all is well", f'directory = "{self.served}"', 'listen = ["127.0.0.1", "[::1]:2121"]',
                          'greeting = "Room #1"', 'idle-limit = "10m"', "write = true", f'log = "{self.folder}/log"')
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (0, f"{self.file}: everything can be used.\n", ""))
        self.assertFalse((self.folder / "log").exists())

    def test_a_fault_is_named_by_file_line_and_key(self):
        missing = self.folder / "missing"
        self.users.write_text("ann:x\n")
        clear = self.folder / "clear"
        clear.write_text("ann:!:full:\nbob:plain:full:\n")
        for lines, place, sentence in [
                (["port = 21", 'lsten = "::"'], "2: ", "there is no option 'lsten'"),
                (["port = 70000"], "1: port: ", "'70000' is not a port"),
                (["", 'tls = "maybe"'], "2: tls: ", "maybe not in {off,allow,require,auto}"),
                (['tls = "require"'], "1: tls: ", "needs a certificate"),
                (['listen = ["::", "here"]'], "1: listen: ", "'here' is not an IP address"),
                (['idle-limit = "soon"'], "1: idle-limit: ", "'soon' is not a time"),
                (['total-upload-rate = "fast"'], "1: total-upload-rate: ", "'fast' is not a rate"),
                (["write = 3"], "1: write: ", "is true or false"),
                (["port = [1, 2]"], "1: port: ", "takes one value"),
                (["threads = 0"], "1: threads: ", "not in range"),
                (["threads = 100000"], "1: threads: ", "not in range"),
                (['permissions = "all"'], "1: permissions: ", "'all' is not full, read-only or a list such as list,read"),
                (['tls = "auto"', "tls-implicit = 99999"], "2: tls-implicit: ", "'99999' is not a port"),
                (["login-limit = 0"], "1: login-limit: ", "'0' is not a time"),
                (['login-limit = "4294967295d"'], "1: login-limit: ", "'4294967295d' is not a time"),
                (['grace = "36501d"'], "1: grace: ", "'36501d' is not a time"),
                (["", 'idle-limit = "0s"'], "2: idle-limit: ", "'0s' is not a time"),
                (['users = "x"', "write = true"], "2: write: ", "goes without --users"),
                (["port = 1", "port = 2"], "2: ", "port is in line 1 already"),
                (["[tls]"], "1: ", "no tables"),
                (['greeting = "Hello'], "1: ", "does not end"),
                (['greeting = "\\u0000"'], "1: ", "NUL"),
                (['umask = "\\u001b[31m"'], "1: umask: ", "'\\x1b[31m' is not"),
                (["check-config = true"], "1: ", "there is no option 'check-config'"),
                ([f'directory = "{missing}"'], "1: directory: ", f"cannot share '{missing}'"),
                ([f'users = "{missing}"'], "1: users: ", "'ftp-server user add' makes one"),
                (["", f'users = "{self.users}"'], "2: users: ", f"{self.users} line 1"),
                ([f'tls-cert = "{missing}"'], "1: tls-cert: ", str(missing)),
                (['forbid = ["REIN", "MDK"]'], "1: forbid: ", "there is no command 'MDK'"),
                (['forbid = ["SITE CHMODE"]'], "1: forbid: ", "there is no command 'SITE CHMODE'"),
                (['forbid = ["SITE "]'], "1: forbid: ", "there is no command 'SITE '"),
                (['forbid = ["RNTO CHMOD"]'], "1: forbid: ", "there is no command 'RNTO CHMOD'"),
                (['user = "no-such-user"'], "1: user: ", "there is no user 'no-such-user'"),
                (['user = "root:no-such-group"'], "1: user: ", "there is no group 'no-such-group'"),
                (['max-idle-limit = "1m"', 'idle-limit = "2m"'], "1: max-idle-limit: ", "is less than --idle-limit"),
                (["port = 990", 'tls = "auto"', "tls-implicit = 990"], "3: tls-implicit: ", "for sessions in clear"),
                (['root = "x"'], "1: root: ", "for the accounts of --users FILE"),
                (['hide = [".*", "/pub"]'], "1: hide: ", "'/pub' is not a pattern of names"),
                (['hide = "pub/secret"'], "1: hide: ", "holds in all directories, and takes no '/'"),
                (['hide = ""'], "1: hide: ", "is empty"),
                (["max-sessions-per-user = 1"], "1: max-sessions-per-user: ", "for the accounts of --users FILE"),
                (['user-upload-rate = "1k"'], "1: user-upload-rate: ", "for the accounts of --users FILE"),
                ([f'users = "{clear}"'], "1: users: ", f"{clear} line 2: what stands for the password of bob is no hash"),
                ([f'directory = "{missing}\\u001b[31m"'], "1: directory: ", f"cannot share '{missing}\\x1b[31m'"),
                ([f'log = "{missing}/log"'], "1: log: ", f"cannot write the log '{missing}/log'"),
                ([f'xferlog = "{self.served}"'], "1: xferlog: ", "directory"),
                (['tls = "auto"', f'tls-cert = "{missing}/tls.pem"'], "2: tls-cert: ",
                 f"cannot write '{missing}/tls.pem'")]:
            done = self.check(*lines)
            self.assertEqual((done.returncode, done.stdout), (2, ""), lines)
            self.assertEqual(done.stderr[:len(f"ftp-server: {self.file}:{place}")], f"ftp-server: {self.file}:{place}")
            self.assertIn(sentence, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "only root can become another user")
    def test_files_are_those_that_the_user_of_the_server_can_use(self):
        self.folder.chmod(0o755)
        self.add_user()
        for line, fault in [(f'users = "{self.users}"', f"users: cannot read the users file '{self.users}'"),
                            (f'log = "{self.folder}/log"', f"log: cannot write the log '{self.folder}/log'"),
                            (f'tls-cert = "{self.folder}/tls.pem"', f"tls-cert: cannot write '{self.folder}/tls.pem'")]:
            automatic = ['tls = "auto"'] if line.startswith("tls") else []
            done = self.check('user = "nobody"', f'directory = "{self.served}"', line, *automatic)
            self.assertIn(f"{self.file}:3: {fault}: Permission denied", done.stderr)
            self.assertEqual(done.returncode, 2)
        done = self.check('user = "nobody"', f'directory = "{self.served}"')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.file.chmod(0o600)
        done = self.run_server("--config", self.file, "--check-config")
        self.assertIn(f"cannot read '{self.file}': Permission denied. The user who runs this server", done.stderr)

    def test_a_fault_that_shows_at_the_start_is_named_by_its_place_too(self):
        (self.folder / "file").touch()
        for path, sentence in [(self.folder / "missing" / "control", "cannot open the control socket"),
                               (self.folder / "file", "is no socket"), ("x" * 200, "at most")]:
            self.configure(f'control = "{path}"')
            done = self.run_server("--config", self.file)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"ftp-server: {self.file}:3: control: ", done.stderr)
            self.assertIn(sentence, done.stderr)

    def test_a_certificate_that_would_be_made_is_not(self):
        certificate = self.folder / "tls.pem"
        done = self.check('tls = "auto"', f'tls-cert = "{certificate}"', f'directory = "{self.served}"')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse(certificate.exists())

    def test_arguments_are_checked_too(self):
        self.assertEqual(self.run_server("--check-config", self.served).stdout, "everything can be used.\n")
        done = self.run_server("--check-config", self.folder / "missing")
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot share", done.stderr)
        self.assertEqual(self.run_server("--config", self.folder / "missing").returncode, 2)

    def test_arguments_that_are_too_many_or_missing_are_told_with_what_to_type(self):
        for arguments, sentence in [(["pub", "a", "b"], "ftp-server: 'b': is one too many: [PORT] [DIRECTORY] is all"),
                                    (["user"], "ftp-server: user: takes add, passwd, remove or list, as in")]:
            done = self.run_server(*arguments)
            self.assertEqual(done.returncode, 2)
            self.assertIn(sentence, done.stderr)

    @unittest.skipUnless(os.path.isdir("/etc/pam.d"), "no services of PAM")
    def test_a_service_that_pam_does_not_know(self):
        if "--pam " not in self.run_server("help", "accounts").stdout:
            self.skipTest("built without PAM")
        done = self.check('pam = "no-such-service"')
        self.assertIn("1: pam: there is no /etc/pam.d/no-such-service", done.stderr)
        self.assertEqual(done.returncode, 2)
        self.start('pam = "no-such-service"').wait_for("^(Nobody may be able to log in by PAM)")

    def test_an_empty_name_is_a_fault_and_not_an_option_left_out(self):
        names = ["users", "directory", "root", "log", "xferlog", "host", "hide", "tls-cert", "tls-client-ca", "control",
                 "user", "passive-address", "forbid", "listen"]
        if "--pam " in self.run_server("help", "accounts").stdout:
            names.append("pam")
        for name in names:
            for arguments in (["0", self.served], ["--check-config"]):
                done = self.run_server(*arguments, f"--{name}", "")
                self.assertEqual((done.returncode, done.stdout), (2, ""), name)
                self.assertIn(f"ftp-server: --{name}: ", done.stderr)
            done = self.check("", f'{name} = ""')
            self.assertEqual((done.returncode, done.stdout), (2, ""), name)
            self.assertIn(f"ftp-server: {self.file}:2: {name}: ", done.stderr)
        self.assertIn("is empty: it takes FILE, or has to be left out", self.run_server("--users", "").stderr)
        for arguments in (["user", "add", "ann", "--users", ""],
                          ["user", "add", "ann", "--users", self.users, "--root", ""],
                          ["status", "--control", ""]):
            self.assertEqual(self.run_server(*arguments, text="x\n").returncode, 2, arguments)
        self.assertFalse(self.users.exists())
        self.assertEqual(self.run_server("2121", "").returncode, 2)
        self.assertEqual(self.check(f'directory = "{self.served}"', 'greeting = ""').returncode, 0)

    def test_a_byte_order_mark_is_no_part_of_the_file(self):
        self.assertEqual(self.check("\ufeffport = 0", f'directory = "{self.served}"').returncode, 0)

    def test_logs_can_be_standard_output_or_nothing(self):
        for place in ("-", "off"):
            done = self.check(f'directory = "{self.served}"', f'log = "{place}"', f'xferlog = "{place}"')
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_printed_configuration_says_what_it_was_told(self):
        self.configure("write = false", "no-links = false")
        printed = self.run_server("--config", self.file, "--print-config").stdout
        self.assertIn("\nwrite = false\n", printed)
        self.assertIn("\nno-links = false\n", printed)
        done = self.run_server("--print-config", "2121", self.served)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("go into the file as --port and --directory", done.stderr)

    def test_the_printed_configuration_can_be_used(self):
        done = self.run_server("--print-config", "--write", "--greeting", 'Say "friend"', "--hide", ".*", "--hide", "x")
        self.assertIn('\nwrite = true\n', done.stdout)
        self.assertIn('\ngreeting = "Say \\"friend\\""\n', done.stdout)
        self.assertIn('\nhide = [".*", "x"]\n', done.stdout)
        self.assertIn('\n#idle-limit = "TIME"\n', done.stdout)
        self.file.write_text(done.stdout)
        self.assertEqual(self.run_server("--config", self.file, "--check-config").returncode, 0)


class Helping(ConfigTest):
    def topics(self):
        first = self.run_server("--help").stdout
        topics = [line.split()[0] for line in first[first.index("help TOPIC:\n"):].splitlines()[1:]]
        self.assertIn("configuration", topics)
        return topics

    def test_every_page_fits_a_screen(self):
        first = self.run_server("--help").stdout
        for topic in self.topics():
            page = self.run_server("help", topic)
            self.assertEqual(page.returncode, 0)
            self.assertEqual(page.stdout, self.run_server("--help", topic).stdout)
            for lines in (first.splitlines(), page.stdout.splitlines()):
                self.assertLessEqual(len(lines), 40, topic)
                self.assertLessEqual(max(map(len, lines)), 80, topic)

    def test_every_option_is_on_a_page_and_in_the_man_page(self):
        manual = self.run_server("--man").stdout
        self.assertTrue(manual.startswith(".TH FTP\\-SERVER 1"))
        pages = "".join(self.run_server("help", topic).stdout for topic in self.topics())
        options = re.findall(r"^#?([a-z][a-z-]*) = ", self.run_server("--print-config").stdout, re.MULTILINE)
        self.assertGreater(len(options), 40)
        for option in options:
            self.assertRegex(manual, re.escape("\\fB\\-\\-" + option.replace("-", "\\-")) + r"\b(?!\\-)", option)
            self.assertRegex(pages, rf"(?m)^ +--{option}\b(?!-)")

    def test_the_example_of_a_configuration_can_be_used(self):
        page = self.run_server("help", "configuration").stdout
        example = [line.strip() for line in page.splitlines() if re.match(r" +[a-z-]+ = ", line)]
        self.assertGreater(len(example), 5)
        self.add_user()
        text = "\n".join(example)
        for named, there in (("/srv/ftp", self.served), ("/etc/ftp-server/users", self.users),
                             ("/etc/ftp-server/tls.pem", self.folder / "tls.pem")):
            self.assertIn(f'"{named}"', text)
            text = text.replace(named, str(there))
        self.file.write_text(text + "\n")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-subj", "/CN=localhost",
                        "-keyout", self.folder / "key.pem", "-out", self.folder / "certificate.pem"],
                       check=True, capture_output=True)
        (self.folder / "tls.pem").write_text((self.folder / "certificate.pem").read_text() +
                                             (self.folder / "key.pem").read_text())
        done = self.run_server("--config", self.file, "--check-config")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_topic_that_is_not_there(self):
        done = self.run_server("help", "weather")
        self.assertEqual(done.returncode, 2)
        self.assertIn("the topics are configuration", done.stderr)


class Serving(ConfigTest):
    def test_what_the_file_says_is_what_clients_get(self):
        server = self.start('greeting = "Room #1\\nCome in"', 'welcome = "There you are"',
                            'forbid = ["SITE", "REIN"]', 'passive-address = "203.0.113.7"')
        ftp = self.connect(server.port)
        self.assertEqual(ftp.welcome, "220-Room #1\n220 Come in")
        self.assertEqual(ftp.login(), "230 There you are")
        self.assertIn("502", self.refused(ftp.voidcmd, "REIN"))
        self.assertIn("(203,0,113,7,", ftp.sendcmd("PASV"))

    def test_commands_are_forbidden_in_small_letters_too(self):
        (self.served / "a").write_text("x")
        server = self.start('forbid = ["site chmod", "xmkd"]', "write = true")
        ftp = self.connect(server.port)
        ftp.login()
        for command in ["SITE CHMOD 600 a", "MKD d", "XMKD d"]:
            self.assertIn("502", self.refused(ftp.voidcmd, command))
        self.assertNotIn("CHMOD", ftp.sendcmd("SITE HELP"))
        ftp.voidcmd("SITE HELP COPY")

    def test_an_argument_counts_for_more_than_the_file(self):
        self.configure('greeting = "From the file"')
        server = programs.Server.of_arguments(ClientTest.server_program,
                                              ["--config", str(self.file), "--greeting", "From the argument"])
        self.addCleanup(server.stop)
        self.assertEqual(self.connect(server.port).welcome, "220 From the argument")

    @unittest.skipUnless(has_ipv6(), "this machine has no IPv6")
    def test_several_addresses_with_and_without_a_port(self):
        server = self.start('listen = ["127.0.0.1", "127.0.0.1:0", "[::1]"]')
        self.connect(server.port)
        self.connect(server.port, "::1")

    def test_events_go_where_the_options_say(self):
        log, transfers = self.folder / "log", self.folder / "transfers"
        (self.served / "file").write_text("content")
        server = self.start(f'log = "{log}"', 'log-format = "json"', f'xferlog = "{transfers}"')
        ftp = self.connect(server.port)
        ftp.login()
        ftp.retrbinary("RETR file", lambda _: None)
        ftp.quit()
        server.process.terminate()
        self.assertEqual(server.process.wait(PATIENCE), 0)
        events = [json.loads(line) for line in log.read_text().splitlines()]
        self.assertEqual(events[0]["event"], "opened")
        self.assertIn("transfer_ended", [event["event"] for event in events])
        self.assertIn(" /file ", transfers.read_text())

    def test_json_on_standard_output_is_nothing_but_json(self):
        self.configure('log-format = "json"')
        process = subprocess.Popen([ClientTest.server_program, "--config", self.file], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        with process:
            port = next(int(line.split()[-1]) for line in process.stderr if line.startswith("Server listening"))
            self.connect(port).quit()
            process.terminate()
            self.assertIn("opened", [json.loads(line)["event"] for line in process.stdout])


class Renewing(ConfigTest):
    def test_new_sessions_have_the_new_configuration_and_old_ones_go_on(self):
        server = self.start('greeting = "Old"', "write = true")
        old = self.connect(server.port)
        old.login()
        self.reload(server, 'greeting = "New"')
        server.wait_for("(read again)")
        new = self.connect(server.port)
        self.assertEqual(new.welcome, "220 New")
        new.login()
        self.assertIn("550", self.refused(new.mkd, "made"))
        old.mkd("made")

    def test_a_fault_leaves_everything_as_it_was(self):
        self.add_user()
        server = self.start('greeting = "Old"', f'users = "{self.users}"')
        ftp = self.log_in(server)
        missing = self.folder / "missing"
        for lines, sentence in [(['greeting = "New"', "nonsense = 1"], ":4: there is no option 'nonsense'"),
                                (['greeting = "New"', f'users = "{missing}"'], ":4: users: cannot read"),
                                (['greeting = "New"', f'log = "{missing}/log"'], ":4: log: cannot write")]:
            self.reload(server, *lines)
            self.assertIn(f"{self.file}{sentence}", server.wait_for("stays as it was: (.*)"))
            self.assertEqual(self.connect(server.port).welcome, "220 Old")
        self.assertEqual(ftp.nlst(), [])
        self.log_in(server)

    @unittest.skipUnless(os.geteuid() == 0, "only root can become another user")
    def test_a_configuration_that_the_user_of_the_server_cannot_read_is_told(self):
        self.folder.chmod(0o755)
        server = self.start('user = "nobody"')
        self.file.chmod(0o600)
        server.process.send_signal(signal.SIGHUP)
        self.assertIn(f"cannot read '{self.file}': Permission denied. The user who runs this server",
                      server.wait_for("stays as it was: (.*)"))

    @unittest.skipUnless(os.path.isdir("/proc/self/fd"), "nothing says what is open")
    def test_only_directories_in_use_are_open_and_once_each(self):
        roots = [self.folder / name for name in ("ann", "bob", "cid")]
        for root in roots:
            root.mkdir()
            self.add_user(root.name, "--root", root)
        server = self.start(f'users = "{self.users}"', 'hide = [".*"]')

        def open_roots():
            targets = []
            for descriptor in pathlib.Path(f"/proc/{server.process.pid}/fd").iterdir():
                with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                    targets.append(os.readlink(descriptor))
            return [root.name for root in roots for target in targets if target == str(root)]

        self.assertEqual(open_roots(), [])
        before = self.log_in(server, "ann")
        self.log_in(server, "ann")
        self.assertEqual(open_roots(), ["ann"])
        server.process.send_signal(signal.SIGHUP)
        server.wait_for("(read again)")
        after = self.log_in(server, "ann")
        self.log_in(server, "bob")
        self.assertEqual(open_roots(), ["ann", "bob"])
        after.mkd("made")
        self.assertEqual(before.nlst(), ["made"])

    def test_a_directory_that_was_made_again_is_what_new_sessions_see(self):
        self.add_user()
        server = self.start(f'users = "{self.users}"', 'confine = "off"')
        before = self.log_in(server)
        self.served.rename(self.folder / "old")
        self.served.mkdir()
        (self.served / "new").touch()
        self.assertEqual(self.log_in(server).nlst(), ["new"])
        self.assertEqual(before.nlst(), [])
        self.served.rename(self.folder / "gone")
        self.assertIn("421", self.refused(self.log_in, server))
        server.wait_for(f"({USER} cannot log in: cannot share '{self.served}')")

    def test_users_come_and_go(self):
        self.add_user()
        server = self.start(f'users = "{self.users}"')
        self.add_user("bob")
        self.assertIn("530", self.refused(self.log_in, server, "bob"))
        server.process.send_signal(signal.SIGHUP)
        server.wait_for("(read again)")
        self.log_in(server, "bob")

    def test_who_has_no_root_cannot_log_in_and_others_can(self):
        missing = self.folder / "missing"
        self.add_user()
        self.add_user("bob", "--root", str(missing))
        server = self.start(f'users = "{self.users}"')
        self.assertIn(f"cannot share '{missing}'", server.wait_for("bob cannot log in: (.*)"))
        self.log_in(server)
        missing.mkdir()
        self.assertIn("421", self.refused(self.log_in, server, "bob"))
        done = self.run_server("--config", self.file, "--check-config")
        self.assertEqual(done.returncode, 0, done.stderr)
        missing.rmdir()
        done = self.run_server("--config", self.file, "--check-config")
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"cannot share '{missing}', the root of bob", done.stderr)

    def test_sessions_from_before_count_for_the_limit_of_their_user(self):
        self.add_user()
        server = self.start(f'users = "{self.users}"', "max-sessions-per-user = 1")
        first = self.log_in(server)
        server.process.send_signal(signal.SIGHUP)
        server.wait_for("(read again)")
        self.assertIn("421", self.refused(self.log_in, server))
        first.quit()
        self.reload(server, f'users = "{self.users}"', "max-sessions-per-user = 2")
        server.wait_for("(read again)")
        self.log_in(server)
        self.log_in(server)
        self.assertIn("421", self.refused(self.log_in, server))

    def test_listeners_are_added_and_closed(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            taken = other.getsockname()[1]
            server = self.start('listen = ["127.0.0.1"]')
            self.reload(server, f'listen = ["127.0.0.1", "127.0.0.1:{taken}"]')
            self.assertIn(f"listen: cannot listen on 127.0.0.1:{taken}", server.wait_for("stays as it was: (.*)"))
        self.reload(server, f'listen = ["127.0.0.1", "127.0.0.1:{taken}"]')
        server.wait_for("(read again)")
        self.connect(taken)
        first = self.connect(server.port)
        self.reload(server, f'listen = ["127.0.0.1:{taken}"]')
        server.wait_for("(read again)")
        self.connect(taken)
        first.login()
        with self.assertRaises(OSError):
            while True:  # it is closed soon behind the message
                self.connect(server.port).close()

    def test_logs_are_opened_anew_after_they_were_moved(self):
        log = self.folder / "log"
        server = self.start(f'log = "{log}"')
        self.connect(server.port).quit()
        os.rename(log, self.folder / "log.1")
        server.process.send_signal(signal.SIGHUP)
        server.wait_for("(read again)")
        self.connect(server.port).quit()
        server.process.terminate()
        server.process.wait(PATIENCE)
        self.assertIn("#1 127.0.0.1: connected", (self.folder / "log.1").read_text())
        self.assertIn("#2 127.0.0.1: connected", log.read_text())

    def test_logs_are_opened_anew_in_spite_of_a_fault_elsewhere(self):
        log = self.folder / "log"
        server = self.start(f'log = "{log}"')
        os.rename(log, self.folder / "log.1")
        self.reload(server, f'log = "{log}"', "nonsense = 1")
        server.wait_for("(stays as it was)")
        self.connect(server.port).quit()
        server.process.terminate()
        server.process.wait(PATIENCE)
        self.assertIn("#1 127.0.0.1: connected", log.read_text())

    def test_what_counts_later_is_said(self):
        server = self.start()
        self.reload(server, "threads = 2", f'log = "{self.folder}/log"')
        self.assertEqual(server.wait_for(r":3: threads: (.*)"), "what is new about threads counts from the next start on.")
        self.assertEqual(server.wait_for(r":4: log: (.*)"), "what is new about log counts from the next start on.")


if __name__ == "__main__":
    programs.main()
