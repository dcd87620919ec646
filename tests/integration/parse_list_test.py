#!/usr/bin/env python3
"""Runs ftp-client parse-list on listings, and reads its JSON.

usage: parse_list_test.py FTP_CLIENT [TEST...]
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

NOW = ["--now", "20241120120000"]


class ParseList(unittest.TestCase):
    client = None

    def run_program(self, *arguments, listing=b""):
        return subprocess.run([self.client, "parse-list", *arguments], input=listing, capture_output=True, timeout=60)

    def parse(self, listing, *arguments):
        done = self.run_program(*NOW, *arguments, listing=listing)
        self.assertEqual(done.stderr, b"")
        self.assertEqual(done.returncode, 0)
        return [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]

    def test_an_entry_has_all_that_is_known_of_it(self):
        line = "lrwxrwxrwx   3 ann      staff          11 Nov 20 10:15 a b -> ../c"
        self.assertEqual(self.parse(f"total 4\r\n{line}\r\n".encode()), [{
            "name": "a b", "type": "symbolic_link", "size": 11, "modified": "2024-11-20T10:15Z", "precision": "minute",
            "mode": "0777", "owner": "ann", "group": "staff", "links": 3, "link_target": "../c", "style": "unix",
            "confidence": "medium", "raw": line}])

    def test_times_have_the_digits_of_their_precision(self):
        entries = self.parse(b"type=file;modify=20240102030405; a\ntype=file;modify=20240102030405.25; b\n"
                             b"-rw-r--r-- 1 a b 1 Nov 20  2023 c\ntype=dir; d\n")
        self.assertEqual([(entry.get("modified"), entry["precision"]) for entry in entries], [
            ("2024-01-02T03:04:05Z", "second"), ("2024-01-02T03:04:05.250000000Z", "fraction"),
            ("2023-11-20", "day"), (None, "none")])

    def test_the_zone_of_the_server_moves_times_but_not_days(self):
        entries = self.parse(b"-rw-r--r-- 1 a b 1 Nov 20 10:15 a\n-rw-r--r-- 1 a b 1 Nov 20  2023 b\n", "--zone", "120")
        self.assertEqual([entry["modified"] for entry in entries], ["2024-11-20T08:15Z", "2023-11-20"])

    def test_versions_and_rounded_sizes_are_told(self):
        [entry] = self.parse(b"A.TXT;17 4/6 5-MAR-2020 18:09\n")
        self.assertEqual((entry["name"], entry["version"], entry["size"], entry["size_is_rounded"]),
                         ("A.TXT", 17, 2048, True))

    def test_bytes_that_are_not_utf_8_are_told_in_hexadecimal(self):
        [entry] = self.parse(b"type=file; \xe4\n")
        self.assertEqual((entry["name"], entry["name_bytes"]), ("\ufffd", "e4"))
        self.assertEqual(entry["raw_bytes"], b"type=file; \xe4".hex())
        [refused] = self.parse(b"\xe4\x1b\n")
        self.assertEqual(refused["refused_bytes"], "e41b")

    def test_refused_lines_come_last_and_are_no_failure(self):
        self.assertEqual([line.get("name", line.get("refused")) for line in self.parse(b"what\ntype=file; a\n")],
                         ["a", "what"])
        self.assertEqual(self.parse(b"type=file; a/b\n"), [{"refused": "type=file; a/b", "reason": "name_unsafe"}])

    def test_a_hint_is_a_style_or_an_answer_to_syst(self):
        for hint in ["mvs_member", "MVS is the operating system of this server"]:
            self.assertEqual(self.parse(b"MEMBER\n", "--hint", hint)[0]["style"], "mvs_member")
        self.assertIn("refused", self.parse(b"MEMBER\n")[0])

    def test_a_listing_may_be_in_a_file(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"type=file; a\n")
            file.flush()
            done = self.run_program(file.name)
        self.assertEqual(json.loads(done.stdout)["name"], "a")
        self.assertEqual(done.returncode, 0)

    def test_a_listing_that_cannot_be_read_is_no_empty_one(self):
        folder = os.open("/", os.O_RDONLY)
        self.addCleanup(os.close, folder)
        done = subprocess.run([self.client, "parse-list"], stdin=folder, capture_output=True)
        self.assertEqual(done.stderr, b"ftp-client: The listing cannot be read.\n")
        self.assertEqual((done.returncode, done.stdout), (6, b""))

    def test_without_now_the_clock_tells(self):
        done = self.run_program(listing=b"-rw-r--r-- 1 a b 1 Nov 20 10:15 a\n")
        self.assertGreaterEqual(json.loads(done.stdout)["modified"], "2024")

    def test_wrong_usage_is_explained(self):
        for arguments in [["--now", "yesterday"], ["--zone", "x"], ["--zone", "9999"], ["--hint", "nothing known"],
                          ["/no/such/file"], ["--unknown"], ["a", "b"]]:
            done = self.run_program(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertEqual(done.stdout, b"")
            self.assertTrue(done.stderr.startswith(b"ftp-client: "), done.stderr)


if __name__ == "__main__":
    ParseList.client = sys.argv[1]
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
