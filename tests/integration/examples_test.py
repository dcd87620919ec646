#!/usr/bin/env python3
"""Runs the examples as a reader of the README would, and compares the README's code with them.

usage: examples_test.py EXAMPLES_FOLDER_OF_THE_BUILD SOURCE_FOLDER
"""

import ftplib
import io
import pathlib
import re
import subprocess
import sys
import tempfile


def check_readme(source: pathlib.Path) -> None:
    blocks = re.findall(r"```cpp\n(.*?)```", (source / "README.md").read_text(), re.DOTALL)
    for name in ("serve_folder.cpp", "download_file.cpp", "download_async.cpp", "mirror_tree.cpp", "custom_server.cpp",
                 "test_with_odd_server.cpp", "secure_server.cpp", "secure_download.cpp"):
        code = (source / "examples" / name).read_text()
        assert code in blocks, f"README.md does not show examples/{name} as it is"


def check_download(programs: pathlib.Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shared = pathlib.Path(folder, "shared")
        shared.mkdir()
        (shared / "a b.bin").write_bytes(bytes(range(256)) * 1000)
        server = subprocess.Popen([programs / "serve_folder", "0", shared], stdout=subprocess.PIPE, text=True)
        try:
            port = server.stdout.readline().rsplit(":", 1)[1].strip()
            for example in ("download_file", "download_async", "own_event_loop"):
                fetched = pathlib.Path(folder, example)
                done = subprocess.run([programs / example, "127.0.0.1", port, "a b.bin", fetched],
                                      capture_output=True, text=True)
                assert done.returncode == 0, done.stderr
                assert fetched.read_bytes() == (shared / "a b.bin").read_bytes(), example
            for example in ("download_file", "download_async"):
                missing = subprocess.run([programs / example, "127.0.0.1", port, "none", fetched],
                                         capture_output=True, text=True)
                assert missing.returncode == 1 and "No such file" in missing.stderr, missing.stderr
            check_mirror(programs, shared, f"ftp://127.0.0.1:{port}/", pathlib.Path(folder, "copy"))
        finally:
            server.terminate()
            assert server.wait() == 0, "serve_folder did not end well"


def check_mirror(programs: pathlib.Path, shared: pathlib.Path, url: str, copy: pathlib.Path) -> None:
    (shared / "d" / "e").mkdir(parents=True)
    for name in ("1", "e/2", "left out.tmp"):
        (shared / "d" / name).write_text(name)

    def mirror() -> str:
        done = subprocess.run([programs / "mirror_tree", url, copy], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "3 files " in mirror()
    assert (copy / "d" / "e" / "2").read_text() == "e/2" and not (copy / "d" / "left out.tmp").exists()
    (shared / "d" / "e" / "2").unlink()
    assert "0 files " in mirror() and not (copy / "d" / "e" / "2").exists()


def check_odd_server(programs: pathlib.Path) -> None:
    done = subprocess.run([programs / "test_with_odd_server"], capture_output=True, text=True)
    assert done.returncode == 0 and "passed" in done.stdout, done.stdout + done.stderr


def check_custom_server(programs: pathlib.Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder, "log")
        archive = pathlib.Path(folder, "shared", "archive")
        archive.mkdir(parents=True)
        (archive / "old").write_bytes(b"x" * 300_000)
        server = subprocess.Popen([programs / "custom_server", "0", archive.parent, log], stdout=subprocess.PIPE, text=True)
        try:
            ftp = ftplib.FTP()
            ftp.connect("127.0.0.1", int(server.stdout.readline().rsplit(":", 1)[1]))
            ftp.login()
            assert ftp.sendcmd("SITE SPACE") == "200 700000 bytes are left."
            ftp.storbinary("STOR new", io.BytesIO(b"y" * 200_000))
            assert server.stdout.readline() == "/new has arrived\n"
            for refused, line in (("550", "RNFR archive/old"), ("502", "DELE new"), ("550", "SITE MKDIR archive/x"), ("550", "MKD tmp1")):
                try:
                    ftp.sendcmd(line)
                    raise AssertionError(f"{line} is allowed")
                except ftplib.error_perm as error:
                    assert str(error).startswith(refused), error
            try:
                ftp.storbinary("STOR big", io.BytesIO(b"z" * 600_000))
                raise AssertionError("the quota does not hold")
            except ftplib.error_perm as error:
                assert str(error).startswith("552"), error
            assert ftp.nlst() == ["archive", "new"]
            ftp.quit()
        finally:
            server.terminate()
            assert server.wait() == 0, "custom_server did not end well"
        assert " 200000 /new b _ i a anonymous ftp 0 * c\n" in log.read_text(), log.read_text()


def check_secure(programs: pathlib.Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shared, fetched = pathlib.Path(folder, "shared"), pathlib.Path(folder, "fetched")
        shared.mkdir()
        (shared / "a.bin").write_bytes(bytes(range(256)) * 1000)
        server = subprocess.Popen([programs / "secure_server", "0", shared], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True)
        try:
            fingerprint = server.stdout.readline().split(" ")[-1].strip()
            if not fingerprint:
                assert "there is no TLS in this build" in server.stderr.read()
                return
            port = server.stdout.readline().rsplit(":", 1)[1].strip()

            def download(host: str, *trusted: str) -> subprocess.CompletedProcess:
                url = f"ftps://ann:open%20sesame@{host}:{port}/a.bin"
                return subprocess.run([programs / "secure_download", url, fetched, *trusted], capture_output=True, text=True)

            refused = download("localhost")
            assert refused.returncode == 1 and fingerprint in refused.stderr, refused
            assert not fetched.exists()
            done = download("127.0.0.1", fingerprint)
            assert done.returncode == 0 and done.stdout.startswith("TLSv1.3 "), done
            assert fetched.read_bytes() == (shared / "a.bin").read_bytes()
        finally:
            ended = server.poll()
            server.terminate()
            assert ended == 1 or server.wait() == 0, "secure_server did not end well"


def main() -> None:
    programs, source = (pathlib.Path(argument) for argument in sys.argv[1:3])
    check_readme(source)
    check_download(programs)
    check_custom_server(programs)
    check_odd_server(programs)
    check_secure(programs)


if __name__ == "__main__":
    main()
