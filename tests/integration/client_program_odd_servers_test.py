#!/usr/bin/env python3
"""Runs ftp-client against servers whose data connections tell another story than their replies.

usage: client_program_odd_servers_test.py FTP_CLIENT FTP_SERVER [TEST...]
"""

import socket
import time

import programs
from odd_server import (FEATURES, LEAVING, WHOLE, OddServer, OddServerTest, full_disk, receiving, resetting, sending,
                        stalling, taking_and_resetting, without_end)


class OddServers(OddServerTest):
    def assert_nothing_came(self, session, name):
        self.assert_complains(session, f"{name}: the transfer is incomplete")
        self.assertEqual(session.code, 7)
        self.assertEqual(list(self.local.iterdir()), [])

    def test_a_file_that_is_shorter_than_its_size_is_not_kept(self):
        facts = b"250-Facts\r\n type=file;size=100; f\r\n250 End\r\n"
        for more in ({"FEAT": FEATURES, "MLST": facts}, {"FEAT": b"211-F\r\n SIZE\r\n211 E\r\n", "SIZE": b"213 100\r\n"},
                     {"SIZE": b"213 100\r\n"}):
            server = OddServer(RETR=sending(WHOLE[:50]), **more)
            self.assert_nothing_came(self.run_against(server, "get", server.url + "f"), "f")

    def test_standard_output_that_got_half_a_file_is_a_failure(self):
        server = OddServer(RETR=sending(WHOLE[:50]), SIZE=b"213 100\r\n")
        session = self.run_against(server, "get", server.url + "f", "-")
        self.assert_complains(session, "f: the transfer is incomplete")
        self.assertEqual((session.code, session.output), (7, [WHOLE[:50].decode()]))

    def test_a_size_that_cannot_be_had_is_not_missed(self):
        for answer in (b"502 no\r\n", b"550 not in ASCII\r\n", b"213 -1\r\n", b"213 99999999999999999999\r\n"):
            server = OddServer(RETR=sending(WHOLE), SIZE=answer)
            self.assert_went_well(self.run_against(server, "get", server.url + "f"))
            self.assertEqual((self.local / "f").read_bytes(), WHOLE)

    def test_a_file_that_has_grown_since_its_size_was_told_is_kept(self):
        server = OddServer(RETR=sending(WHOLE), SIZE=b"213 99\r\n")
        self.assert_went_well(self.run_against(server, "get", server.url + "f"))
        self.assertEqual((self.local / "f").read_bytes(), WHOLE)

    def test_a_file_whose_connection_is_reset_behind_its_last_byte_is_kept(self):
        for size, code in ((b"213 100\r\n", 0), (b"213 101\r\n", 7)):
            server = OddServer(SIZE=size, RETR=resetting)
            self.addCleanup(server.stop)
            session = self.run_client(["--tls=off", "-c", "get f", server.url])
            self.assertEqual((session.code, "226 done" in session.output), (code, code == 0))
            self.assertEqual([path.name for path in self.local.iterdir()], ["f"]) # in the end the one of before

    def test_an_upload_whose_connection_is_reset_behind_its_end_is_whole_if_that_is_its_size_then(self):
        (self.local / "f").write_bytes(WHOLE * 1000)
        server = OddServer(SIZE=b"213 100000\r\n", STOR=taking_and_resetting)
        self.assert_went_well(self.run_against(server, "put", "f", server.url))

    def test_mget_holds_files_against_the_facts_of_the_listing(self):
        server = OddServer(FEAT=FEATURES, MLSD=sending(b"type=file;size=100; f\r\n"), RETR=sending(WHOLE[:50]))
        self.assert_nothing_came(self.run_against(server, "mget", server.url + "*"), "f")
        self.assertNotIn("SIZE", server.received)
        self.assertNotIn("MLST", server.received)

    def test_a_file_that_is_listed_twice_is_one(self):
        listing = b"".join(b"A.TXT;%d 1 1-JAN-2020 10:10 [U] (RWED,RWED,RE,)\r\n" % version for version in (2, 1))
        server = OddServer(LIST=sending(listing), RETR=sending(WHOLE))
        self.assert_went_well(self.run_against(server, "mget", server.url + "*"))
        self.assertEqual([path.name for path in self.local.iterdir()], ["A.TXT"])
        self.assertEqual(server.received.count("RETR"), 1)

    def test_a_tree_without_bottom_is_not_said_to_be_whole(self):
        server = OddServer(FEAT=FEATURES, MLSD=sending(b"type=dir; d\r\n"))
        session = self.run_against(server, "mirror", server.url, "tree")
        self.assert_complains(session, "d/d/d/...: this is deeper than 64 directories, ...")
        self.assertEqual(session.code, 1)

    def test_a_tree_without_bottom_is_not_said_to_be_removed(self):
        server = OddServer(FEAT=FEATURES, MLSD=sending(b"type=dir; d\r\n"), DELE=b"550 no\r\n")
        session = self.run_against(server, "rm", "-r", server.url + "t")
        self.assert_complains(session, "d/d/d/...: this is deeper than 64 directories, ...")
        self.assertEqual(session.code, 1)

    def test_nothing_is_done_elsewhere_when_the_directory_of_before_is_not_known(self):
        for leaves_home in ("cd deep", "quote CWD deep"):
            server = OddServer(PWD=b"502 no\r\n", CWD=b"250 ok\r\n", NOOP=LEAVING, DELE=b"250 gone\r\n")
            session = self.run_against(server, "-c", f"{leaves_home}; NOOP; DELE f", server.url)
            self.assert_complains(session, "Cannot return to the directory of before, ...")
            self.assertEqual(session.code, 3)
            self.assertNotIn("DELE", server.received)

    def test_what_cannot_be_listed_is_told_also_without_a_prompt(self):
        listing = b"-rw-r--r-- 1 a b 100 Nov 20 2023 f\r\n-rw-r--r-- 1 a b 100 Nov 20 2023 ../g\r\n"
        for form, *told in ((("mget", "*"), "Not understood: -rw...../g"),
                            (("mirror", ""), "skipped -rw...../g: ...", "Not all lines of the listings could be read: "
                             "what they name is neither transferred nor removed.")):
            server = OddServer(LIST=sending(listing), RETR=sending(WHOLE))
            self.addCleanup(server.stop)
            session = self.run_client(["--tls=off", form[0], server.url + form[1], "."])
            self.assert_complains(session, *told)
            self.assertEqual((session.code, session.output), (0, []))
            self.assertEqual([path.name for path in self.local.iterdir()], ["f"])

    def test_a_listing_that_breaks_off_within_a_line_is_a_failure(self):
        listing = b"-rw-r--r-- 1 a b 100 Nov 20 2023 f\r\n" + b"-rw-r--r-- 1 a b 1" * 100
        for form in (("--json", "ls"), ("mget",), ("-c", "find"), ("-c", "du")):
            server = OddServer(LIST=sending(listing), RETR=sending(WHOLE), PWD=b'257 "/"\r\n')
            session = self.run_against(server, *form, server.url + ("*" if form == ("mget",) else ""))
            self.assertEqual(session.code, 7, session)
            said = session.errors + session.output
            self.assertTrue(any("the transfer is incomplete" in line for line in said), said)
            self.assertLess(max(map(len, said)), 500)
            self.assertEqual(list(self.local.iterdir()), [])

    def test_a_listing_without_end_is_given_up(self):
        for form in (("ls", "-l", "{}docs"), ("mirror", "{}docs", "here")):
            server = OddServer(LIST=without_end, ABOR=b"226 fine\r\n", PWD=b'257 "/"\r\n')
            session = self.run_against(server, *(each.format(server.url) for each in form))
            self.assert_complains(session, "docs: the listing is too large to be kept in memory.")
            self.assertEqual(session.code, 7)

    def test_the_error_of_a_listing_names_the_directory(self):
        for name in ("docs", "."):
            server = OddServer(LIST=b"550 no\r\n")
            session = self.run_against(server, "ls", "-l", server.url + name.strip("."))
            self.assert_complains(session, f"{name}: 550 no")

    def test_a_session_that_replies_have_ended_is_a_lost_connection(self):
        for size in (b"no reply at all\r\n", b"213 100\r\n213 100\r\n", b"213 " + b"x" * 10_000 + b"\r\n"):
            server = OddServer(SIZE=size, RETR=sending(WHOLE))
            session = self.run_against(server, "get", server.url + "f")
            self.assert_complains(session, "f: ...")
            self.assertEqual((session.code, list(self.local.iterdir())), (3, []))

    def test_a_connection_that_is_lost_before_the_first_of_several_is_done_is_a_failure(self):
        tree = self.local / "tree"
        tree.mkdir()
        (tree / "f").write_bytes(WHOLE)
        for verb, *arguments in (("rm", "{}f"), ("rm", "-r", "{}tree"), ("get", "-r", "{}tree", "here"),
                                 ("put", "-r", "tree", "{}there"), ("put", "-r", "tree", "{}")):
            with self.subTest(verb, arguments=arguments):
                server = OddServer(FEAT=LEAVING)
                session = self.run_against(server, verb, *(each.format(server.url) for each in arguments))
                self.assertEqual((session.code, len(session.errors)), (3, 1), session.errors)

    def test_a_server_that_is_gone_is_not_tried_again_for_each_of_many_files(self):
        listing = b"".join(b"-rw-r--r-- 1 a b 100 Nov 20 2023 f%d\r\n" % i for i in range(50))
        for form in (("mget", "{}*"), ("mirror", "{}", "here")):
            server = OddServer(LIST=sending(listing), RETR=lambda server: b"")
            server.later_greeting = b"421 no more today\r\n"
            session = self.run_against(server, *(each.format(server.url) for each in form))
            self.assertEqual((session.code, len(session.errors)), (3, 50))
            self.assertLessEqual(server.conversations, 10)

    def test_a_server_that_leaves_at_feat_is_not_asked_again(self):
        for answer in (b"", b"421 what?\r\n"):
            server = OddServer(FEAT=lambda server: answer and server.control.sendall(answer), RETR=sending(WHOLE))
            session = self.run_against(server, "get", server.url + "f")
            self.assert_went_well(session)
            self.assertEqual((server.conversations, server.received.count("FEAT")), (2, 1))

    def test_a_server_that_leaves_after_every_few_files_loses_none_of_a_tree(self):
        listing = b"".join(b"-rw-r--r-- 1 a b 100 Nov 20 2023 f%d\r\n" % i for i in range(12))
        tree = self.local / "tree"
        tree.mkdir()
        for i in range(12):
            (tree / f"f{i}").write_bytes(WHOLE)

        def moving(move, last):
            def leave_or_move(server):
                is_last = sum(verb in ("RETR", "STOR") for verb in server.received) % last == 0
                return b"421 enough for now\r\n" if is_last else move(server)
            return leave_or_move

        for last in (2, 6):
            for form in (("get", "-r", "{}d", f"here{last}"), ("put", "-r", "tree", "{}there")):
                server = OddServer(LIST=sending(listing if form[0] == "get" else b""), CWD=b"250 ok\r\n",
                                   MKD=b"257 made\r\n", RETR=moving(sending(WHOLE), last),
                                   STOR=moving(receiving, last))
                session = self.run_against(server, *(each.format(server.url) for each in form))
                self.assert_went_well(session)
            self.assertEqual([path.read_bytes() for path in (self.local / f"here{last}").iterdir()], 12 * [WHOLE])

    def test_touch_never_empties_a_file_that_the_server_does_not_tell_of(self):
        for answers in ({"MLST": b"450 later\r\n"}, {"MLST": b"530 not you\r\n"}, {"SIZE": b"450 later\r\n"}, {},
                        {"MLST": b"550 not allowed\r\n"}):
            server = OddServer(FEAT=FEATURES if answers else b"502 no\r\n", STOR=receiving, APPE=receiving, **answers)
            self.run_against(server, "-c", "touch a", server.url)
            self.assertNotIn("STOR", server.received)

    def test_a_name_of_the_server_is_not_the_home_directory(self):
        server = OddServer(FEAT=FEATURES, MLST=b"250-x\r\n type=dir; /~\r\n250 end\r\n", CWD=b"250 ok\r\n",
                           MLSD=sending(b"type=file;size=100; f\r\n"), RETR=sending(WHOLE))
        session = self.run_against(server, "-c", "mirror /pub/~", server.url)
        self.assert_went_well(session)
        self.assertEqual((self.local / "~" / "f").read_bytes(), WHOLE)

    def test_names_in_a_directory_are_never_asked_for_as_if_they_were_home_directories(self):
        for name in ("~root", "~up"):
            (self.local / name).mkdir() if name == "~up" else (self.local / name).write_bytes(WHOLE)
        (self.local / "~up" / "f").write_bytes(WHOLE)
        listing = b"-rw-r--r-- 1 a b 100 Nov 20 2023 ~x\r\n"
        server = OddServer(LIST=sending(listing), RETR=sending(WHOLE), STOR=receiving, APPE=receiving,
                           CWD=b"550 no\r\n", DELE=b"250 ok\r\n")
        session = self.run_against(server, "-c", "mget *; mdelete *; put ~root; append ~root; mput ~r*; "
                                                 "put -r ~up; mirror -R ~up; put ~root ~typed", server.url)
        self.assert_went_well(session)
        named = [line for line in server.lines if "~" in line and not line.startswith("CWD")]
        self.assertEqual([line for line in named if " ./~" not in line], ["STOR ~typed"])
        for verb in ("RETR", "DELE", "STOR", "APPE", "LIST"):
            self.assertTrue(any(line.startswith(verb + " ./~") for line in named), named)

    def test_a_script_does_nothing_elsewhere_than_in_its_directory(self):
        server = OddServer(CWD=b"550 no\r\n", DELE=b"250 gone\r\n")
        session = self.run_against(server, "--keep-going", "-c", "DELE a", server.url + "nodir")
        self.assertNotEqual(session.code, 0)
        self.assertNotIn("DELE", server.received)

    def test_a_transfer_without_a_data_connection_ends_by_the_time_limit(self):
        server = OddServer(RETR=b"150 go\r\n")
        session = self.run_against(server, "--timeout", "1", "-c", "quote RETR a", server.url)
        self.assertEqual(session.code, 8)

    def test_in_active_mode_the_address_and_the_ports_are_those_of_the_arguments(self):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        server = OddServer(EPRT=b"425 not there\r\n")
        session = self.run_against(server, "--active-address", "203.0.113.7", "--active-ports", f"{port}-{port}", "get",
                                   server.url + "f")
        self.assertEqual(session.code, 1)
        self.assertIn(f"EPRT |1|203.0.113.7|{port}|", server.lines)

    def test_a_port_that_nobody_can_reach_is_not_taken_for_a_silent_server(self):
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            server = OddServer(EPSV=b"229 (|||%d|)\r\n" % nobody.getsockname()[1])
            server.verbs["PASV"] = b"227 (127,0,0,1,%d,%d)\r\n" % divmod(nobody.getsockname()[1], 256)
            session = self.run_against(server, "get", server.url + "f")
        self.assert_complains(session, "f: the data connection did not come about. A firewall may be in the way: in "
                                       "active mode (--active, passive off) the server opens it.")
        self.assertEqual(session.code, 7)

    def test_a_file_whose_size_nobody_tells_cannot_be_continued_and_that_is_said(self):
        (self.local / "f").write_bytes(WHOLE[:50])
        for form in (("get", "-c", "{}f"), ("put", "-c", "f", "{}f")):
            server = OddServer()
            session = self.run_against(server, *(each.format(server.url) for each in form))
            self.assert_complains(session, "f: the server does not tell its size, and without that it cannot be "
                                           "continued.")
            self.assertEqual(session.code, 1)

    def test_what_prepares_a_transfer_and_is_refused_is_not_taken_for_the_file(self):
        (self.local / "f").write_bytes(WHOLE[:50])
        for option, replies, told in (
                ("-q", {"TYPE": b"504 no\r\n"}, "the server does not take the type of the transfer (TYPE): 504 no"),
                ("-q", {"EPSV": b"500 no\r\n"}, "the server names no port for the data (EPSV, PASV): 502 no"),
                ("--active", {}, "the server does not take a port for the data (EPRT, PORT): 502 no"),
                ("-q", {}, "the server cannot continue it, and without -c it comes whole (REST): 502 no")):
            server = OddServer(**{"SIZE": b"213 100\r\n", **replies})
            session = self.run_against(server, option, "get", "-c", server.url + "f")
            self.assert_complains(session, "f: " + told)
            self.assertEqual(session.code, 1)

    def test_a_server_that_does_not_tell_its_directory_can_be_mirrored(self):
        listing = b"-rw-r--r-- 1 a b 100 Nov 20 2023 f\r\n"
        for answer in (b"502 no\r\n", b'257 ""\r\n'):
            for form in (("mirror", "{}", "here"), ("mirror", "{}d", "here")):
                server = OddServer(PWD=answer, SIZE=b"550 no plain file\r\n", LIST=sending(listing),
                                   RETR=sending(WHOLE))
                session = self.run_against(server, *(each.format(server.url) for each in form))
                self.assert_went_well(session)
                self.assertEqual((self.local / "here" / "f").read_bytes(), WHOLE)
                (self.local / "here" / "f").unlink()

    def test_patterns_go_by_nlst_where_the_form_of_a_listing_is_unknown(self):
        server = OddServer(LIST=sending(b"F###100###f\r\n"), NLST=sending(b"d/f\r\nd/..\r\nd/x\x1b\r\n"),
                           RETR=sending(WHOLE))
        self.assert_went_well(self.run_against(server, "-c", "mget d/*", server.url))
        self.assertEqual([path.name for path in self.local.iterdir()], ["f"])
        self.assertIn("RETR d/f", server.lines)

    def test_what_a_mirror_leaves_out_is_told_quietly_too(self):
        server = OddServer(CWD=b"250 ok\r\n", LIST=sending(b"-rw-r--r-- 1 a b 100 Nov 20 2023 f\r\nGARBAGE\r\n"),
                           RETR=sending(WHOLE))
        session = self.run_against(server, "mirror", server.url, "here")
        self.assertEqual(session.code, 0)
        self.assertIn("GARBAGE", "".join(session.errors))

    def test_a_listing_of_which_nothing_can_be_read_is_no_empty_directory(self):
        server = OddServer(LIST=sending(b"F###100###f\r\n"))
        session = self.run_against(server, "mirror", server.url, "here")
        self.assertEqual(session.code, 7)
        self.assertIn("ftp-client: .: no line of its listing could be read.", session.errors)

    def test_a_directory_is_none_the_less_one_when_its_size_is_told(self):
        (self.local / "t").mkdir()
        server = OddServer(SIZE=b"213 4096\r\n", LIST=sending(b""), MKD=b"257 made\r\n", CWD=lambda it: it.verbs.update(
            PWD=b'257 "/%s"\r\n' % it.lines[-1][4:].strip("/").encode()) or b"250 ok\r\n")
        self.assert_went_well(self.run_against(server, "put", "-r", "t", server.url + "d"))
        self.assertIn("MKD d/t", server.lines)

    def test_tabs_of_a_listing_stay_what_they_are(self):
        server = OddServer(LIST=sending(b"+r,s100,\tf\x1b\r\n"))
        session = self.run_against(server, "ls", server.url)
        self.assertEqual((session.code, session.output), (0, ["+r,s100,\tf\\x1b"]))

    def test_a_directory_that_ls_cannot_read_is_a_failure(self):
        server = OddServer(CWD=b"250 ok\r\n", LIST=sending(b"/bin/ls: /p: Permission denied\r\n"))
        session = self.run_against(server, "get", "-r", server.url + "p")
        self.assertEqual(session.code, 1)
        self.assert_complains(session, "p: ...")

    def test_an_error_instead_of_a_listing_is_no_entry_and_no_success(self):
        said = b"ls: /p: Permission denied\r\n"
        for line in ("cls p", "cls -l p", "find p", "du p", "mget p/*", "mdelete p/*"):
            server = OddServer(LIST=sending(said), NLST=sending(said), DELE=b"250 ok\r\n")
            session = self.run_against(server, "-c", line, server.url)
            self.assertIn("ls: /p: Permission denied", session.errors[0])
            self.assertEqual((session.code, len(session.errors)), (1, 1), line)
            self.assertNotIn("DELE", server.received)

    def test_a_directory_that_the_server_says_it_could_not_open_is_a_failure_of_the_server(self):
        def send_nothing(server):
            return sending(b"")(server) and b"226 Transfer done (but failed to open directory).\r\n"

        for form in (("ls",), ("ls", "-l"), ("ls", "-1"), ("mirror",), ("get", "-r")):
            server = OddServer(CWD=b"250 ok\r\n", LIST=send_nothing, NLST=send_nothing)
            into = ("here",) if form[0] in ("mirror", "get") else ()
            session = self.run_against(server, *form, server.url + "p", *into)
            self.assertEqual(session.code, 1, form)
            self.assert_complains(session, "...: ...: 226 Transfer done (but failed to open directory).")

    def test_mkdir_says_how_the_connection_ended_while_it_looked_for_the_directories_above(self):
        for answers in ({"SIZE": b"421 too long idle\r\n"}, {"MKD": b"421 too long idle\r\n"}):
            server = OddServer(**answers)
            session = self.run_against(server, "-c", "mkdir -p a/b/c", server.url)
            self.assert_complains(session, "mkdir: 421 too long idle")
            self.assertEqual(session.code, 3)

    def test_what_is_older_is_not_said_to_be_larger_by_a_server_without_size(self):
        (self.local / "f").write_bytes(WHOLE[:50])
        facts = b"250-Facts\r\n type=file;size=100;modify=20990101000000; f\r\n250 End\r\n"
        server = OddServer(FEAT=FEATURES, MLST=facts)
        session = self.run_against(server, "get", "-c", server.url + "f")
        self.assert_complains(session, "f: what is to be continued is older than the whole.")

    def test_a_reply_that_nobody_asked_for_is_told_when_it_has_ended_the_session(self):
        server = OddServer(SIZE=b"213 1\r\n", MDTM=b"213 20200101000000\r\n", **{"SITE": b"200 ok\r\n220 b\r\n"})
        session = self.run_against(server, "-c", "chmod 600 a b", server.url)
        self.assert_complains(session, "b: the session has ended before: this is not a reply that can come here: 220 b")
        self.assertEqual(session.code, 3)

    def test_a_server_that_wants_an_account_gets_people_to_know_where_it_can_stand(self):
        server = OddServer(USER=b"332 Need account\r\n")
        session = self.run_against(server, "-c", "ls", server.url.replace("//", "//ann:secret@"))
        self.assert_complains(session, "The login of ann failed: ...: 332 Need account. The account can stand in "
                                       "~/.netrc, or follow USER and PASS by ACCT.")

    def test_the_reason_for_not_coming_back_is_a_sentence(self):
        server = OddServer(PWD=b'257 "/deep"\r\n', NOOP=LEAVING,
                           CWD=lambda server: b"250 ok\r\n" if server.conversations == 1 else b"550 x\r\n")
        session = self.run_against(server, "-c", "cd deep; NOOP; DELE f", server.url)
        self.assert_complains(session, "Cannot return to /deep: 550 x. CONN connects without it.")

    def test_a_server_that_says_no_good_bye_is_left_without_it(self):
        server = OddServer(RETR=sending(WHOLE), QUIT=lambda server: server.control.recv(1) and b"")
        began = time.monotonic()
        self.assert_went_well(self.run_against(server, "get", server.url + "f"))
        self.assertLess(time.monotonic() - began, 30) # 5 are enough

    def test_local_names_that_cannot_be_sent_are_not_left_out_silently(self):
        tree = self.local / "tree"
        tree.mkdir()
        for name in ("plain", "line\nend", "tab\tx"):
            (tree / name).write_bytes(WHOLE)
        for form in (("mirror",), ("put", "-r")):
            server = OddServer(LIST=sending(b""), MKD=b"257 made\r\n", CWD=b"250 ok\r\n", STOR=receiving)
            session = self.run_against(server, *form, tree, server.url)
            self.assertEqual(session.code, 6)
            told = sorted(line.rpartition("/")[2] for line in session.errors)
            self.assertEqual([line.removeprefix("ftp-client: ") for line in told],
                             ["line\\x0aend: That name is not allowed.", "tab\\x09x: That name is not allowed."])
            self.assertEqual(server.received.count("STOR"), 1)

    def test_the_time_limit_also_bounds_how_long_a_stalled_transfer_is_called_off(self):
        began = time.monotonic()
        server = OddServer(RETR=stalling)
        session = self.run_against(server, "--timeout", "1", "get", server.url + "f")
        self.assert_complains(session, "f: the peer took too long")
        self.assertEqual(session.code, 8)
        self.assertLess(time.monotonic() - began, 10) # 2 are enough

    def test_the_servers_reason_for_breaking_off_an_upload_is_told(self):
        (self.local / "f").write_bytes(bytes(10_000_000))
        server = OddServer(STOR=full_disk)
        session = self.run_against(server, "put", "f", server.url)
        self.assert_complains(session, "f: 452 The disk is full.")
        self.assertEqual(session.code, 1)


if __name__ == "__main__":
    programs.main()
