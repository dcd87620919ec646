"""ftp-client against other people's servers: it uploads, lists, downloads, resumes, renames and deletes."""
import os
import sys

import foreign_servers
import interop
from interop import BIG, EMPTY, MIB, UMLAUTS


class ClientProgram(interop.FourWays):
    security = ()

    def attempt(self, *commands, options=()):
        way = [*self.security, *(["--active"] if self.active else []), *options]
        return self.run_command([self.bin / "ftp-client", *way, self.url()], "\n".join(commands) + "\n",
                                FTP_PASSWORD=self.password)

    def client(self, *commands):
        return self.succeeded(self.attempt(*commands))

    def exchange(self, host="127.0.0.1", active=False):
        self.connect(host, active)
        album = self.served / "a new album"

        output = self.client('mkdir "a new album"', 'cd "a new album"', f'lcd "{self.local}"',
                             *(f'put "{name}"' for name in self.samples), "ls", "nlist",
                             f'lcd "{self.downloads}"', *(f'get "{name}"' for name in self.samples), "quit")
        self.check_files(album, self.samples)
        self.check_files(self.downloads, self.samples)
        lines = output.splitlines()
        for name in self.samples:
            self.assertTrue(any(line.endswith(" " + name) for line in lines), f"{name} in LIST")
            self.assertIn(name, lines, "NLST")

        # Other bytes before the cut show that only what was missing has come.
        half, rest = b"h" * MIB, self.samples[BIG][MIB:]
        (self.downloads / BIG).write_bytes(half)
        self.client('cd "a new album"', f'lcd "{self.downloads}"', f"get -c {BIG}")
        self.check_files(self.downloads, {**self.samples, BIG: half + rest})

        (album / BIG).write_bytes(half)
        (self.local / "text").write_bytes(b"one\ntwo\n")
        self.client('cd "a new album"', f'lcd "{self.local}"', f"put -c {BIG}", f'mv "{UMLAUTS}" "new name"',
                    "ascii", "put text", f'lcd "{self.downloads}"', "get text")
        self.check_files(album, {BIG: half + rest, EMPTY: b"", "new name": self.samples[UMLAUTS],
                                 "text": b"one\ntwo\n"})
        self.assertEqual((self.downloads / "text").read_bytes(), b"one\ntwo\n")

        self.client('cd "a new album"', *(f'rm "{name}"' for name in [BIG, EMPTY, "new name", "text"]), "cd ..",
                    'rmdir "a new album"')
        self.assertEqual(os.listdir(self.served), [])

    def test_what_is_refused_ends_the_client_with_an_error(self):
        self.connect()
        commands = ["get missing", "cd missing", "rm missing", "mv missing other", "rmdir missing"]
        done = self.attempt(f'lcd "{self.downloads}"', *commands, options=["--keep-going"])
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(len([line for line in done.stderr.splitlines() if " 550" in line]), len(commands))
        self.check_files(self.downloads, {})

        self.password += "?"
        self.assertNotEqual(self.attempt("pwd").returncode, 0)


class Vsftpd(ClientProgram, foreign_servers.Vsftpd):
    pass


class Proftpd(ClientProgram, foreign_servers.Proftpd):
    pass


class PureFtpd(ClientProgram, foreign_servers.PureFtpd):
    pass


class Pyftpdlib(ClientProgram, foreign_servers.Pyftpdlib):
    pass


if __name__ == "__main__":
    sys.exit(interop.run([Vsftpd, Proftpd, PureFtpd, Pyftpdlib], sys.argv[1:]))
