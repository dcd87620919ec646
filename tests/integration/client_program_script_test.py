#!/usr/bin/env python3
"""Runs ftp-client on scripts against ftp-server, and compares its transcripts and exit codes.

usage: client_program_script_test.py FTP_CLIENT FTP_SERVER [TEST...]
"""

import os
import signal
import socket
import subprocess

import programs
from programs import PASSWORD, USER, ScriptedServer

PICTURE = bytes(range(256)) * 500
NO_CONNECTION = "There is no connection; open or CONN makes one."


class Sessions(programs.ClientTest):
    def test_ftps_own_verbs(self):
        (self.remote / "a.jpg").write_bytes(PICTURE)
        (self.local / "b.jpg").write_bytes(PICTURE[::-1])
        session = self.run_client(["127.0.0.1", self.port], [
            "HELP RETR", f"USER {USER}", f"PASS {PASSWORD}", "PASV", "LIST", "RETR a.jpg", "STOR b.jpg", "PWD",
            "MKD images", "CWD images", "PWD", "CDUP", "RMD images", "DELE b.jpg", "NLST", "HELP RETR", "QUIT",
            "HELP QUIT", "QUIT", "PWD"])
        self.assert_shows(
            session, "220 ...", "ftp> HELP RETR", "  RETR, DWLD FILE ... Downloads a file.", "  For example: RETR a.jpg", f"ftp> USER {USER}",
            "331 ...", "ftp> PASS ***", "230 ...", "ftp> PASV", "Passive mode: ...",
            "227 ... (127,0,0,1,...).", "ftp> LIST", "-rw... 128000 ... a.jpg", "226 ...", "ftp> RETR a.jpg",
            "226 ...", "a.jpg: 128 000 bytes in ... s (...B/s)", "ftp> STOR b.jpg", "226 ...",
            "b.jpg: 128 000 bytes in ... s (...B/s)", "ftp> PWD", '257 "/" ...', "ftp> MKD images",
            '257 "/images" ...', "ftp> CWD images", "250 ...", "ftp> PWD", '257 "/images" ...', "ftp> CDUP", "250 ...",
            "ftp> RMD images", "250 ...", "ftp> DELE b.jpg", "250 ...", "ftp> NLST", "a.jpg", "226 ...",
            "ftp> HELP RETR", "  RETR, DWLD FILE ...", "  For example: RETR a.jpg", "ftp> QUIT", "221 ...", "ftp> HELP QUIT",
            "  QUIT ...", "  For example: QUIT", "ftp> QUIT")
        self.assert_went_well(session)
        self.assertEqual((self.local / "a.jpg").read_bytes(), PICTURE)
        self.assertEqual(os.listdir(self.remote), ["a.jpg"])

    def test_help_and_quit_work_before_login_and_without_a_connection(self):
        session = self.run_client(["127.0.0.1", self.port], ["HELP", "QUIT"])
        self.assertEqual(session.output[-1][:4], "221 ")
        self.assert_went_well(session)
        session = self.run_client([], ["HELP", "?", "help get", "QUIT", "PWD"])
        self.assertEqual(session.output[-1], "ftp> QUIT")
        for line in ("Transferring files:", "  RETR, DWLD FILE                Downloads a file.",
                     "  For example: get -c big.iso"):
            self.assertIn(line, session.output)
        self.assert_went_well(session)

    def test_verbs_in_small_letters_and_words_in_capitals(self):
        self.assert_went_well(self.run_client(["127.0.0.1", self.port], [
            f"User {USER}", f"pass {PASSWORD}", "pwd", "Pwd", "cwd /", "CD /", "nlst", "LS", "BYE"]))

    def test_short_words_of_ftp_clients(self):
        (self.remote / "f").write_bytes(b"12\n34\n")
        (self.local / "sub").mkdir()
        session = self.run_logged_in(
            "get f", "get f g", "put g", "put g h", "append g h", "mkdir d", "cd d", "cdup", "rmdir d", "mv g k",
            "rename k l", "rm l", "delete h", "size f", "modtime f", "mdtm f", "nlist", "dir", "ls /", "ascii",
            "get f t", "binary", "lpwd", "lls", "lcd sub", "!echo here > made", "lls", "status", "passive off", "ls",
            "passive on", "passive", "passive", "rhelp RETR", "quote SYST", "literal noop", "SYST", "STAT", "FEAT",
            "MLST f", "MLSD", "TYPE A", "TYPE I", "type ascii", "type binary", "SITE HELP", "close", "lpwd", "quit")
        self.assertEqual([error for error in session.errors if "SITE" not in error], [])
        for name in ("f", "g", "t"):
            self.assertEqual((self.local / name).read_bytes(), b"12\n34\n")
        self.assertEqual((self.local / "sub" / "made").read_text(), "here\n")
        self.assertEqual(os.listdir(self.remote), ["f"])
        self.assertIn("f: 8 bytes", " ".join(session.output), "a line end in ascii is two bytes")
        self.assertIn("213 6", session.output)

    def test_a_dash_goes_back_to_the_directory_before(self):
        (self.remote / "d" / "e").mkdir(parents=True)
        (self.local / "sub").mkdir()
        session = self.run_logged_in("cd d/e", "cd ..", "cd -", "cd -", "pwd", "lcd sub", "lcd -")
        self.assert_shows(session, *["..."] * 11, '257 "/d" ...', *["..."] * 3, str(self.local), "221 ...")
        self.assert_went_well(session)
        session = self.run_in_spite_of_failures("cd -", "lcd -", "CWD -")
        self.assert_complains(session, *["There is no directory before this one."] * 2, "CWD: 550 ...")

    def test_conn_upload_list_download_delete_and_again(self):
        (self.local / "f").write_bytes(PICTURE)
        login = [f"USER {USER}", f"PASS {PASSWORD}"]
        session = self.run_client(["--keep-going"], [
            "CONN", "127.0.0.1", str(self.port), *login, "UPLD f", "LIST", "! rm f", "DWLD f", "DELF f", "n", "DELF f",
            "y", "QUIT", "LIST", "CONN", *login, "UPLD f", "NLST", "QUIT", "QUIT"])
        login_shown = ["220 ...", f"ftp> USER {USER}", "331 ...", "ftp> PASS ***", "230 ..."]
        upload_shown = ["ftp> UPLD f", "226 ...", "f: 128 000 bytes in ... s (...B/s)"]
        self.assert_shows(
            session, "ftp> CONN", "Server: 127.0.0.1", f"Port [21]: {self.port}", *login_shown, *upload_shown,
            "ftp> LIST", "-rw... 128000 ... f", "226 ...", "ftp> ! rm f", "ftp> DWLD f", "226 ...", "f: 128 000 ...",
            "ftp> DELF f", "Delete f? [y/N] n", "Nothing is deleted.", "ftp> DELF f", "Delete f? [y/N] y", "250 ...",
            "ftp> QUIT", "221 ...", "ftp> LIST", "ftp> CONN", *login_shown, *upload_shown, "ftp> NLST", "f", "226 ...",
            "ftp> QUIT", "221 ...", "ftp> QUIT")
        self.assert_complains(session, NO_CONNECTION)
        self.assertEqual((self.local / "f").read_bytes(), PICTURE)

    def test_conn_logs_in_again_as_the_user_before(self):
        login_shown = ["220 ...", "230 ..."]
        session = self.run_logged_in("QUIT", "CONN", "PWD")
        self.assert_shows(session, *login_shown, "ftp> QUIT", "221 ...", "ftp> CONN", *login_shown, "ftp> PWD",
                          '257 "/" ...', "221 ...")
        self.assert_went_well(session)
        session = self.run_client(["127.0.0.1", self.port], [f'user {USER} "{PASSWORD}"', "CONN"])
        self.assert_shows(session, "220 ...", f"ftp> user {USER} ***", "230 ...", "ftp> CONN", *login_shown, "221 ...")
        self.assert_went_well(session)

    def test_open_asks_or_takes_arguments_or_a_url(self):
        for lines in (["open", "127.0.0.1", str(self.port)], [f"open 127.0.0.1 {self.port}"],
                      [f"CONN 127.0.0.1 {self.port}"]):
            session = self.run_client([], [*lines, f"user {USER}", "PWD"], password=PASSWORD)
            self.assertIn('257 "/" is the current directory.', session.output)
            self.assert_went_well(session)
        secret_url = self.url.replace(USER, f"{USER}:open%20sesame")
        session = self.run_client([], [f"open {secret_url}", "PWD"])
        self.assert_shows(session, f"ftp> open ftp://{USER}:***@127.0.0.1:{self.port}/", "220 ...", "230 ...",
                          "ftp> PWD", '257 "/" ...', "221 ...")
        self.assert_went_well(session)

    def test_active_mode(self):
        (self.remote / "f").write_bytes(PICTURE)
        for arguments, lines in ((["--active"], ["RETR f"]), ([], ["PORT", "RETR f"]),
                                 (["--active-address", "127.0.0.1"], ["RETR f"])):
            session = self.run_client([*arguments, self.url], lines, password=PASSWORD)
            self.assert_went_well(session)
            self.assertEqual((self.local / "f").read_bytes(), PICTURE)


class Resuming(programs.ClientTest):
    def test_a_download_goes_on_behind_the_local_bytes(self):
        (self.remote / "f").write_bytes(PICTURE)
        (self.local / "f").write_bytes(PICTURE[:1000])
        session = self.run_logged_in("get -c f", "get -c f", "get -c f new")
        self.assert_shows(session, "220 ...", "230 ...", "ftp> get -c f", "226 ...", "f: 127 000 bytes ...",
                          "ftp> get -c f", "f: nothing to do, the sizes are equal.", "ftp> get -c f new", "226 ...",
                          "f: 128 000 bytes ...", "221 ...")
        self.assert_went_well(session)
        for name in ("f", "new"):
            self.assertEqual((self.local / name).read_bytes(), PICTURE)

    def test_an_upload_goes_on_behind_the_remote_bytes(self):
        (self.remote / "f").write_bytes(PICTURE[:1000])
        (self.local / "f").write_bytes(PICTURE)
        session = self.run_logged_in("put -c f", "put -c f", "put -c f new")
        self.assert_shows(session, "220 ...", "230 ...", "ftp> put -c f", "226 ...", "f: 127 000 bytes ...",
                          "ftp> put -c f", "f: nothing to do, the sizes are equal.", "ftp> put -c f new", "226 ...",
                          "f: 128 000 bytes ...", "221 ...")
        self.assert_went_well(session)
        for name in ("f", "new"):
            self.assertEqual((self.remote / name).read_bytes(), PICTURE)

    def test_what_cannot_be_continued_is_left_as_it_is(self):
        (self.remote / "f").write_bytes(b"12")
        (self.local / "f").write_bytes(b"1")
        (self.remote / "long").write_bytes(b"1234")
        (self.local / "long").write_bytes(b"123456")
        session = self.run_in_spite_of_failures("get -c long", "ascii", "get -c f", "get -c none", "put -c none", "get -c")
        self.assert_complains(session, "long: what is to be continued is larger than the whole.",
                              "Only binary transfers can be continued: type binary before.", "none: 550 ...",
                              "The local file none: No such file or directory", "Usage: get [-c] ...")
        self.assertEqual((self.local / "f").read_bytes(), b"1")
        self.assertEqual((self.local / "long").read_bytes(), b"123456")
        self.assertEqual(session.code, 7)


class Errors(programs.ClientTest):
    def test_each_failure_is_one_sentence_and_the_script_goes_on_if_told_to(self):
        (self.local / "folder").mkdir()
        session = self.run_in_spite_of_failures("get none", "put none", "RETR none", "put folder", "frobnicate x", "cd none",
                                     "get", "PWD x", 'get "a', "lcd none", "lls none", "passive maybe", "HELP none",
                                     "!exit 3", "open 127.0.0.1 0", "open http://h", "PWD")
        self.assert_complains(
            session, "none: 550 ...", "The local file none: No such file or directory.", "none: 550 ...",
            "The local file folder: It is ...", "There is no command frobnicate; HELP shows those there are.",
            "cd: 550 ...", "Usage: get [-c] ...", "Usage: PWD", "The line ends within a quotation.",
            "The local directory none: No such file or directory", "The local directory none: No such file or directory",
            "Usage: passive [on|off]", "There is no command none; HELP shows those there are.",
            "The local command failed.", "0 is not a port from 1 to 65535.",
            "This is no URL of a server: it begins with none of ftp://, ftps:// and ftpes://.")
        self.assertEqual(session.output[-2:], ['257 "/" is the current directory.', "221 Goodbye."])
        self.assertEqual(session.code, 1)

    def test_a_script_stops_at_the_first_failure_with_its_cause(self):
        for line, code in (("get none", 1), ("frobnicate", 2), ("get", 2), ("put none", 6), ("!exit 3", 6)):
            session = self.run_logged_in(line, "PWD")
            self.assert_shows(session, "220 ...", "230 ...", f"ftp> {line}", "221 ...")
            self.assertEqual((session.code, len(session.errors)), (code, 1), line)

    def test_without_a_connection_what_needs_one_says_so(self):
        session = self.run_client(["--keep-going"], ["PWD", "get f", "LIST", "close", f"user {USER}", "lpwd"])
        self.assert_complains(session, *[NO_CONNECTION] * 5)
        self.assertEqual(session.code, 3)

    def test_a_refused_login_leaves_the_connection(self):
        session = self.run_client(["--keep-going", self.url], [f"USER {USER}", f"PASS {PASSWORD}", "PWD"],
                                  password="wrong")
        self.assert_shows(session, "220 ...", f"ftp> USER {USER}", "331 ...", "ftp> PASS ***", "230 ...", "ftp> PWD",
                          '257 "/" ...', "221 ...")
        self.assert_complains(session, f"The login of {USER} failed: 530 ...")
        self.assertEqual(session.code, 4)

    def test_a_server_that_is_not_there(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            port = silent.getsockname()[1]
            session = self.run_client(["--keep-going", "127.0.0.1", port],
                                      ["PWD", "CONN", f"open 127.0.0.1 {self.port}"])
        refused = f"Cannot connect to 127.0.0.1 port {port}: Connection refused"
        self.assert_complains(session, refused, NO_CONNECTION, refused)
        self.assertEqual(session.code, 3)

    def test_a_question_without_an_answer(self):
        self.assert_complains(self.run_client([], ["open"]), "No server is named.")
        (self.remote / "f").write_bytes(b"")
        session = self.run_logged_in("DELF f")
        self.assertEqual(session.output[-2:], ["Nothing is deleted.", "221 Goodbye."])
        self.assertTrue((self.remote / "f").exists())

    def test_a_server_that_leaves(self):
        server = ScriptedServer(b"220 here\r\n", b"257 \"/\" ok\r\n", b"421 gone\r\n")
        self.addCleanup(server.stop)
        session = self.run_client(["--keep-going", "127.0.0.1", server.port], ["SYST", "NOOP", "PWD", "lpwd"])
        self.assert_complains(session, "NOOP: 421 gone", f"Cannot connect to 127.0.0.1 port {server.port}: ...")
        self.assertEqual(session.output[-1], str(self.local))
        self.assertEqual(session.code, 3)

    def test_the_reason_of_a_server_that_left_at_the_prompt_is_told(self):
        server = ScriptedServer(b"220 here\r\n", b"215 UNIX\r\n421 idle for too long\r\n")
        self.addCleanup(server.stop)
        session = self.run_client(["127.0.0.1", server.port], ["SYST", "SYST", "SYST"])
        self.assertEqual(session.output[-1],
                         "The server has closed the connection: 421 idle for too long; connecting again.")
        self.assert_complains(session, f"Cannot connect to 127.0.0.1 port {server.port}: ...")
        self.assertEqual(session.code, 3)


class Names(programs.ClientTest):
    def test_names_with_spaces_quotes_and_umlauts(self):
        for name in ("a b.jpg", 'say "hi"', "back\\slash", "Bär.jpg", " x ", "it's"):
            (self.local / name).write_bytes(PICTURE)
        session = self.run_logged_in(
            "put a\\ b.jpg", 'put "say \\"hi\\""', "STOR back\\slash", "UPLD Bär.jpg", 'STOR " x "', "RETR a b.jpg",
            'RETR "a b.jpg"', 'get "a b.jpg" "c d"', "put it's 'e f'", "MKD new folder", "CWD new folder", "CWD ..", 'cd "new folder"')
        self.assert_went_well(session)
        self.assertEqual(sorted(os.listdir(self.remote)),
                         sorted(["a b.jpg", 'say "hi"', "back\\slash", "Bär.jpg", " x ", "e f", "new folder"]))
        self.assertEqual((self.local / "c d").read_bytes(), PICTURE)

    def test_names_in_no_known_encoding(self):
        (self.remote / "B\udce4r").write_bytes(PICTURE)
        self.assert_went_well(self.run_logged_in("RETR B\udce4r"))
        self.assertEqual((self.local / "B\udce4r").read_bytes(), PICTURE)

    def test_a_remote_path_gives_a_local_name_by_its_last_component_only(self):
        (self.remote / "sub").mkdir()
        (self.remote / "sub" / "f").write_bytes(PICTURE)
        session = self.run_in_spite_of_failures("RETR sub/../sub/f", "RETR ..", "get sub/..", "get /", "get sub/", "STOR sub/..",
                                     "get \"''/..\"")
        self.assertEqual((self.local / "f").read_bytes(), PICTURE)
        self.assert_complains(session, *[f"{path} does not end in the name of a file." for path in
                                         ("..", "sub/..", "/", "sub/", "sub/..", "''/..")])
        self.assertEqual(os.listdir(self.local), ["f"])

    def test_a_peers_control_bytes_are_shown_and_not_sent_to_the_terminal(self):
        server = ScriptedServer(b"220 \x1b[2Jhello\r\n", b"550 \x1b]0;title\x07\r\n", b"221-a\x1b\r\n221 b\r\n")
        self.addCleanup(server.stop)
        session = self.run_client(["127.0.0.1", server.port], ["SYST"])
        self.assert_shows(session, "220 \\x1b[2Jhello", "ftp> SYST", "221 a\\x1b", "b")
        self.assert_complains(session, "SYST: 550 \\x1b]0;title\\x07")
        (self.remote / "a\x1b[2Jb").write_bytes(b"")
        session = self.run_logged_in("LIST", "NLST", "MLSD")
        self.assertEqual([line for line in session.output if "\x1b" in line], [])
        self.assertIn("a\\x1b[2Jb", session.output)


class Starting(programs.ClientTest):
    def test_a_url_with_a_path(self):
        (self.remote / "new images").mkdir()
        session = self.run_client([self.url + "new%20images"], ["PWD"], password=PASSWORD)
        self.assert_shows(session, "220 ...", "230 ...", "250 ...", "ftp> PWD", '257 "/new images" ...', "221 ...")
        self.assert_went_well(session)
        session = self.run_client([self.url + "none"], ["PWD"], password=PASSWORD)
        self.assert_complains(session, "CWD: 550 ...")
        self.assertEqual(session.code, 1)

    def test_a_url_without_a_user_is_anonymous(self):
        server = programs.Server(self.server_program, self.remote)
        self.addCleanup(server.stop)
        session = self.run_client([f"ftp://127.0.0.1:{server.port}"], ["PWD"], password="not for everybody")
        self.assert_shows(session, "220 ...", "230 ...", "ftp> PWD", '257 "/" ...', "221 ...")
        self.assert_went_well(session)

    def test_a_host_alone_is_anonymous_from_the_first_command_that_needs_a_login(self):
        server = programs.Server(self.server_program, self.remote)
        self.addCleanup(server.stop)
        session = self.run_client(["127.0.0.1", server.port], ["SYST", "PWD", "PWD"])
        self.assert_shows(session, "220 ...", "ftp> SYST", "215 ...", "ftp> PWD", "230 ...", '257 "/" ...',
                          "ftp> PWD", '257 "/" ...', "221 ...")
        self.assert_went_well(session)
        session = self.run_client(["127.0.0.1", self.port], ["PWD"])
        self.assert_complains(session, "The login of anonymous failed: 530 ...", "Log in by user NAME.")
        self.assertEqual(session.code, 4)

    def test_a_script_without_a_password_may_log_in_itself(self):
        self.assert_went_well(self.run_client([self.url], [f"USER {USER}", f"PASS {PASSWORD}", "PWD"]))
        for line in f"user {USER}", "PWD":
            session = self.run_client([self.url], [line])
            self.assert_complains(session, f"There is no password for {USER}: ...")
            self.assertEqual(session.code, 4)
        self.assert_went_well(self.run_client(["127.0.0.1", self.port], [f"USER {USER}", "PASS", "PWD"], PASSWORD))

    def test_output_that_cannot_be_written_is_a_failure_and_one_that_nobody_wants_is_none(self):
        (self.remote / "f").write_bytes(PICTURE)
        session = self.run_in_spite_of_failures("cat f > /dev/full", "cat f | true", "cat f | wc -c")
        self.assert_complains(session, "f: No space left on device")
        self.assertEqual((session.code, session.output[-2]), (6, "128000"))

    def test_a_password_in_the_url_works_with_a_warning(self):
        url = self.url.replace(USER, f"{USER}:open%20sesame")
        session = self.run_client([url], ["PWD", "!tr '\\0' ' ' < /proc/$PPID/cmdline; echo"])
        self.assert_complains(session, "A password in the arguments is visible to others; ...")
        self.assert_shows(session, "220 ...", "230 ...", "ftp> PWD", '257 "/" ...', "ftp> !...",
                          f"... ftp://{USER}:*************@127.0.0.1:{self.port}/ ", "221 ...")
        self.assertEqual(session.code, 0)

    def test_the_environments_password_goes_before_the_urls_and_is_not_handed_on(self):
        url = self.url.replace(USER, f"{USER}:wrong")
        session = self.run_client([url], ["!env", "PWD"], password=PASSWORD)
        self.assertEqual(session.code, 0)
        self.assertEqual([line for line in session.output if PASSWORD in line or "FTP_PASSWORD" in line], [])

    def test_passwords_do_not_show_in_transcripts(self):
        session = self.run_client(["--keep-going", "127.0.0.1", self.port], [
            "PASS hush", "pass hush", "  PASS  hush", f"user {USER} hush", f"user {USER} 'hush hush'", 'user "x hush',
            "quote PASS hush", "quote pass hush", 'quote "PASS hush"', "ACCT hush", "open ftp://a:hush@",
            "open ftp://a:hush@%/", 'CONN "ftp://a:hu/hush hush@h"'])
        self.assertEqual([line for line in session.output + session.errors if "hush" in line], [])
        for arguments in (["ftp://a:hush@%/"], ["ftp://a:hush@h", "21"], ["h", "21", "ftp://a:hush@h"],
                          ["--none", "ftp://a:hush@h"]):
            session = self.run_client(arguments)
            self.assertEqual(session.code, 2)
            self.assertEqual([line for line in session.output + session.errors if "hush" in line], [])

    def test_wrong_arguments_are_2_and_questions_0(self):
        for arguments in (["--none"], ["h", "0"], ["h", "65536"], ["h", "x"], ["h", "21", "x"], ["http://h"], ["ftp://"],
                          ["ftp://h:0"], ["ftp://h", "21"], ["--local-dir", "/none"]):
            session = self.run_client(arguments, ["PWD"])
            self.assertEqual((session.code, session.output), (2, []), arguments)
            self.assertNotEqual(session.errors, [])
        for question, answer in (("--help", "Usage:"), ("--version", "ftp-client ")):
            session = self.run_client([question])
            self.assert_went_well(session)
            self.assertIn(answer, "\n".join(session.output))

    def test_empty_lines_comments_and_line_ends_of_other_systems(self):
        session = self.run_client([], ["", "# nothing", "   ", "  # nothing", "passive on\r"])
        self.assert_shows(session, "ftp> passive on", "Passive mode: ...")
        self.assert_went_well(session)

    def test_a_transcript_that_nobody_reads_is_a_failure(self):
        reader, writer = os.pipe()
        os.close(reader)
        with subprocess.Popen([self.client], stdin=subprocess.PIPE, stdout=writer, stderr=subprocess.PIPE,
                              env=programs.plain_environment()) as client:
            os.close(writer)
            _, errors = client.communicate(b"lpwd\n", programs.PATIENCE)
        self.assertEqual((client.returncode, errors), (6, b"ftp-client: nobody takes the output\n"))

    def test_an_interrupt_ends_a_script(self):
        with subprocess.Popen([self.client], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              env=programs.plain_environment()) as client:
            client.stdin.write(b"lpwd\n")
            client.stdin.flush()
            client.stdout.readline()
            client.stdout.readline()
            client.send_signal(signal.SIGINT)
            self.assertEqual(client.wait(programs.PATIENCE), 130)

    def test_nothing_to_do_is_well_done(self):
        self.assert_went_well(self.run_client([]))
        self.assert_shows(self.run_logged_in(), "220 ...", "230 ...", "221 ...")
        self.assert_shows(self.run_logged_in("bye", "PWD"), "220 ...", "230 ...", "ftp> bye", "221 ...")


if __name__ == "__main__":
    programs.main()
