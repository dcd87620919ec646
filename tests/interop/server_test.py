"""Other people's client programs against ftp-server."""
import html
import os
import re
import sys

import interop
from foreign_client import ForeignClient
from interop import BIG, PASSWORD, UMLAUTS, USER

TREE = {"top.txt": b"top", "one/two/deep.bin": bytes(range(256)) * 300, "one/a b.txt": b"a b", "empty/empty": b""}
MANY = {f"{number % 7}/{number % 5}/file {number}.txt": b"content\n" * number for number in range(500)}
YEAR_2001 = 1_000_000_000  # 2001-09-09 01:46:40 UTC


def set_times(folder, files):
    """Gives each file a time of its own: seconds, minutes and years differ."""
    for number, name in enumerate(files):
        time = YEAR_2001 + number * 1_000_003
        os.utime(folder / name, (time, time))


class Curl(ForeignClient):
    needs = "curl"
    security = ()

    def curl(self, *arguments):
        way = [*self.security, *(["--ftp-port", "-"] if self.active else [])]
        return self.command([self.program, "-q", "-v", "-sS", "-m", "30", "-u", f"{USER}:{PASSWORD}", *way, *arguments])

    def put(self, name):
        self.curl("-T", self.local / name, self.url(name))

    def get(self, name):
        self.curl("-o", self.downloads / name, self.url(name))

    def names(self):
        return self.curl("--list-only", self.url()).splitlines()

    def resume_get(self, name):
        self.curl("-C", "-", "-o", self.downloads / name, self.url(name))

    def resume_put(self, name):
        self.curl("-C", "-", "-T", self.local / name, self.url(name))

    def rename(self, old, new):
        self.curl("-Q", f"RNFR {old}", "-Q", f"RNTO {new}", self.url())

    def delete(self, name):
        self.curl("-Q", f"DELE {name}", self.url())

    def test_every_way_to_reach_a_deep_file(self):
        self.connect()
        path = f"one/a b/ü/{UMLAUTS}"
        self.curl("--ftp-create-dirs", "-T", self.local / UMLAUTS, self.url(path))
        self.check_files(self.served, {path: self.samples[UMLAUTS]})
        for method in ["multicwd", "singlecwd", "nocwd"]:
            self.curl("--ftp-method", method, "-o", self.downloads / method, self.url(path))
            self.assertEqual((self.downloads / method).read_bytes(), self.samples[UMLAUTS])

    def test_the_older_commands(self):
        self.connect()
        self.curl("--disable-epsv", "-T", self.local / BIG, self.url(BIG))
        self.active = True
        self.curl("--disable-eprt", "-o", self.downloads / BIG, self.url(BIG))
        self.check_files(self.downloads, {BIG: self.samples[BIG]})

    def test_facts_of_a_file_and_a_part_of_it(self):
        self.connect()
        self.write(self.served, self.samples)
        facts = self.curl("--head", self.url(BIG))
        self.assertIn(f"Content-Length: {len(self.samples[BIG])}", facts)
        self.assertIn("Last-Modified: ", facts)
        self.curl("--range", "1000-1999", "-o", self.downloads / "part", self.url(BIG))
        self.check_files(self.downloads, {"part": self.samples[BIG][1000:2000]})

    def test_only_what_is_newer(self):
        self.connect()
        self.write(self.served, {"old": b"old", "new": b"new"})
        os.utime(self.served / "old", (YEAR_2001, YEAR_2001))
        for name in ["old", "new"]:
            self.curl("--time-cond", "1 Jan 2002 00:00:00 GMT", "--remote-time", "-o", self.downloads / name, self.url(name))
        self.check_files(self.downloads, {"new": b"new"})
        self.curl("--time-cond", "-1 Jan 2002 00:00:00 GMT", "--remote-time", "-o", self.downloads / "old", self.url("old"))
        self.check_files(self.downloads, {"old": b"old", "new": b"new"})
        self.assertEqual((self.downloads / "old").stat().st_mtime, YEAR_2001)

    def test_commands_before_and_after_a_transfer(self):
        self.connect()
        self.write(self.served, {"secret": b"1"})
        self.curl("-Q", "SITE CHMOD 600 secret", "-Q", "-MFMT 20010909014640 secret", "-o", self.downloads / "secret",
                  self.url("secret"))
        there = (self.served / "secret").stat()
        self.assertEqual((there.st_mode & 0o7777, there.st_mtime), (0o600, YEAR_2001))


class Lftp(ForeignClient):
    needs = "lftp"
    security = ("ftp:ssl-allow no",)
    many = MANY

    def lftp(self, *commands):
        settings = ["cmd:fail-exit yes", "net:max-retries 1", "net:timeout 20", *self.security,
                    # Over IPv6 its EPRT names the address ::, is refused, and it begins anew with EPSV.
                    "net:reconnect-interval-base 0", f"ftp:passive-mode {'off' if self.active else 'on'}"]
        script = [*(f"set {setting}" for setting in settings), "debug 9",
                  "open " + self.url(login=f"{USER}:{PASSWORD}@"), *commands]
        return self.command([self.program, "--norc", "-c", "; ".join(script)])

    def put(self, name):
        self.lftp(f'put "{self.local}/{name}"')

    def get(self, name):
        self.lftp(f'get -O "{self.downloads}" "{name}"')

    def names(self):
        return self.lftp("cls -1").splitlines()

    def resume_get(self, name):
        self.lftp(f'get -c -O "{self.downloads}" "{name}"')

    def resume_put(self, name):
        self.lftp(f'put -c "{self.local}/{name}"')

    def rename(self, old, new):
        self.lftp(f'mv "{old}" "{new}"')

    def delete(self, name):
        self.lftp(f'rm "{name}"')

    def test_mirror_up_and_down(self):
        self.connect()
        tree = self.folder("tree", TREE)
        self.lftp(f'mirror -R --parallel=2 "{tree}" up')
        self.check_files(self.served / "up", TREE)
        self.lftp(f'mirror --parallel=2 up "{self.downloads}/down"', 'rm -r up', 'nlist')
        self.check_files(self.downloads / "down", TREE)
        self.check_files(self.served, {})

    def mirror_many_files(self, host="127.0.0.1", active=False):
        self.connect(host, active)
        tree = self.folder("tree", self.many)
        set_times(tree, self.many)
        self.lftp(f'mirror -R --parallel=3 "{tree}" up', f'mirror --parallel=3 up "{self.downloads}/down"')
        for copy in [self.served / "up", self.downloads / "down"]:
            self.check_files(copy, self.many)
            self.assertEqual({name: (copy / name).stat().st_mtime for name in self.many},
                             {name: (tree / name).stat().st_mtime for name in self.many})

    def test_mirror_many_files(self):
        self.mirror_many_files()

    def test_mirror_many_files_active(self):
        self.mirror_many_files(active=True)

    def test_mirror_many_files_over_ipv6(self):
        interop.need_ipv6()
        self.mirror_many_files("::1")


class Wget(ForeignClient):
    needs = "wget"

    def wget(self, *arguments):
        way = ["--no-passive-ftp"] if self.active else []
        return self.command([self.program, "--no-config", "-nv", "-t", "1", "-T", "20", "--no-iri",
                             "--restrict-file-names=nocontrol", f"--user={USER}", f"--password={PASSWORD}", *way,
                             *arguments])

    def get(self, name):
        self.wget("-P", self.downloads, self.url(name))

    def names(self):
        page = self.wget("-O", "-", self.url())
        return [html.unescape(name) for name in re.findall(r"<a href=.*?>(.*?)</a>", page)]

    def resume_get(self, name):
        self.wget("-c", "-P", self.downloads, self.url(name))

    def test_recursive_download(self):
        self.connect()
        self.folder("served/tree", TREE)
        self.wget("-r", "-nH", "-P", self.downloads, self.url("tree/"))
        self.check_files(self.downloads / "tree", TREE)

    def test_mirror_fetches_only_what_has_changed(self):
        self.connect()
        tree = self.folder("served/tree", TREE)
        set_times(tree, TREE)
        mirror = ["--mirror", "--remove-listing", "--no-host-directories", "-P", self.downloads, self.url("tree/")]
        self.wget(*mirror)
        self.check_files(self.downloads / "tree", TREE)
        # Of the same size, so that only its time tells that it has changed.
        self.write(tree, {"top.txt": b"TOP"})
        (self.downloads / "tree/one/a b.txt").write_bytes(b"A B")
        self.wget(*mirror)
        self.check_files(self.downloads / "tree", {**TREE, "top.txt": b"TOP", "one/a b.txt": b"A B"})

    def test_pattern(self):
        self.connect()
        self.folder("served/tree", {**TREE, "other.txt": b"other", "other.bin": b"binary"})
        self.wget("-P", self.downloads, self.url("tree/").removesuffix("/") + "/*.txt")
        self.check_files(self.downloads, {"top.txt": b"top", "other.txt": b"other"})


class BsdFtp(ForeignClient):
    """The two descendants of the first FTP client, which read commands line by line and never fail."""

    def ftp(self, *commands):
        way = "-A" if self.active else "-p"
        script = [f"user {USER} {PASSWORD}", "binary", *commands, "quit"]
        return self.command([self.program, "-n", "-i", "-v", "-d", way, self.host, self.port], "\n".join(script) + "\n")

    def put(self, name):
        self.ftp(f'lcd "{self.local}"', f'put "{name}"')

    def get(self, name):
        self.ftp(f'lcd "{self.downloads}"', f'get "{name}"')

    def names(self):
        self.ftp("nlist . names")
        return (self.scratch / "names").read_text("utf-8").split("\n")[:-1]

    def resume_get(self, name):
        self.ftp(f'lcd "{self.downloads}"', f'reget "{name}"')

    def resume_put(self, name):
        self.ftp(f'lcd "{self.local}"', f"restart {(self.served / name).stat().st_size}", f'put "{name}"')

    def rename(self, old, new):
        self.ftp(f'rename "{old}" "{new}"')

    def delete(self, name):
        self.ftp(f'delete "{name}"')

    def test_many_files_by_pattern(self):
        self.connect()
        texts = {f"{number}.txt": b"text %d" % number for number in range(20)}
        self.write(self.served, {**texts, "other.bin": b"binary"})
        self.ftp(f'lcd "{self.downloads}"', "mget *.txt")
        self.check_files(self.downloads, texts)
        self.ftp(f'lcd "{self.downloads}"', "mkdir copies", "cd copies", "mput *.txt", "cd ..", "mdelete *.txt")
        self.check_files(self.served, {**{f"copies/{name}": text for name, text in texts.items()},
                                       "other.bin": b"binary"})

    def test_facts_of_a_file(self):
        self.connect()
        self.write(self.served, self.samples)
        os.utime(self.served / BIG, (YEAR_2001, YEAR_2001))
        said = self.ftp(f"size {BIG}", f"modtime {BIG}", f"rstatus {BIG}", "rstatus", "rhelp")
        for answer in [rf"213 {len(self.samples[BIG])}$", "213 20010909014640$", rf"213-(.*\n)+.*{BIG}\n213 ",
                       "211-(.*\n)+211 ", "214-(.*\n)+214 "]:
            self.assertRegex(said, f"(?m)^{answer}")

    def test_site_commands(self):
        self.connect()
        said = self.ftp("umask 027", "umask", f'put "{self.local}/{BIG}" new', "mkdir folder", "chmod 711 new",
                        "idle 600", "idle", "site help")
        self.assertEqual((self.served / "new").stat().st_mode & 0o7777, 0o711)
        self.assertEqual((self.served / "folder").stat().st_mode & 0o7777, 0o750)
        self.assertEqual(len(re.findall(r"(?m)^200 .*\b027\b", said)), 2)
        self.assertEqual(len(re.findall(r"(?m)^200 .*\b600\b", said)), 2)
        self.assertRegex(said, r"(?m)^214-(.*\n)+214 ")
        refused = self.ftp("umask 999", "chmod rwx new", "chmod 4711 new", "idle 99999999", "site nonsense")
        self.assertEqual(re.findall(r"(?m)^5\d\d(?= )", refused), ["501", "501", "501", "501", "500"])


class Tnftp(BsdFtp):
    needs = "tnftp"


class InetutilsFtp(BsdFtp):
    needs = "inetutils-ftp"


class Ncftp(ForeignClient):
    needs = "ncftpput"
    test_passive_over_ipv6 = test_active_over_ipv6 = None  # it knows IPv4 only

    def ncftp(self, program, *arguments):
        way = "-E" if self.active else "-F"
        return self.command([interop.need(program), "-d", "stderr", "-u", USER, "-p", PASSWORD, "-P", self.port, way,
                             *arguments])

    def put(self, name):
        self.ncftp("ncftpput", self.host, "/", self.local / name)

    def get(self, name):
        self.ncftp("ncftpget", self.host, self.downloads, name)

    def names(self):
        return self.ncftp("ncftpls", "-1", self.url()).splitlines()

    def resume_get(self, name):
        self.ncftp("ncftpget", "-z", self.host, self.downloads, name)

    def resume_put(self, name):
        # -s: where it sends by sendfile(), it resumes with the start of the file.
        self.ncftp("ncftpput", "-z", "-s", self.host, "/", self.local / name)

    def delete(self, name):
        self.ncftp("ncftpget", "-DD", self.host, self.downloads, name)

    def test_a_tree_up_and_down(self):
        self.connect()
        tree = self.folder("tree", TREE)
        set_times(tree, TREE)
        self.ncftp("ncftpput", "-R", "-m", self.host, "/up", tree)
        self.check_files(self.served / "up" / "tree", TREE)
        self.ncftp("ncftpget", "-R", self.host, self.downloads, "/up/tree")
        self.check_files(self.downloads / "tree", TREE)
        for name in TREE:
            self.assertEqual((self.downloads / "tree" / name).stat().st_mtime, (tree / name).stat().st_mtime, name)


if __name__ == "__main__":
    sys.exit(interop.run([Curl, Lftp, Wget, Tnftp, InetutilsFtp, Ncftp], sys.argv[1:]))
