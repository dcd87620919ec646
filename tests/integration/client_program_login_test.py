#!/usr/bin/env python3
"""Has ftp-client find out where to connect and as whom, and come back where it was.

usage: client_program_login_test.py FTP_CLIENT FTP_SERVER [TEST...]
"""

import contextlib
import socket
import threading

import programs
from programs import PASSWORD, USER


class CuttableWay:
    """Hands on control connections to a server until they are cut."""

    def __init__(self, port):
        self.to_port = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.sockets = []
        self.old_sockets = []
        self.threads = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.to_port))
            self.sockets += [near, far]
            for one, other in ((near, far), (far, near)):
                thread = threading.Thread(target=self.hand_on, args=(one, other), daemon=True)
                self.threads.append(thread)
                thread.start()

    @staticmethod
    def hand_on(one, other):
        try:
            while data := one.recv(4096):
                other.sendall(data)
        except OSError:
            pass

    def cut(self):
        """Both sides have heard of it when this returns."""
        for each in self.sockets:
            with contextlib.suppress(OSError): # one side may be gone
                each.shutdown(socket.SHUT_RDWR)
            self.old_sockets.append(each)
        self.sockets = []

    def stop(self):
        self.listener.close()
        self.cut()
        for thread in self.threads:
            thread.join(programs.PATIENCE)
        for each in self.old_sockets:
            each.close()


class Netrc(programs.ClientTest):
    def write_netrc(self, text, mode=0o600):
        path = self.folder / ".netrc"
        path.write_text(text)
        path.chmod(mode)
        return path

    def assert_logs_in(self, place, **variables):
        session = self.run_client([place], ["PWD"], **variables)
        self.assert_shows(session, "220 ...", "230 ...", "ftp> PWD", '257 "/" ...', "221 ...")
        self.assert_went_well(session)

    def test_user_and_password_are_those_of_the_host(self):
        self.write_netrc(f'machine other login x password y\nmachine 127.0.0.1 login {USER} password "{PASSWORD}"\n')
        self.assert_logs_in(f"ftp://127.0.0.1:{self.port}/")
        self.assert_logs_in(self.url)
        session = self.run_client(["127.0.0.1", self.port], ["PWD"])
        self.assert_went_well(session)

    def test_another_file_may_be_named(self):
        other = self.write_netrc(f'machine 127.0.0.1 login {USER} password "{PASSWORD}"').rename(self.folder / "other")
        self.assert_logs_in(f"ftp://127.0.0.1:{self.port}/", NETRC=str(other))

    def test_what_others_can_read_is_not_used(self):
        path = self.write_netrc(f'machine 127.0.0.1 login {USER} password "{PASSWORD}"', 0o644)
        session = self.run_client([self.url], ["PWD"])
        self.assert_complains(session, f"{path} is not used, because others can read or write it: chmod 600 {path}",
                              f"There is no password for {USER}: ...")
        self.assertEqual(session.code, 4)

    def test_a_fault_is_named_by_its_line_and_without_its_words(self):
        path = self.write_netrc(f"machine 127.0.0.1\nlogin {USER} password {PASSWORD}\n")
        session = self.run_client([self.url], ["PWD"])
        self.assert_complains(session, f"{path}, line 2: There is a word ...", "There is no password ...")
        self.assertNotIn(PASSWORD.split()[1], "".join(session.errors))

    def test_the_environment_goes_before_it(self):
        self.write_netrc(f"machine 127.0.0.1 login {USER} password wrong")
        self.assert_logs_in(f"ftp://127.0.0.1:{self.port}/", FTP_PASSWORD=PASSWORD)
        self.write_netrc("machine 127.0.0.1 login bob password wrong")
        self.assert_logs_in(f"ftp://127.0.0.1:{self.port}/", FTP_USER=USER, FTP_PASSWORD=PASSWORD)


class Bookmarks(programs.ClientTest):
    def kept(self):
        return (self.folder / "config" / "libftp" / "bookmarks").read_text()

    def test_a_place_is_kept_and_opened_again(self):
        (self.remote / "new images").mkdir()
        kept = f"ftp://{USER}@127.0.0.1:{self.port}/%2Fnew%20images"
        session = self.run_logged_in('cd "new images"', "bookmark add work", "bookmark list", "close", "open work",
                                     "PWD")
        self.assert_shows(session, "220 ...", "230 ...", 'ftp> cd "new images"', "250 ...", "ftp> bookmark add work",
                          f"open work leads to {kept} from now on.", "ftp> bookmark list", f"work ... {kept}",
                          "ftp> close", "221 ...", "ftp> open work", "220 ...", "230 ...", "250 ...", "ftp> PWD",
                          '257 "/new images" ...', "221 ...")
        self.assert_went_well(session)
        self.assertEqual(self.kept(), f"work {kept}\n")
        self.assert_went_well(self.run_client(["work"], ["PWD"], PASSWORD))
        self.assert_went_well(self.run_client(["ls", "work"], (), PASSWORD))

    def test_a_password_is_never_kept(self):
        session = self.run_client([], ["bookmark add a ftp://ann:hush@h/x", "bookmark add b ftps://h", "bookmark"])
        self.assertEqual(self.kept(), "a ftp://ann@h/x\nb ftps://h/\n")
        self.assertNotIn("hush", "".join(session.output))
        self.assertIn("The password is not kept; ~/.netrc is the place for it.", session.output)

    def test_those_that_cannot_be_read_are_neither_listed_nor_replaced(self):
        bookmarks = self.folder / "config" / "libftp" / "bookmarks"
        bookmarks.mkdir(parents=True)
        session = self.run_client(["--keep-going"], ["bookmark", "bookmark add a ftp://h", "bookmark delete a"])
        self.assert_complains(session, *[f"The bookmarks in {bookmarks} cannot be read: Is a directory."] * 3)
        self.assertEqual(session.code, 6)
        self.assert_went_well(self.run_client([self.url], ["PWD"], PASSWORD))

    def test_those_that_cannot_be_written_are_told_in_a_sentence(self):
        folder = self.folder / "config" / "libftp"
        folder.mkdir(parents=True)
        (folder / "bookmarks").symlink_to(self.folder / "missing" / "bookmarks")
        session = self.run_client([], ["bookmark add a ftp://h"])
        self.assert_complains(session, f"The bookmarks in {folder}/bookmarks cannot be written: "
                              "Permission denied.")

    def test_others_stay_when_one_is_deleted(self):
        session = self.run_client(["--keep-going"], ["bookmark add a ftp://h/x", "bookmark add b ftp://h",
                                                     "bookmark delete a", "bookmark delete a", "bookmark add a",
                                                     "bookmark add -x ftp://h", "bookmark nonsense"])
        self.assertEqual(self.kept(), "b ftp://h/\n")
        self.assert_complains(session, "There is no bookmark a; ...", "There is no connection to keep: ...",
                              "-x is no name for a bookmark: ...", "Usage: bookmark ...")
        self.assertEqual(session.code, 2)


class Returning(programs.ClientTest):
    def setUp(self):
        super().setUp()
        (self.remote / "images").mkdir()
        self.way = CuttableWay(self.port)
        self.addCleanup(self.way.stop)
        self.url = f"ftp://{USER}@127.0.0.1:{self.way.port}/"

    def test_a_lost_connection_is_made_again_in_the_same_directory(self):
        terminal = self.open_terminal(self.url + "images", password=PASSWORD)
        prompt = f"{USER}@127.0.0.1:/images ftp> "
        terminal.wait_for(prompt)
        self.way.cut()
        terminal.type("mkdir new\n")
        terminal.wait_for("The connection has ended; connecting again.")
        terminal.wait_for("257 ")
        terminal.wait_for(prompt)
        self.assertTrue((self.remote / "images" / "new").is_dir())
        terminal.type("bye\n")
        self.assertEqual(terminal.end(), 0)

    def test_where_the_directory_is_gone_nothing_is_done_elsewhere(self):
        (self.remote / "f").write_bytes(b"")
        terminal = self.open_terminal(self.url + "images", password=PASSWORD)
        terminal.wait_for("ftp> ")
        (self.remote / "images").rmdir()
        for _ in range(2):
            self.way.cut()
            terminal.type("rm f\n")
            terminal.wait_for("Cannot return to /images: 550 ")
            terminal.wait_for("ftp> ")
        self.assertTrue((self.remote / "f").exists())
        terminal.type("CONN\n")
        terminal.wait_for("CWD: 550")
        terminal.wait_for("ftp> ")

    def test_who_has_logged_in_by_hand_has_to_do_so_again(self):
        terminal = self.open_terminal("127.0.0.1", str(self.way.port))
        for line, answer in ((f"USER {USER}", "331 "), (f"PASS {PASSWORD}", "230 ")):
            terminal.wait_for("ftp> ")
            terminal.type(line + "\n")
            terminal.wait_for(answer)
        terminal.wait_for("ftp> ")
        self.way.cut()
        terminal.type("PWD\n")
        terminal.wait_for("There is no connection; open or CONN makes one.")

    def test_a_connection_that_was_closed_on_purpose_stays_closed(self):
        session = self.run_client(["--keep-going", self.url], ["close", "PWD"], PASSWORD)
        self.assert_complains(session, "There is no connection; open or CONN makes one.")
        self.assertEqual(session.code, 3)


if __name__ == "__main__":
    programs.main()
