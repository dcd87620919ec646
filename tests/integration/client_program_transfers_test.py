#!/usr/bin/env python3
"""Runs ftp-client's transfers, trees, jobs and commands on files, as scripts.

usage: client_program_transfers_test.py FTP_CLIENT FTP_SERVER [TEST...]
"""

import hashlib
import os
import pathlib
import re
import resource
import stat
import unittest

import programs
from programs import PASSWORD

PICTURE = bytes(range(256)) * 500
LARGE = bytes(range(251)) * 20_000
LOGIN_SHOWN = ["220 ...", "230 ..."]


def write_tree(folder, files):
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def tree_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TransferTest(programs.ClientTest):
    def shows(self, session, *patterns):
        """As assert_shows, between login and goodbye."""
        self.assert_shows(session, *LOGIN_SHOWN, *patterns, "221 ...")


class ManyFiles(TransferTest):
    def setUp(self):
        super().setUp()
        write_tree(self.remote, {"a.jpg": b"a", "b.jpg": b"bb", "c.txt": b"ccc", ".d.jpg": b"", "sub/e.jpg": b"eeee"})

    def test_get_of_several_files_goes_to_a_local_directory(self):
        (self.local / "here").mkdir()
        session = self.run_logged_in("get a.jpg sub/e.jpg here", "get c.txt here")
        self.shows(session, "ftp> get a.jpg sub/e.jpg here", "a.jpg: 1 byte in ...", "sub/e.jpg: 4 bytes in ...",
                   "2 files: 5 bytes in ...", "ftp> get c.txt here", "226 ...", "c.txt: 3 bytes in ...")
        self.assert_went_well(session)
        self.assertEqual(tree_of(self.local), {"here/a.jpg": b"a", "here/e.jpg": b"eeee", "here/c.txt": b"ccc"})

    def test_several_files_without_a_directory_are_refused(self):
        session = self.run_logged_in("get a.jpg b.jpg none")
        self.assert_complains(session, "none: several files need a local directory to go to; ...")
        self.assertEqual(session.code, 2)
        write_tree(self.local, {"x": b"x", "y": b"y"})
        self.assert_complains(self.run_logged_in("put x y none"),
                              "none: several files need a directory on the server ...")

    def test_mget_takes_all_that_fits(self):
        session = self.run_logged_in("mget *.jpg */*.jpg")
        self.shows(session, "ftp> mget *.jpg */*.jpg", "a.jpg: 1 byte in ...", "b.jpg: 2 bytes in ...",
                   "sub/e.jpg: 4 bytes in ...", "3 files: 7 bytes in ...")
        self.assert_went_well(session)
        self.assertEqual(tree_of(self.local), {"a.jpg": b"a", "b.jpg": b"bb", "e.jpg": b"eeee"})

    def test_downloads_keep_the_time_of_the_file(self):
        for name in ("a.jpg", "b.jpg", "c.txt", "sub/e.jpg"):
            os.utime(self.remote / name, (1e9, 1e9))
        self.assert_went_well(self.run_logged_in("get a.jpg", "mget b.jpg *.txt", "get -c sub/e.jpg"))
        for name in ("a.jpg", "b.jpg", "c.txt", "e.jpg"):
            self.assertEqual((self.local / name).stat().st_mtime, 1e9, name)

    def test_mget_into_a_directory_on_several_connections(self):
        (self.local / "here").mkdir()
        files = {f"many/{i}.bin": PICTURE[i:] for i in range(20)}
        write_tree(self.remote, files)
        session = self.run_logged_in("mget -P 4 -O here many/*")
        self.assertIn("20 files: 2 559 810 bytes in ", "\n".join(session.output))
        self.assert_went_well(session)
        self.assertEqual(tree_of(self.local),
                         {path.replace("many", "here"): content for path, content in files.items()})

    def test_mget_continues(self):
        write_tree(self.remote, {"long.bin": PICTURE})
        write_tree(self.local, {"long.bin": PICTURE[:1000], "a.jpg": b"a"})
        session = self.run_logged_in("mget -c *.bin a.*")
        self.shows(session, "ftp> mget -c *.bin a.*", "long.bin: 127 000 bytes in ...",
                   "a.jpg: nothing to do, the sizes are equal.", "2 files: 127 000 bytes in ...")
        self.assert_went_well(session)
        self.assertEqual((self.local / "long.bin").read_bytes(), PICTURE)

    def test_what_goes_to_a_directory_is_not_written_through_its_links(self):
        write_tree(self.remote, {"d/f": b"of the server", "d/g": b"and this"})
        for line in ("mget -O out d/*", "get d/f d/g out", "mget -c -O out d/*"):
            write_tree(self.local, {"secret": b"", "out/g": b""})
            link = self.local / "out" / "f"
            link.unlink(missing_ok=True)
            link.symlink_to("../secret")
            session = self.run_in_spite_of_failures(line)
            self.assertEqual((self.local / "secret").read_bytes(), b"", session.errors)
            self.assertEqual((self.local / "out" / "g").read_bytes(), b"and this", session.errors)

    def test_mget_that_finds_nothing_or_the_same_name_twice(self):
        write_tree(self.remote, {"other/e.jpg": b""})
        session = self.run_in_spite_of_failures("mget *.png", "mget */e.jpg", "mget none/*", "mget sub")
        self.assert_complains(session, "*.png: there is no file of such a name.",
                              "Two of the files would both become e.jpg.", "none/*: 550 ...", "sub: 550 ...")
        self.assertEqual(tree_of(self.local), {})

    def test_one_that_fails_does_not_end_the_others(self):
        session = self.run_logged_in("mget a.jpg none.jpg b.jpg")
        self.shows(session, "ftp> mget a.jpg none.jpg b.jpg", "a.jpg: 1 byte ...", "b.jpg: 2 bytes ...",
                   "2 files: 3 bytes in ..., 1 failed")
        self.assert_complains(session, "none.jpg: 550 ...")
        self.assertEqual(session.code, 1)

    def test_mdelete_deletes_the_files_that_fit(self):
        session = self.run_logged_in("mdelete *.jpg sub/*", "mrm none*")
        self.assert_complains(session, "none*: there is no file of such a name.")
        self.assertEqual(tree_of(self.remote), {"c.txt": b"ccc", ".d.jpg": b""})

    def test_mput_takes_all_that_fits(self):
        files = {"1.bin": PICTURE, "2.bin": b"", "3.txt": b"3"}
        write_tree(self.local, {**files, "deep/4.bin": b"4"})
        session = self.run_logged_in("mput -P 2 -O sub *.bin", "mput *.txt deep/*")
        self.assert_went_well(session)
        for name in ("1.bin", "2.bin"):
            self.assertEqual((self.remote / "sub" / name).read_bytes(), files[name])
        self.assertEqual((self.remote / "3.txt").read_bytes(), b"3")
        self.assertEqual((self.remote / "4.bin").read_bytes(), b"4")

    def test_put_into_a_directory(self):
        write_tree(self.local, {"x": b"x", "y": b"y"})
        self.assert_went_well(self.run_logged_in("put x sub/", "put x y sub"))
        self.assertEqual((self.remote / "sub" / "y").read_bytes(), b"y")
        self.assertEqual((self.remote / "sub" / "x").read_bytes(), b"x")


    def test_put_that_should_go_on_behind_a_directory_names_it(self):
        write_tree(self.local, {"x": b"x"})
        session = self.run_in_spite_of_failures("put -c x sub")
        self.assert_complains(session, "sub: It is a directory.")
        self.assertEqual(session.code, 1)


class Segments(TransferTest):
    def test_pget_puts_the_parts_together(self):
        (self.remote / "large").write_bytes(LARGE)
        session = self.run_logged_in("pget large", "pget -n 2 large other")
        self.shows(session, "ftp> pget large", "large: 5 020 000 bytes in ...", "ftp> pget -n 2 large other",
                   "large: 5 020 000 bytes in ...")
        self.assert_went_well(session)
        self.assertEqual(tree_of(self.local), {"large": LARGE, "other": LARGE})

    def test_a_count_that_is_none(self):
        for count in ("0", "x", "101", "-1"):
            self.assert_complains(self.run_logged_in(f"pget -n {count} f"),
                                  f"-n {count}: this is not a number from 1 to 100.")


class Trees(TransferTest):
    FILES = {"top/a": b"a", "top/d/b": b"bb", "top/d/e/c": b"ccc"}

    def test_get_r_and_put_r(self):
        write_tree(self.remote, self.FILES)
        session = self.run_logged_in("get -r top", "get -r top copy", "get -r top copy", "get -r top/a", "put -r copy",
                                     "put -r -P 3 copy other", "put -r copy other")
        self.assertIn("3 files: 6 bytes in ", session.output[session.output.index("ftp> get -r top") + 6])
        self.assert_went_well(session)
        inside = {path.removeprefix("top/"): content for path, content in self.FILES.items()}
        self.assertEqual(tree_of(self.local / "top"), inside)
        self.assertEqual(tree_of(self.local / "copy"), {**inside, **self.FILES})
        self.assertEqual((self.local / "a").read_bytes(), b"a")
        self.assertEqual(tree_of(self.remote / "copy"), {**inside, **self.FILES})
        self.assertEqual(tree_of(self.remote / "other"), {**inside, **self.FILES, **{
            f"copy/{path}": content for path, content in {**inside, **self.FILES}.items()}})

    def test_mirror_changes_what_differs(self):
        write_tree(self.remote, self.FILES)
        write_tree(self.local, {"top/a": b"a", "top/old": b"", "top/gone/x": b""})
        times = os.stat(self.local / "top" / "a").st_mtime
        os.utime(self.remote / "top" / "a", (times - 10, times - 10))
        session = self.run_logged_in("mirror --dry-run --delete top", "mirror --delete top", "mirror top")
        lines = session.output
        dry, real, again = (lines.index(f"ftp> {line}") for line in (
            "mirror --dry-run --delete top", "mirror --delete top", "mirror top"))
        self.assertEqual(sorted(lines[dry + 1:real - 1]), [
            "would make d/", "would make d/e/", "would remove gone/", "would remove gone/x", "would remove old",
            "would transfer d/b (2 B)", "would transfer d/e/c (3 B)"])
        self.assertEqual(lines[real - 1], "Dry run: 2 files, 5 bytes, 2 directories made, 1 unchanged, 3 removed")
        self.assertIn("removed gone/", lines[real:again])
        self.assertTrue(programs.matches(
            lines[again - 1], "2 files: 5 bytes in ..., 2 directories made, 1 unchanged, 3 removed"), lines[again - 1])
        self.assertTrue(programs.matches(lines[again + 1], "0 files: 0 bytes in ..., 3 unchanged"))
        self.assert_went_well(session)
        self.assertEqual(tree_of(self.local), self.FILES)

    def test_mirror_back(self):
        write_tree(self.local, self.FILES)
        session = self.run_logged_in("mirror -R -P 2 --exclude *.tmp top copy", "mirror -R top copy")
        self.assert_went_well(session)
        self.assertEqual(tree_of(self.remote / "copy"),
                         {path.removeprefix("top/"): content for path, content in self.FILES.items()})

    def test_mirror_leaves_out_what_is_excluded(self):
        write_tree(self.remote, {**self.FILES, "top/x.tmp": b"", "top/d/y.tmp": b""})
        self.assert_went_well(self.run_logged_in("mirror --exclude *.tmp --exclude d/e top here"))
        self.assertEqual(tree_of(self.local), {"here/a": b"a", "here/d/b": b"bb"})

    def test_what_is_not_there(self):
        session = self.run_in_spite_of_failures("mirror none", "mirror -R none", "get -r none", "put -r none",
                                                "rm -r none")
        self.assert_complains(session, "none: 550 ...", "none: No such file or directory", "none: 550 ...",
                              "The local file none: No such file or directory.", "none: 550 ...")

    def test_rm_r_du_and_find(self):
        write_tree(self.remote, {**self.FILES, "top/d/pic.jpg": PICTURE})
        session = self.run_logged_in("du top", "du -s", "find top", "find -type d", "find top -name *.jpg", "find -type x")
        self.shows(session, "ftp> du top", "    3 B  top/d/e", " 128 kB  top/d", " 128 kB  top", "ftp> du -s",
                   " 128 kB  .", "ftp> find top", "top/a", "top/d", "top/d/b", "top/d/e", "top/d/e/c", "top/d/pic.jpg",
                   "ftp> find -type d", "top", "top/d", "top/d/e", "ftp> find top -name *.jpg", "top/d/pic.jpg",
                   "ftp> find -type x")
        self.assert_complains(session, "-type x: this is none of f, d and l.")
        session = self.run_logged_in("rm -r top/d", "rm -r top")
        self.shows(session, "ftp> rm -r top/d", "top/d: 5 removed", "ftp> rm -r top", "top: 2 removed")
        self.assert_went_well(session)
        self.assertEqual(list(self.remote.iterdir()), [])


class Contents(TransferTest):
    TEXT = b"one\ntwo\nthree\n"

    def setUp(self):
        super().setUp()
        write_tree(self.remote, {"t": self.TEXT, "bin": PICTURE})

    def test_cat_and_get_to_standard_output(self):
        session = self.run_logged_in("cat t", "get t -", "cat t t", "cat none")
        self.shows(session, "ftp> cat t", "one", "two", "three", "ftp> get t -", "one", "two", "three", "ftp> cat t t",
                   "one", "two", "three", "one", "two", "three", "ftp> cat none")
        self.assert_complains(session, "none: 550 ...")

    def test_pipes_and_files(self):
        session = self.run_logged_in("get t | wc -l", "cat bin > copy", "cat t | head -n 1", "get t > t2",
                                     "cat bin | true", "pwd")
        self.assertEqual([line.strip() for line in session.output[3:4]], ["3"])
        self.assert_went_well(session)
        self.assertEqual((self.local / "copy").read_bytes(), PICTURE)
        self.assertEqual((self.local / "t2").read_bytes(), self.TEXT)
        self.assertTrue(session.output[-2].startswith('257 "/"'))

    def test_less_shows_by_the_pager(self):
        os.environ["PAGER"] = "tr a-z A-Z"
        self.addCleanup(os.environ.pop, "PAGER")
        session = self.run_logged_in("less t")
        self.shows(session, "ftp> less t", "ONE", "TWO", "THREE")
        self.assert_went_well(session)

    def use_editor(self, script):
        editor = self.folder / "editor"
        editor.write_text(f"#!/bin/sh\n{script}\n")
        editor.chmod(0o755)
        os.environ["EDITOR"] = str(editor)
        self.addCleanup(os.environ.pop, "EDITOR", None)

    def test_edit_stores_what_was_changed(self):
        self.use_editor('echo four >> "$1"')
        session = self.run_logged_in("edit t")
        self.shows(session, "ftp> edit t", "226 ...", "t: 19 bytes in ...")
        self.assert_went_well(session)
        self.assertEqual((self.remote / "t").read_bytes(), self.TEXT + b"four\n")

    def test_edit_stores_what_was_written_although_ctrl_c_was_pressed_in_the_editor(self):
        self.use_editor('kill -INT $PPID; echo four >> "$1"')
        self.assert_went_well(self.run_logged_in("edit t"))
        self.assertEqual((self.remote / "t").read_bytes(), self.TEXT + b"four\n")

    def test_ctrl_c_in_a_program_behind_a_pipe_is_no_failure_of_it(self):
        self.assert_went_well(self.run_logged_in("cat t | sh -c 'kill -INT $PPID; cat'"))
        self.assert_complains(self.run_logged_in("cat t | sh -c 'kill -INT $$'"), "The local command failed.")

    def test_edit_stores_nothing_that_was_not_changed(self):
        self.use_editor(":")
        session = self.run_logged_in("edit t")
        self.shows(session, "ftp> edit t", "t was not changed.")
        self.use_editor("exit 1")
        self.assert_complains(self.run_logged_in("edit t"), "The editor ... failed: nothing is stored.")

    def test_edit_keeps_what_cannot_be_stored(self):
        self.use_editor(f'echo mine > "$1"; echo theirs > {self.remote}/t')
        session = self.run_logged_in("edit t")
        self.assert_complains(session, "t was changed on the server meanwhile: nothing is stored.",
                              "What you wrote is in ...t.")
        kept = session.errors[1].split(" is in ")[1].rstrip(".")
        with open(kept, encoding="ascii") as file:
            self.assertEqual(file.read(), "mine\n")
        self.assertEqual((self.remote / "t").read_text(), "theirs\n")
        os.remove(kept)
        os.rmdir(os.path.dirname(kept))


class Attributes(TransferTest):
    def test_mkdir_p_chmod_and_touch(self):
        (self.remote / "f").write_bytes(b"")
        (self.remote / "f").chmod(0o644)
        os.utime(self.remote / "f", (1, 1))
        session = self.run_logged_in("mkdir -p a/b/c", "mkdir -p a/b/c", "mkdir d", "chmod 600 f", "chmod u+x,g+r f",
                                     "touch f new")
        self.assert_went_well(session)
        self.assertTrue((self.remote / "a/b/c").is_dir())
        self.assertTrue((self.remote / "d").is_dir())
        self.assertEqual(stat.S_IMODE((self.remote / "f").stat().st_mode), 0o740)
        self.assertGreater((self.remote / "f").stat().st_mtime, 1_000_000)
        self.assertEqual((self.remote / "new").read_bytes(), b"")
        self.assert_complains(self.run_logged_in("chmod 9 f"), "9: this is no mode such as 644 or u+x.")
        self.assert_complains(self.run_logged_in("mkdir -p f/x"), "mkdir: 550 ...")

    def test_rm_of_several(self):
        write_tree(self.remote, {"a": b"", "b": b""})
        session = self.run_logged_in("rm a b", "rm a")
        self.shows(session, "ftp> rm a b", "250 ...", "250 ...", "ftp> rm a")
        self.assert_complains(session, "a: 550 ...")

    def test_hash_and_verify(self):
        (self.remote / "f").write_bytes(PICTURE)
        (self.local / "f").write_bytes(PICTURE)
        (self.local / "g").write_bytes(PICTURE[1:])
        digest = hashlib.sha256(PICTURE).hexdigest()
        session = self.run_logged_in("hash -a SHA-256 f", "verify f", "verify f g")
        self.shows(session, "ftp> hash -a SHA-256 f", f"SHA-256 {digest}  f", "ftp> verify f",
                   "f: the files are alike, ...", "ftp> verify f g")
        self.assert_complains(session, "f: the files differ: ... on the server, ... here.")
        self.assertEqual(session.code, 7)
        self.assert_complains(self.run_logged_in("hash -a none f"), "none: this is none of ...")


class Limits(TransferTest):
    def test_limit_shows_and_sets_the_rate(self):
        session = self.run_logged_in("limit", "limit 500k", "limit", "limit off", "limit fast")
        self.shows(session, "ftp> limit", "Transfers are as fast as they can be.", "ftp> limit 500k",
                   "Transfers share 500 kB a second.", "ftp> limit", "Transfers share 500 kB a second.",
                   "ftp> limit off", "Transfers are as fast as they can be.", "ftp> limit fast")
        self.assert_complains(session, "fast: this is no rate such as 500k, 2M or off.")
        self.assertEqual(session.code, 2)


class Jobs(TransferTest):
    def test_a_job_runs_while_the_session_goes_on(self):
        write_tree(self.remote, {"sub/large": LARGE, "small": b"s"})
        (self.local / "here").mkdir()
        session = self.run_logged_in("cd sub", "lcd here", "get large &", "cd ..", "lcd ..", "get small", "wait")
        self.assert_went_well(session)
        self.assertIn("[1] get large", session.output)
        self.assertIn("[1] done  get large", session.output)
        self.assertEqual(tree_of(self.local), {"here/large": LARGE, "small": b"s"})

    def test_a_script_ends_after_its_jobs(self):
        write_tree(self.remote, {"large": LARGE})
        session = self.run_logged_in("get large &", "get large other &")
        self.assert_went_well(session)
        self.assertEqual(tree_of(self.local), {"large": LARGE, "other": LARGE})

    def test_the_failure_of_a_job_is_that_of_the_script(self):
        session = self.run_logged_in("get none &", "wait 1", "pwd")
        self.assert_complains(session, "none: 550 ...")
        self.assertEqual(session.output[-2], "[1] failed  get none")
        self.assertEqual(session.code, 1)
        self.assertEqual(self.run_logged_in("get none &").code, 1)

    def start_job_without(self, kind, find_limit, *patterns):
        """At a terminal; a second one that may have as much as it wants then ends as it should."""
        (self.remote / "f").write_bytes(b"f")
        terminal = self.open_terminal(self.url, password=PASSWORD)
        terminal.wait_for("ftp> ")
        number = terminal.process.pid
        before = resource.prlimit(number, kind)
        resource.prlimit(number, kind, (find_limit(pathlib.Path(f"/proc/{number}")), before[1]))
        terminal.type("get f &\nwait\n")
        for pattern in patterns:
            terminal.wait_for(pattern)
        resource.prlimit(number, kind, before)
        terminal.type("get f &\nwait\nquit\n")
        terminal.wait_for("done  get f")
        self.assertEqual(terminal.end(), 0)

    @unittest.skipUnless(os.path.isdir("/proc/self/fd"), "nothing says what is open")
    def test_a_job_that_gets_no_descriptor_fails_alone(self):
        if programs.has_sanitizer(self.client, "ubsan"):
            self.skipTest("to tell whether an object is one, the sanitizer opens a pipe")

        def first_free(process):
            taken = {int(name) for name in os.listdir(process / "fd")}
            return min(set(range(len(taken) + 1)) - taken)

        self.start_job_without(resource.RLIMIT_NOFILE, first_free, "[1] get f", "Too many open files", "failed  get f")

    @unittest.skipUnless(os.path.isfile("/proc/self/status"), "nothing says how much memory there is")
    def test_a_job_that_gets_no_thread_is_none(self):
        def no_room_for_a_stack(process):
            status = (process / "status").read_text()
            kibibytes = int(re.search(r"^VmSize:\s+(\d+) kB$", status, re.MULTILINE).group(1))
            if kibibytes > 1 << 30:
                self.skipTest("the program keeps room for all that there may be, as sanitizers do")
            return (kibibytes + 1024) * 1024

        self.start_job_without(resource.RLIMIT_AS, no_room_for_a_stack, "get cannot run in the background: ")

    def test_what_cannot_be_a_job(self):
        session = self.run_in_spite_of_failures("cd sub &", "cat f &", "get f - &", "fg", "fg 1", "kill 1", "wait 1",
                                                "wait", "jobs")
        none = "There are no jobs; a line that ends with & becomes one."
        self.assert_complains(session, "cd cannot run in the background.", "cat cannot run in the background.",
                              "get cannot run in the background.", none, none, none, none)


if __name__ == "__main__":
    programs.main()
