#!/usr/bin/env python3
"""Types at ftp-client's prompt, on a terminal of its own.

usage: client_program_terminal_test.py FTP_CLIENT FTP_SERVER [TEST...]
"""

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
        self.assertTrue(session.echoes())

    def leave(self, session):
        session.type("quit\n")
        self.assertEqual(session.end(), 0)
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
        session.wait_for("226 ")
        session.wait_for("ftp> ")
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

    def test_an_interrupt_at_a_password_leaves_the_terminal_as_it_was(self):
        session = self.open_terminal(self.url)
        session.wait_for("Password: ")
        self.assertFalse(session.echoes())
        session.type("\x03")
        self.assertEqual(session.end(), 130)
        self.assertTrue(session.echoes())

    def test_an_interrupt_at_the_prompt_leaves_the_program(self):
        session = self.open_terminal()
        session.wait_for("ftp> ")
        session.type("\x03")
        self.assertEqual(session.end(), 130)


if __name__ == "__main__":
    programs.main()
