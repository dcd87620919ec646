#!/usr/bin/env python3
"""Types at ftp-client's prompt, on a terminal of its own.

usage: client_program_terminal_test.py FTP_CLIENT FTP_SERVER [TEST...]
"""

import signal
import socket

import programs
from programs import PASSWORD, USER


class AtATerminal(programs.ClientTest):
    def log_in(self, session):
        session.wait_for("ftp> ")
        session.type(f"user {USER}\n")
        session.wait_for("Password: ")
        self.assertFalse(session.echoes())
        session.type(f"{PASSWORD}\n")
        session.wait_for("230 ")
        session.wait_for("ftp> ")

    def leave(self, session):
        session.type("quit\n")
        self.assertEqual(session.end(), 0)
        self.assertTrue(session.echoes())
        self.assertNotIn(PASSWORD, session.shown)

    def test_name_and_password_are_asked_for_and_the_password_is_not_seen(self):
        session = self.open_terminal("127.0.0.1", self.port)
        self.log_in(session)
        session.type("PWD\n")
        session.wait_for('257 "/"')
        session.wait_for("ftp> ")
        self.leave(session)

    def test_a_wrong_password_keeps_the_prompt(self):
        session = self.open_terminal(self.url)
        session.wait_for("Password: ")
        session.type("wrong\n")
        session.wait_for(f"ftp-client: The login of {USER} failed: 530 ")
        session.wait_for("ftp> ")
        session.type(f"user {USER}\n")
        session.wait_for("Password: ")
        session.type(f"{PASSWORD}\n")
        session.wait_for("230 ")
        session.wait_for("ftp> ")
        self.leave(session)

    def test_a_known_password_is_not_asked_for(self):
        session = self.open_terminal(self.url, password=PASSWORD)
        session.wait_for("230 ")
        session.wait_for("ftp> ")
        self.assertNotIn("Password:", session.shown)
        self.leave(session)

    def test_without_a_user_the_first_command_that_needs_a_login_is_anonymous(self):
        server = programs.Server(self.server_program, self.remote)
        self.addCleanup(server.stop)
        session = self.open_terminal("127.0.0.1", server.port)
        session.wait_for("ftp> ")
        self.assertNotIn("230 ", session.shown)
        session.type("ls\n")
        session.wait_for("230 ")
        session.wait_for("anonymous@127.0.0.1:/ ftp> ")
        self.leave(session)

    def test_pass_without_a_password_asks_for_it(self):
        session = self.open_terminal("127.0.0.1", self.port)
        session.wait_for("ftp> ")
        session.type(f"USER {USER}\n")
        session.wait_for("ftp> ")
        session.type("PASS\n")
        session.wait_for("Password: ")
        session.type(f"{PASSWORD}\n")
        session.wait_for("230 ")
        session.wait_for("ftp> ")
        self.leave(session)

    def test_conn_upload_delete_quit_and_again(self):
        (self.local / "f").write_bytes(b"content")
        session = self.open_terminal()
        session.wait_for("ftp> ")
        session.type("CONN\n")
        session.wait_for("Server: ")
        session.type("127.0.0.1\n")
        session.wait_for("Port [21]: ")
        session.type(f"{self.port}\n")
        self.log_in(session)
        session.type("UPLD f\n")
        session.wait_for("f: 7 bytes in ")
        session.wait_for("ftp> ")
        session.type("QUIT\n")
        session.wait_for("221 ")
        session.wait_for("ftp> ")
        session.type("CONN\n")
        session.wait_for("230 ")
        session.wait_for("ftp> ")
        session.type("DELF f\n")
        session.wait_for("Delete f? [y/N] ")
        session.type("y\n")
        session.wait_for("250 ")
        session.wait_for("ftp> ")
        session.type("QUIT\n")
        session.wait_for("221 ")
        session.wait_for("ftp> ")
        session.type("QUIT\n")
        self.assertEqual(session.end(), 0)
        self.assertEqual(list(self.remote.iterdir()), [])

    def test_failures_keep_the_prompt_and_are_no_exit_code(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            session = self.open_terminal("127.0.0.1", silent.getsockname()[1])
            session.wait_for("ftp-client: Cannot connect ")
        session.wait_for("ftp> ")
        session.type("PWD\n")
        session.wait_for("ftp-client: There is no connection")
        session.wait_for("ftp> ")
        self.leave(session)

    def test_the_end_of_input_leaves_as_quit_does(self):
        session = self.open_terminal(self.url, password=PASSWORD)
        session.wait_for("ftp> ")
        session.type("\x04")
        session.wait_for("221 ")
        self.assertEqual(session.end(), 0)

    def test_an_interrupt_at_a_password_gives_up_the_login_only(self):
        session = self.open_terminal(self.url)
        session.wait_for("Password: ")
        self.assertFalse(session.echoes())
        session.type("\x03")
        session.wait_for(f"ftp-client: There is no password for {USER}")
        session.wait_for("ftp> ")
        self.leave(session)

    def test_an_interrupt_at_the_prompt_drops_the_line(self):
        session = self.open_terminal()
        session.wait_for("ftp> ")
        session.type("frobnicate")
        session.wait_for("frobnicate")
        session.type("\x03")
        session.wait_for("ftp> ")
        session.type("lpwd\n")
        session.wait_for(str(self.local))
        self.assertNotIn("There is no command", session.shown)
        self.leave(session)

    def test_an_interrupt_during_a_transfer_leaves_the_session_usable(self):
        with open(self.remote / "big", "wb") as file:
            file.truncate(1 << 40)
        session = self.open_terminal(self.url, password=PASSWORD)
        session.wait_for("ftp> ")
        session.type("get big\n")
        session.wait_for("big ")
        session.wait_for("%")
        session.type("\x03")
        session.wait_for("ftp-client: big: ")
        session.wait_for("ftp> ")
        session.type("PWD\n")
        session.wait_for('257 "/"')
        session.wait_for("ftp> ")
        self.leave(session)
        self.assertEqual(list(self.local.iterdir()), [])

    def test_a_directory_whose_name_is_no_utf_8_is_shown_nevertheless(self):
        server = programs.ScriptedServer(b"220 here\r\n", b"331 yes?\r\n", b"230 welcome\r\n", b"502 no\r\n",
                                         b'257 "/gr\xfcn\x1b]0;x\x07"\r\n', b"221 bye\r\n")
        self.addCleanup(server.stop)
        session = self.open_terminal(f"ftp://{USER}@127.0.0.1:{server.port}/", password=PASSWORD)
        session.wait_for(":/gr?n\\x1b]0;x\\x07 ftp> ")
        self.leave(session)

    def test_a_killed_session_leaves_the_terminal_as_it_was(self):
        session = self.open_terminal()
        session.wait_for("ftp> ")
        session.process.terminate()
        self.assertEqual(session.end(), 128 + signal.SIGTERM)
        self.assertTrue(session.echoes())


class AtThePrompt(programs.ClientTest):
    def setUp(self):
        super().setUp()
        for name in ("a.jpg", "b c.txt", "Bär.jpg"):
            (self.remote / name).write_bytes(b"content")
        (self.remote / "images").mkdir()
        (self.remote / "images" / "one.jpg").write_bytes(b"1")
        (self.remote / "images" / "two.jpg").write_bytes(b"22")
        self.session = self.open_terminal(self.url, password=PASSWORD)
        self.session.wait_for(":/ ftp> ")

    def says(self, keys, *texts):
        """Types, and waits for what is to show."""
        self.session.type(keys)
        for text in texts:
            self.session.wait_for(text)

    def test_the_prompt_tells_where_one_is(self):
        self.says("cd images\n", "250 ", f"{USER}@127.0.0.1:/images ftp> ")
        self.says("cdup\n", "250 ", f"{USER}@127.0.0.1:/ ftp> ")
        self.says("close\n", "221 ", "\nftp> ")

    def test_tab_completes_commands(self):
        self.says("stat\t", "us ")
        self.says("\n", "Connected to 127.0.0.1", "ftp> ")

    def test_tab_completes_remote_names_and_quotes_them(self):
        self.says("size b\t", "\\ c.txt ")
        self.says("\n", "213 7", "ftp> ")
        self.says("size B\t", "är.jpg ")
        self.says("\n", "213 7", "ftp> ")
        self.says("get im\t", "ages/")
        self.says("o\t", "ne.jpg ")
        self.says("\n", "226 ", "1 byte in ", "ftp> ")
        self.assertEqual((self.local / "one.jpg").read_bytes(), b"1")

    def test_tab_makes_no_program_of_a_name(self):
        (self.remote / "x | touch made #").mkdir()
        (self.remote / "y z").mkdir()
        self.says("dir y\t", "z/")
        self.says("\n", "ftp> ")
        self.says("dir x\t\n", "550 ", "ftp> ")
        self.says("size x\t", "|\\ touch\\ made\\ #/")
        self.says("\n", "550 ", "ftp> ")
        self.assertEqual(list(self.local.iterdir()), [])

    def test_tab_shows_what_there_is_to_choose(self):
        self.says("get images/\t", "one.jpg  two.jpg", "get images/")
        self.says("\x03", "ftp> ")

    def test_tab_sees_what_has_changed(self):
        self.says("size a\t", ".jpg ")
        self.says("\x03", "ftp> ")
        self.says("mv a.jpg another\n", "250 ", "ftp> ")
        self.says("size a\t", "nother ")
        self.says("\n", "213 7", "ftp> ")

    def test_tab_completes_local_names(self):
        (self.local / "up.txt").write_bytes(b"123")
        self.says("put u\t", "p.txt ")
        self.says("\n", "226 ", "ftp> ")
        self.assertEqual((self.remote / "up.txt").read_bytes(), b"123")

    def test_lines_are_edited_and_come_back(self):
        self.says("size a.jpX\x08g\n", "213 7", "ftp> ")
        self.says("\x10\n", "213 7", "ftp> ")  # Ctrl+P
        self.says("size a.jp\x01\x05g\n", "213 7", "ftp> ")  # to the line's beginning and its end

    def test_lines_come_back_in_the_next_session_but_no_passwords(self):
        self.says("user ann hush\n", "530 ", "ftp> ")
        self.says("open ftp://a:hush@127.0.0.1:1/\n", "Cannot connect", "ftp> ")
        self.says("!true # last\n", "ftp> ")
        self.says("quit\n")
        self.session.end()
        history = self.folder / "state" / "libftp" / "history"
        self.assertEqual(history.read_text(), "!true # last\nquit\n")
        self.assertEqual(history.stat().st_mode & 0o777, 0o600)
        self.session = self.open_terminal()
        self.session.wait_for("ftp> ")
        self.says("\x10\x10", "!true # last")

    def test_listings_have_columns_and_colours(self):
        self.says("ls\n", "a.jpg  b c.txt  \x1b[01;34mimages\x1b[0m/", "ftp> ")
        self.says("ls -l images\n", "-rw-r--r--", "1 B", "one.jpg", "two.jpg", "ftp> ")
        self.says("ls -1 images\n", "one.jpg\r\ntwo.jpg\r\n", "ftp> ")

    def test_pipes_and_redirections(self):
        self.says("cls -1 | sort -r | head -2\n", "images\r\nb c.txt\r\n", "ftp> ")
        self.says("PWD | tr a-z A-Z\n", '257 "/" IS THE CURRENT DIRECTORY.', "ftp> ")
        self.says("ls > \"my list\"\n", "ftp> ")
        self.assertIn("a.jpg", (self.local / "my list").read_text())
        self.says("get a.jpg | wc -c\n", "7\r\n", "ftp> ")
        self.says("ls | false\n", "ftp-client: The local command failed.", "ftp> ")

    def test_help_and_suggestions(self):
        self.says("sttaus\n", "ftp-client: There is no command sttaus; did you mean status?", "ftp> ")
        self.says("help get\n", "  get, recv [-c] ", "For example: get -c big.iso", "ftp> ")
        self.says("help modes\n", "Modes:", "binary, image", "ftp> ")

    def test_a_terminal_that_can_do_nothing_is_enough(self):
        session = self.open_terminal(self.url, password=PASSWORD, TERM="dumb")
        session.wait_for("ftp> ")
        session.type("ls\n")
        session.wait_for("b c.txt  images/")
        session.wait_for("ftp> ")


if __name__ == "__main__":
    programs.main()
