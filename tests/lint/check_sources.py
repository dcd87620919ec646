#!/usr/bin/env python3
"""Checks the rules that hold libftp's architecture up: who includes whom, and what the core never does.

    check_sources.py [ROOT]       checks the tree and prints `file:line: what is wrong`
    check_sources.py --self-test  proves that every rule can fail
"""
import os
import pathlib
import posixpath
import re
import shutil
import subprocess
import sys
import tempfile

# Whom each room may include besides itself. "root" are the files directly in libftp/include/libftp and libftp/src.
ROOMS = {
    "root": [],
    "protocol": ["root"],
    "store": ["root", "protocol"],
    "auth": ["root", "protocol", "store"],
    "session": ["root", "protocol", "store", "auth"],
    "net": ["root", "protocol", "store", "auth", "session"],
    "testing": ["root", "protocol", "store", "auth", "session", "net"],
}
CORE = [room for room in ROOMS if room not in ("net", "testing")]

# Where an exception is the design: the disk store is the one that knows the operating system.
DISK = r"libftp/src/store/disk_[a-z_]*\.(cpp|hpp)"
BEHIND_STORE_OR_AUTH = r"libftp/src/(store|auth)/.*"
PASSWORD_HASH = r"libftp/src/auth/password_hash_crypt\.cpp"
ENDPOINT = r"libftp/src/endpoint\.cpp"
PUBLIC_HEADER = r"libftp/include/.*"

# (header, files that may include it, why the core's other files may not)
CORE_INCLUDES = [
    (r"asio(/.*|\.hpp)", None, "only net knows Asio"),
    (r"iostream|fstream|filesystem|thread|future|condition_variable", None,
     "the core does no input or output and starts no thread"),
    (r"random", DISK, "chance is handed to the core, which never makes it"),
    (r"mutex|shared_mutex", BEHIND_STORE_OR_AUTH, "a session and the interfaces lock nothing"),
    (r"arpa/inet\.h|ws2tcpip\.h", ENDPOINT, "only endpoint reads and writes addresses as text"),
    (r"(sys|linux|netinet)/.*|unistd\.h|fcntl\.h|dirent\.h|poll\.h|netdb\.h|pthread\.h|"
     r"windows\.h|winternl\.h", DISK,
     "only the disk store knows the operating system"),
    (r"crypt\.h", PASSWORD_HASH, "only the user table hashes passwords"),
]
PUBLIC_INCLUDES = [(r"fmt/.*", None, "fmt stays in .cpp files"), (r"openssl/.*", None, "OpenSSL stays in .cpp files")]

# (words in the core's code, files that may use them, why not)
CORE_WORDS = [
    (r"\b(system_clock|steady_clock|high_resolution_clock)\s*::\s*now\b|\bsteady_clock\b|"
     r"\b(clock_gettime|gettimeofday|localtime|localtime_r|mktime)\b|(?<![\w.>])time\s*\(\s*(nullptr|NULL|0|&)", DISK,
     "time is handed to the core, which never asks a clock"),
    (r"\b(random_device|mt19937(_64)?|getrandom|getentropy|arc4random\w*)\b|(?<![\w.>])s?rand\s*\(", DISK,
     "chance is handed to the core, which never makes it"),
    (r"\b(secure_)?getenv\b|\benviron\b", None, "settings are handed to the core, which never reads the environment"),
    (r"\bstd\s*::\s*(cout|cerr|clog|printf|puts|abort|exit)\b|(?<![\w.>])f?printf\s*\(|\bassert\s*\(", None,
     "the core never prints and never ends the program"),
]

MAX_LINES = 500
LEFT_FOR_LATER = re.compile(r"\b(TO" r"DO|FIX" r"ME|HA" r"CK|X" r"XX)\b")
SLEEPS = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep)\b|(?<![\w.>])sleep\s*\(")
ROOT_NAMES = {"CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", ".clang-format", ".clang-tidy",
              ".editorconfig", ".git", ".gitattributes", ".gitignore", ".ci", ".github", "cmake", "libftp", "apps", "examples", "tests"}

CPP = {".cpp", ".hpp"}
SCRIPTS = {".cmake", ".sh", ".py", ".in"}


def room_of(path):
    found = re.match(r"libftp/(?:include/libftp|src)/(?:([^/]+)/)?", path)
    return (found.group(1) or "root") if found else None


def without_comments_and_strings(text):
    """The same lines, with comments, strings and characters blanked, so that only code is searched."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'',
                       re.DOTALL)
    return token.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def check_includes(path, room, text):
    rules = []
    if room in CORE:
        rules += CORE_INCLUDES
    if re.fullmatch(PUBLIC_HEADER, path):
        rules += PUBLIC_INCLUDES
    for number, line in enumerate(text.splitlines(), 1):
        include = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if not include:
            continue
        quoted, name = include.group(1) == '"', include.group(2)
        for header, allowed, why in rules:
            if re.fullmatch(header, name) and not (allowed and re.fullmatch(allowed, path)):
                yield number, f"includes <{name}>: {why}"
        if room:
            yield from check_room(path, room, number, quoted, name)
        elif path.startswith(("apps/", "examples/")) and "libftp/src" in name:
            yield number, f'includes "{name}": programs use public headers only'


def check_room(path, room, number, quoted, name):
    if name.startswith("libftp/"):
        target = room_of("libftp/include/" + name)
    elif quoted:
        target = room_of(posixpath.normpath(posixpath.join(posixpath.dirname(path), name)))
    else:
        return
    if room not in ROOMS:
        yield 1, f"there is no room {room}"
    elif target != room and target not in ROOMS[room]:
        yield number, f"includes {name}: {room} must not know {target}"
    if quoted and re.fullmatch(PUBLIC_HEADER, path):
        yield number, f'includes "{name}": a public header includes public headers, as <libftp/...>'


def check_words(path, room, text):
    for number, line in enumerate(without_comments_and_strings(text).splitlines(), 1):
        if room in CORE:
            for words, allowed, why in CORE_WORDS:
                found = re.search(words, line)
                if found and not (allowed and re.fullmatch(allowed, path)):
                    yield number, f"{found.group().strip()}: {why}"
        if path.startswith("tests/") and SLEEPS.search(line):
            yield number, "a test waits for an event or invents the time, it never sleeps"


def check_opening(path, text):
    lines = text.splitlines()
    if lines and lines[0].startswith("#!"):
        del lines[0]
    if path.endswith(".py"):
        if not (lines and lines[0].startswith('"""')):
            yield 1, "does not open with a docstring on its job"
        return
    mark = "// " if path.endswith(tuple(CPP)) else "# "
    opening = []
    while len(opening) < len(lines) and lines[len(opening)].startswith(mark):
        opening.append(lines[len(opening)][len(mark):])
    # One sentence, which may go on over several lines.
    if not re.search(r"[.:;)](\s|$)", " ".join(opening)):
        yield 1, "does not open with a sentence on its job"
    if path.endswith(".hpp") and (len(lines) <= len(opening) or lines[len(opening)] != "#pragma once"):
        yield len(opening) + 1, "#pragma once has to follow the opening sentence"


def check_file(path, text):
    suffix = pathlib.PurePath(path).suffix
    room = room_of(path)
    if suffix in CPP:
        yield from check_includes(path, room, text)
        yield from check_words(path, room, text)
    if suffix in CPP | SCRIPTS or path.endswith("CMakeLists.txt"):
        yield from check_opening(path, text)
        length = text.count("\n")
        if length > MAX_LINES:
            yield length, f"{length} lines, more than {MAX_LINES}: this is more than one job"
    for number, line in enumerate(text.splitlines(), 1):
        if LEFT_FOR_LATER.search(line):
            yield number, "left for later: do it or drop it"


def names_at_root(root):
    """What is committed; everything but what .gitignore leaves out where there is no git to ask."""
    if shutil.which("git") and (root / ".git").exists():
        listed = subprocess.run(["git", "-C", root, "ls-files"], capture_output=True, text=True)
        if listed.returncode == 0 and listed.stdout:
            return sorted({line.split("/")[0] for line in listed.stdout.splitlines()})
    ignore_file = root / ".gitignore"
    ignored = {line.strip("/\n") for line in ignore_file.open()} if ignore_file.exists() else set()
    return sorted(entry.name for entry in root.iterdir() if entry.name not in ignored)


def check_tree(root):
    for name in names_at_root(root):
        if name not in ROOT_NAMES:
            yield f"{name}:1: does not belong at the root of the repository"
    for part in ["libftp", "apps", "examples", "tests", "cmake", ".ci", ".github", "CMakeLists.txt", "README.md"]:
        start = root / part
        for file in sorted(start.rglob("*")) if start.is_dir() else [start]:
            if not file.is_file() or "__pycache__" in file.parts:
                continue
            try:
                text = file.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # test data
            path = file.relative_to(root).as_posix()
            if text.startswith("#!") and not os.access(file, os.X_OK):
                yield f"{path}:1: begins like a program, but is not executable"
            for number, what in check_file(path, text):
                yield f"{path}:{number}: {what}"


HEADER = "// Does a thing.\n#pragma once\n"
SOURCE = "// Does a thing.\n"
GOOD = {
    "libftp/include/libftp/result.hpp": HEADER + "#include <string>\n",
    "libftp/include/libftp/protocol/timestamp.hpp": HEADER + "using t = std::chrono::system_clock::time_point;\n",
    "libftp/include/libftp/auth/a.hpp": HEADER + "#include <libftp/store/s.hpp>\n",
    "libftp/src/store/memory_store.cpp": SOURCE + "#include <mutex>\n#include \"detail.hpp\"\n",
    "libftp/src/store/disk_system.cpp": SOURCE + "#include <fcntl.h>\n",
    "libftp/src/auth/password_hash_crypt.cpp": SOURCE + "#include <crypt.h>\n",
    "libftp/src/session/s.cpp": SOURCE + "auto t = time() + entry.time(0); // never time(nullptr)\nauto u = \"getenv\"; int n = 1'000;\n",
    "libftp/include/libftp/net/n.hpp": HEADER + "#include <asio.hpp>\n#include <libftp/session/s.hpp>\n#include <thread>\n",
    "apps/a.cpp": SOURCE + "#include <iostream>\n#include <libftp/net/n.hpp>\n",
}
BAD = [
    ("libftp/include/libftp/result.hpp", HEADER + "#include <libftp/protocol/reply.hpp>\n", "root must not know protocol"),
    ("libftp/include/libftp/protocol/p.hpp", HEADER + "#include <libftp/store/s.hpp>\n", "protocol must not know store"),
    ("libftp/src/store/s.cpp", SOURCE + "#include <libftp/auth/a.hpp>\n", "store must not know auth"),
    ("libftp/src/auth/a.cpp", SOURCE + "#include \"../session/s.hpp\"\n", "auth must not know session"),
    ("libftp/src/session/s.cpp", SOURCE + "#include <libftp/net/n.hpp>\n", "session must not know net"),
    ("libftp/src/misc/m.cpp", SOURCE + "#include <libftp/result.hpp>\n", "no room misc"),
    ("libftp/src/session/s.cpp", SOURCE + "#include <asio/ip/tcp.hpp>\n", "only net knows Asio"),
    ("libftp/src/store/s.cpp", SOURCE + "#include <filesystem>\n", "no input or output"),
    ("libftp/src/protocol/p.cpp", SOURCE + "# include <iostream>\n", "no input or output"),
    ("libftp/include/libftp/store/s.hpp", HEADER + "#include <mutex>\n", "lock nothing"),
    ("libftp/src/store/memory_store.cpp", SOURCE + "#include <unistd.h>\n", "only the disk store"),
    ("libftp/src/session/s.cpp", SOURCE + "#include <crypt.h>\n", "only the user table"),
    ("libftp/include/libftp/net/n.hpp", HEADER + "#include <fmt/format.h>\n", "fmt stays"),
    ("libftp/include/libftp/net/n.hpp", HEADER + "#include <openssl/ssl.h>\n", "OpenSSL stays"),
    ("libftp/include/libftp/net/n.hpp", HEADER + "#include \"detail.hpp\"\n", "public headers"),
    ("apps/a.cpp", SOURCE + "#include \"../libftp/src/net/listener.hpp\"\n", "programs use public headers"),
    ("libftp/src/session/s.cpp", SOURCE + "auto t = std::chrono::system_clock::now();\n", "never asks a clock"),
    ("libftp/src/session/s.cpp", SOURCE + "std::chrono::steady_clock::time_point t;\n", "never asks a clock"),
    ("libftp/src/protocol/p.cpp", SOURCE + "auto t = std::time(nullptr);\n", "never asks a clock"),
    ("libftp/src/auth/user_table.cpp", SOURCE + "std::random_device chance;\n", "never makes it"),
    ("libftp/src/store/s.cpp", SOURCE + "auto n = rand();\n", "never makes it"),
    ("libftp/src/store/disk_store.cpp", SOURCE + "auto e = std::getenv(\"HOME\");\n", "never reads the environment"),
    ("libftp/src/secret.cpp", SOURCE + "std::cerr << 1;\n", "never prints"),
    ("libftp/src/session/s.cpp", SOURCE + "std::abort();\n", "never ends the program"),
    ("libftp/include/libftp/net/n.hpp", "// Does a thing.\n\n#pragma once\n", "#pragma once"),
    ("libftp/src/net/n.cpp", "#include <string>\n", "open with a sentence"),
    ("libftp/src/net/n.cpp", "// n.cpp\n", "open with a sentence"),
    ("cmake/c.cmake", "set(a b)\n", "open with a sentence"),
    ("tests/lint/t.py", "import re\n", "docstring"),
    ("tests/bench/t.py", "#!/usr/bin/env python3\n\"\"\"Does a thing.\"\"\"\n", "not executable"),
    ("libftp/src/net/n.cpp", SOURCE + "\n" * MAX_LINES, "more than one job"),
    ("README.md", "TO" "DO\n", "left for later"),
    ("tests/unit/t.cpp", SOURCE + "std::this_thread::sleep_for(1s);\n", "never sleeps"),
    ("notes.txt", "", "does not belong at the root"),
]


def self_test():
    def complaints(files):
        with tempfile.TemporaryDirectory() as directory:
            for path, text in files.items():
                file = pathlib.Path(directory, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            return list(check_tree(pathlib.Path(directory)))

    wrong = [f"complains about a good file: {line}" for line in complaints(GOOD)]
    for path, text, expected in BAD:
        found = complaints({path: text})
        if len(found) != 1 or expected not in found[0] or not found[0].startswith(path + ":"):
            wrong.append(f"wants one complaint '{expected}' about {path}:\n{text[:200]}but has {found}")
    return wrong


def main(arguments):
    if arguments == ["--self-test"]:
        found, done = self_test(), f"{len(BAD)} bad samples were found, {len(GOOD)} good ones passed"
    else:
        root = pathlib.Path(arguments[0] if arguments else pathlib.Path(__file__).parents[2])
        found, done = list(check_tree(root)), "the tree keeps its rules"
    print("\n".join(found) if found else done)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
