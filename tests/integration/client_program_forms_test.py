#!/usr/bin/env python3
"""Runs ftp-client with commands on its command line, and with other forms of what it says.

usage: client_program_forms_test.py FTP_CLIENT FTP_SERVER [TEST...]
"""

import json
import shutil
import socket
import subprocess

import programs
from programs import PASSWORD, USER

PICTURE = bytes(range(256)) * 500


class OneCommand(programs.ClientTest):
    def run_form(self, *arguments):
        return self.run_client(arguments, (), PASSWORD)

    def assert_is_silent(self, session):
        self.assertEqual((session.code, session.output, session.errors), (0, [], []))

    def test_get(self):
        (self.remote / "images").mkdir()
        (self.remote / "images" / "a b.jpg").write_bytes(PICTURE)
        url = self.url + "images/a%20b.jpg"
        self.assert_is_silent(self.run_form("get", url))
        self.assert_is_silent(self.run_form("get", url, "other name"))
        (self.local / "part").write_bytes(PICTURE[:1000])
        self.assert_is_silent(self.run_form("get", "-c", url, "part"))
        self.assert_is_silent(self.run_form("get", "-r", self.url + "images", "tree"))
        self.assert_is_silent(self.run_form("get", "-r", self.url + "images/"))
        for name in ("a b.jpg", "other name", "part", "tree/a b.jpg", "images/a b.jpg"):
            self.assertEqual((self.local / name).read_bytes(), PICTURE, name)

    def test_get_to_standard_output_is_nothing_but_the_content(self):
        (self.remote / "f").write_bytes(PICTURE)
        for arguments in (("get", self.url + "f", "-"), ("cat", self.url + "f")):
            done = subprocess.run([self.client, *arguments], capture_output=True, timeout=programs.PATIENCE,
                                  env=self.environment(PASSWORD))
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, PICTURE, b""))

    def test_put_takes_several_files_and_trees_into_a_directory(self):
        (self.remote / "sub").mkdir()
        (self.local / "tree").mkdir()
        for name in ("a", "b", "tree/c"):
            (self.local / name).write_bytes(PICTURE)
        self.assert_is_silent(self.run_form("put", "a", "b", self.url))
        self.assert_is_silent(self.run_form("put", "a", "b", self.url + "sub"))
        for content in (PICTURE, b"changed"): # once more: into the tree that is there, and not into one within it
            (self.local / "tree" / "c").write_bytes(content)
            for arguments in (("tree", self.url), ("tree/", self.url + "sub/"), ("tree", self.url + "other")):
                self.assert_is_silent(self.run_form("put", "-r", *arguments))
            names = sorted(str(path.relative_to(self.remote)) for path in self.remote.rglob("*") if path.is_file())
            self.assertEqual(names, ["a", "b", "other/c", "sub/a", "sub/b", "sub/tree/c", "tree/c"])
            for name in ("other/c", "sub/tree/c", "tree/c"):
                self.assertEqual((self.remote / name).read_bytes(), content, name)
            shutil.rmtree(self.remote / "other")
        self.assertEqual(self.run_form("put", "a", "b", self.url + "none").code, 2)

    def put_input(self, content, *arguments):
        return subprocess.run([self.client, *arguments], capture_output=True, timeout=programs.PATIENCE, input=content,
                              env=self.environment(PASSWORD), cwd=self.local)

    def test_put_and_append_read_standard_input(self):
        for arguments, content in ((("put", "-", self.url + "f"), PICTURE),
                                   (("append", "-", self.url + "f"), PICTURE * 2),
                                   (("put", "-", self.url + "empty"), b""),
                                   (("-c", "put - by-script", self.url), PICTURE)):
            done = self.put_input(content[-len(PICTURE):], *arguments)
            self.assertEqual((done.returncode, done.stderr), (0, b""), arguments)
            name = "by-script" if "-c" in arguments else arguments[2].rsplit("/", 1)[1]
            self.assertEqual((self.remote / name).read_bytes(), content, arguments)
        for arguments, code in ((("put", "-", self.url), 2), (("put", "-c", "-", self.url + "f"), 2),
                                (("put", "-", self.url + "no/such"), 1)):
            done = self.put_input(b"refused", *arguments)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertTrue(done.stderr.startswith(b"ftp-client: "), done.stderr)
        done = self.put_input(b"put - script\n", self.url)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"Standard input is where the commands come from", done.stderr)
        self.assertFalse((self.remote / "script").exists())

    def test_put_and_append(self):
        (self.remote / "sub").mkdir()
        (self.local / "f").write_bytes(PICTURE)
        self.assert_is_silent(self.run_form("put", "f", self.url))
        self.assert_is_silent(self.run_form("put", "f", self.url + "sub/"))
        self.assert_is_silent(self.run_form("put", "f", self.url + "g"))
        self.assert_is_silent(self.run_form("append", "f", self.url + "g"))
        (self.local / "tree").mkdir()
        (self.local / "tree" / "h").write_bytes(PICTURE)
        self.assert_is_silent(self.run_form("put", "-r", "tree", self.url + "sub/"))
        for name, content in (("f", PICTURE), ("sub/f", PICTURE), ("g", PICTURE * 2), ("sub/tree/h", PICTURE)):
            self.assertEqual((self.remote / name).read_bytes(), content, name)

    def test_ls_mkdir_and_rm(self):
        (self.remote / "f").write_bytes(PICTURE)
        session = self.run_form("ls", self.url)
        self.assert_shows(session, "-rw... 128000 ... f")
        self.assert_shows(self.run_form("ls", "-1", self.url), "f")
        for long in ("-l", "-la"):
            self.assert_shows(self.run_form("ls", long, self.url), "-rw... 128 kB ... f")
        self.assert_is_silent(self.run_form("mkdir", "-p", self.url + "a/b"))
        self.assertTrue((self.remote / "a" / "b").is_dir())
        self.assert_is_silent(self.run_form("rm", "-r", self.url + "a"))
        self.assert_is_silent(self.run_form("rm", self.url + "f"))
        self.assertEqual(list(self.remote.iterdir()), [])

    def test_mget_and_mirror(self):
        (self.remote / "sub").mkdir()
        for name in ("a.jpg", "b.jpg", "c.png"):
            (self.remote / "sub" / name).write_bytes(PICTURE)
        self.assert_is_silent(self.run_form("mget", self.url + "sub/*.jpg", "new"))
        self.assertEqual(sorted(path.name for path in (self.local / "new").iterdir()), ["a.jpg", "b.jpg"])
        self.assert_is_silent(self.run_form("mirror", self.url + "sub", "all"))
        self.assert_is_silent(self.run_form("mirror", "-P", "2", "all", self.url + "back"))
        self.assertEqual(len(list((self.remote / "back").iterdir())), 3)
        (self.local / "all" / "c.png").unlink()
        self.assert_shows(self.run_form("mirror", "--dry-run", "--delete", "all", self.url + "back"),
                          "would remove c.png")

    def test_a_failure_is_one_sentence_and_a_cause(self):
        (self.local / "f").write_bytes(b"")
        silent = socket.socket()
        self.addCleanup(silent.close)
        silent.bind(("127.0.0.1", 0)) # and nobody listens
        nobody = f"ftp://127.0.0.1:{silent.getsockname()[1]}/"
        for arguments, code in ((("get", self.url + "none"), 1), (("put", "none", self.url), 6),
                                (("ls", self.url.replace(USER, "bob")), 4), (("ls", nobody), 3),
                                (("--tls=require", "ls", self.url), 5), (("mirror", self.url, self.url), 2),
                                (("get", self.url), 2), (("get", "f"), 2), (("get",), 2),
                                (("get", self.url + "f;type=d"), 2), (("cat", self.url + "f;type=d"), 2),
                                (("ls", self.url, "more"), 2), (("-c", "PWD", "ls", self.url), 2)):
            session = self.run_form(*arguments)
            self.assertEqual((session.code, session.output), (code, []), arguments)
            self.assertTrue(session.errors[0].startswith("ftp-client: "), session.errors)

    def test_what_is_wrong_with_a_url_is_named(self):
        for url, told in (("http://h/f", "it begins with none of ftp://, ftps:// and ftpes://"),
                          ("ftp://h/50%", "a % in it needs two hexadecimal digits behind it"),
                          ("ftp://h/%2", "a % in it needs two hexadecimal digits behind it"),
                          ("ftp://ann:%41pw%x@h/", "a % in it needs two hexadecimal digits behind it"),
                          ("ftp://h:0/f", "its port is no number from 1 to 65535"),
                          ("ftp://[::1]:99999/f", "its port is no number from 1 to 65535"),
                          ("ftp:///f", "its form is ftp://user@host:port/path")):
            session = self.run_form("cat", url)
            self.assertEqual(session.code, 2, url)
            self.assertIn(told, session.errors[0])
            self.assertNotIn("pw", session.errors[0])

    def test_an_address_of_a_link_without_its_interface_is_explained(self):
        session = self.run_form("ls", "ftp://[fe80::1]/")
        self.assertEqual(session.code, 3)
        self.assertIn("[fe80::1%eth0]", session.errors[0])

    def test_a_command_that_is_mistyped_is_not_taken_for_a_host(self):
        for arguments, told in ((("gett", self.url + "f"), "There is no command gett; did you mean get?"),
                                (("frobnicate", self.url + "f"), "There is no command frobnicate; --help shows those there are"),
                                (("mirrror", self.url, "tree"), "There is no command mirrror; did you mean mirror?"),
                                (("find", self.url), "find goes by -c: ftp-client -c 'find ...' URL"),
                                (("mv", self.url + "a", "b"), "mv goes by -c: ftp-client -c 'mv ...' URL"),
                                (("127.0.0.1", "ftp"), "PORT: ftp is no port"),
                                (("127.0.0.1", "0"), "PORT: 0 is no port"),
                                (("127.0.0.1", "65536"), "PORT: 65536 is no port")):
            session = self.run_form(*arguments)
            self.assertEqual((session.code, session.errors[0]), (2, "ftp-client: " + told))

    def test_values_for_active_mode_that_mean_nothing_are_refused(self):
        for option, value, told in (("--active-ports", "2000", "'2000' is not two ports such as 50000-50100"),
                                    ("--active-address", "0.0.0.0", "'0.0.0.0' is not the address of one machine")):
            session = self.run_form(option, value, "ls", self.url)
            self.assertEqual((session.code, session.errors[0]), (2, f"ftp-client: {option}: {told}"))

    def test_an_option_that_there_is_not_is_named_whatever_follows(self):
        for arguments, option in ((("-u", "ann,pw", "127.0.0.1"), "-u"),
                                  (("mirror", "--exclude", "*.o", "--delete", self.url, "tree"), "--exclude")):
            session = self.run_form(*arguments)
            self.assertEqual((session.code, session.errors[0]),
                             (2, f"ftp-client: The following argument was not expected: {option}"))

    def test_an_ipv6_address_may_stand_in_brackets(self):
        with socket.create_server(("127.0.0.1", 0)) as elsewhere:
            port = elsewhere.getsockname()[1]
            self.assertIn(f"::1 port {port}", self.run_form("[::1]", port).errors[0])
        for half in ("[::1", "[127.0.0.1]"):
            self.assertIn("neither user@host:port nor a URL", self.run_form(half, "1").errors[0])

    def test_a_host_may_have_a_user_and_a_port_without_being_a_url(self):
        place = self.url.removeprefix("ftp://").rpartition("@")[2].rstrip("/")
        session = self.run_form("-c", "pwd", f"{programs.USER}@{place}")
        self.assertEqual(session.output[-2:], ['257 "/" is the current directory.', "221 Goodbye."])
        for wrong in (f"{place}/f", f"{programs.USER}:{programs.PASSWORD}@{place}", "host:ftp"):
            self.assertIn("neither user@host:port nor a URL", self.run_form(wrong).errors[0])

    def test_options_may_stand_behind(self):
        (self.remote / "f").write_bytes(PICTURE)
        self.assert_is_silent(self.run_form("get", self.url + "f", "--active", "--timeout", "60"))
        self.assertEqual((self.local / "f").read_bytes(), PICTURE)

    def test_at_a_terminal_it_asks_for_the_password(self):
        (self.remote / "f").write_bytes(PICTURE)
        terminal = self.open_terminal("get", self.url + "f")
        terminal.wait_for("Password: ")
        terminal.type(PASSWORD + "\n")
        terminal.wait_for("f: 128 000 bytes in ")
        self.assertEqual(terminal.end(), 0)
        self.assertNotIn("220", terminal.shown.split("128 000")[0])


class Scripts(programs.ClientTest):
    def test_commands_of_the_command_line(self):
        (self.remote / "a;b").write_bytes(PICTURE)
        session = self.run_client(["-c", 'PWD; get "a;b"\n# nothing', "-c", "NLST", self.url], ["not read"], PASSWORD)
        self.assert_shows(session, "220 ...", "230 ...", "ftp> PWD", '257 "/" ...', 'ftp> get "a;b"', "226 ...",
                          "a;b: 128 000 bytes ...", "ftp> NLST", "a;b", "226 ...", "221 ...")
        self.assert_went_well(session)

    def test_a_file_is_as_standard_input(self):
        (self.local / "script").write_text("# sign of life\nPWD\nDELF f\ny\nPWD\n")
        (self.remote / "f").write_bytes(b"")
        session = self.run_client(["-f", self.local / "script", self.url], ["not read"], PASSWORD)
        self.assert_shows(session, "220 ...", "230 ...", "ftp> PWD", '257 "/" ...', "ftp> DELF f",
                          "Delete f? [y/N] y", "250 ...", "ftp> PWD", '257 "/" ...', "221 ...")
        self.assert_went_well(session)
        self.assertEqual(self.run_client(["-f", "/none", self.url]).code, 2)

    def test_the_first_failure_ends_it_unless_told_otherwise(self):
        session = self.run_client(["-c", "PWD; cd none; PWD", self.url], (), PASSWORD)
        self.assertEqual((session.code, session.output.count("ftp> PWD")), (1, 1))
        session = self.run_client(["--keep-going", "-c", "cd none; get; PWD", self.url], (), PASSWORD)
        self.assertEqual((session.code, session.output.count("ftp> PWD")), (1, 1))
        self.assertEqual(len(session.errors), 2)

    def test_a_person_can_be_asked_by_commands_of_the_command_line(self):
        terminal = self.open_terminal("-c", "PWD", self.url)
        terminal.wait_for("Password: ")
        terminal.type(PASSWORD + "\n")
        terminal.wait_for('257 "/"')
        self.assertEqual(terminal.end(), 0)

    def test_quiet_leaves_what_was_asked_for(self):
        (self.remote / "f").write_bytes(PICTURE)
        session = self.run_client(["-q", self.url], ["NLST", "get f", "mkdir d", "cd d", "PWD"], PASSWORD)
        self.assert_shows(session, "f", '257 "/d" ...')
        self.assert_went_well(session)

    def test_a_server_that_says_nothing_is_given_up(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            session = self.run_client(["--timeout", "1", "ls", f"ftp://127.0.0.1:{silent.getsockname()[1]}"])
        self.assertEqual((session.code, len(session.errors)), (8, 1))


class Protocol(programs.ClientTest):
    def test_verbose_shows_commands_and_replies(self):
        session = self.run_client(["-v", self.url], ["PWD"], PASSWORD)
        for line in ("<--- 220 Service ready.", f"---> USER {USER}", "---> PASS ***", "---> PWD"):
            self.assertIn(line, session.errors)
        self.assertEqual(session.code, 0)

    def test_debug_shows_times_and_transfers_and_no_secret(self):
        (self.remote / "f").write_bytes(PICTURE)
        session = self.run_client(["--debug", "127.0.0.1", self.port],
                                  [f"USER {USER}", f"PASS {PASSWORD}", "ACCT hush", "get f", "get none"])
        text = "\n".join(session.errors)
        self.assertRegex(text, r"(?m)^ +\d+\.\d{6} ---> PASS \*\*\*$")
        session = self.run_client(["--debug", self.url], ["get f", "get none"], PASSWORD)
        text += "\n".join(session.errors)
        self.assertRegex(text, rf"(?m)\*\*\*\* connecting to 127.0.0.1 port {self.port}$")
        self.assertRegex(text, r"(?m)\*\*\*\* transferred 128000 bytes from 0 on in ")
        self.assertRegex(text, r"(?m)\*\*\*\* failed at the step ")
        self.assertNotIn(PASSWORD, text)
        self.assertNotIn("hush", text)


class Json(programs.ClientTest):
    def events(self, *arguments):
        session = self.run_client(["--json", *arguments], (), PASSWORD)
        return session, [json.loads(line) for line in session.output]

    def test_each_event_is_an_object(self):
        (self.remote / "f").write_bytes(PICTURE)
        session, events = self.events("-c", "PWD; ls; NLST; get f; get none; PWD", self.url)
        self.assertEqual([event["event"] for event in events],
                         ["reply", "reply", "command", "answer", "command", "entry", "command", "output", "reply",
                          "command", "begin", "reply", "transfer", "command", "begin", "stop", "error", "reply",
                          "end"])
        entry = next(event for event in events if event["event"] == "entry")
        self.assertEqual((entry["name"], entry["type"], entry["size"]), ("f", "file", 128000))
        transfer = next(event for event in events if event["event"] == "transfer")
        self.assertEqual((transfer["name"], transfer["direction"], transfer["bytes"]), ("f", "download", 128000))
        error = next(event for event in events if event["event"] == "error")
        self.assertEqual((error["cause"], error["exit_code"]), ("refused", 1))
        self.assertTrue(error["text"].startswith("none: 550 "))
        self.assertEqual(events[-1], {"event": "end", "cause": "refused", "exit_code": 1})
        self.assertEqual((session.code, session.errors), (1, []))

    def test_one_command(self):
        (self.remote / "B\udce4r").write_bytes(b"")
        session, events = self.events("ls", self.url)
        entry = next(event for event in events if event["event"] == "entry")
        self.assertEqual((entry["name"], entry["name_bytes"]), ("B\ufffdr", "42e472"))
        self.assertEqual(session.code, 0)

    def test_what_goes_to_a_program_is_not_mixed_with_the_rest(self):
        (self.remote / "f").write_bytes(b"12\n34\n")
        session = self.run_client(["--json", self.url], ["cat f > g", "nlist | cat > h"], PASSWORD)
        self.assertEqual((self.local / "g").read_bytes(), b"12\n34\n")
        self.assertEqual([json.loads(line)["event"] for line in (self.local / "h").read_text().splitlines()],
                         ["output"])
        self.assertEqual(session.code, 0)

    def test_no_password_is_in_it(self):
        session = self.run_client(["--json", "--keep-going", "127.0.0.1", self.port],
                                  ["PASS hush", f"user {USER} hush", f"open ftp://a:hush@127.0.0.1:{self.port}/"])
        self.assertNotIn("hush", "".join(session.output + session.errors))


if __name__ == "__main__":
    programs.main()
