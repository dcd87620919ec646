#!/usr/bin/env python3
"""Checks that libftp/doc/architecture.md shows the rooms and the session's phases as the code has them.

    check_architecture.py          prints the difference, and how to refresh
    check_architecture.py --write  refreshes the page
"""
import difflib
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "libftp/doc/architecture.md"


def room_of(path):
    """The room of a file, or of what an #include names; None for what is not of this repository."""
    for pattern in (r"libftp/(?:include/libftp|src)/(?:([^/]+)/)?[^/]+$", r"(apps|examples)/"):
        found = re.match(pattern, path)
        if found:
            return found.group(1) or "root"
    return None


def edges():
    """(room, room that it includes) for each pair that occurs."""
    found = set()
    for folder in ("libftp", "apps", "examples"):
        for file in sorted((ROOT / folder).rglob("*.[ch]pp")):
            path = file.relative_to(ROOT).as_posix()
            for name in re.findall(r"^#include <(libftp/[^>]+)>", file.read_text(encoding="utf-8"), re.MULTILINE):
                pair = room_of(path), room_of("libftp/include/" + name)
                if pair[0] != pair[1]:
                    found.add(pair)
    return found


def shortest(pairs):
    """Without the edges that go without saying, because others lead there too."""
    def leads(start, end, without):
        seen, todo = set(), [start]
        while todo:
            here = todo.pop()
            for one, other in pairs:
                if one == here and (one, other) != without and other not in seen:
                    if other == end:
                        return True
                    seen.add(other)
                    todo.append(other)
        return False
    return sorted(pair for pair in pairs if not leads(*pair, without=pair))


def picture_of_rooms():
    lines = [f"    {one} --> {other}" for one, other in shortest(edges())]
    return "```mermaid\nflowchart TD\n" + "\n".join(lines) + "\n```\n"


def phases():
    """(name, meaning) in the order of the enum."""
    header = (ROOT / "libftp/include/libftp/session/server_session.hpp").read_text(encoding="utf-8")
    body = re.search(r"enum class phase [^{]*\{(.*?)\};", header, re.DOTALL).group(1)
    return re.findall(r"^\s*(\w+),[ ]*(?:///< (.*))?$", body, re.MULTILINE)


def entries():
    """Phase: the functions of the session that enter it."""
    found = {}
    for file in sorted((ROOT / "libftp/src/session").glob("server_session*.cpp")):
        function = None
        for line in file.read_text(encoding="utf-8").splitlines():
            head = re.match(r"(?:\S.* )?server_session::(\w+)\(", line)
            function = head.group(1) if head else function
            for phase in re.findall(r"\benter\(.*?\bphase::(\w+)", line):
                found.setdefault(phase, []).append(function)
    return found


def limits():
    """Phase: what it waits for at most, as enter() has it."""
    machine = (ROOT / "libftp/src/session/server_session.cpp").read_text(encoding="utf-8")
    body = re.search(r"void server_session::enter\(.*?\n}\n", machine, re.DOTALL).group()
    found = {}
    for cases, limit in re.findall(r"((?:\s*case phase::\w+:)+) return (.*?);", body):
        name = re.sub(r"later\(facts_\.now, |options_\.|\)$", "", limit).rstrip("_")
        for phase in re.findall(r"phase::(\w+)", cases):
            found[phase] = f"`{name}`"
    return found


def table_of_phases():
    entered, limit = entries(), limits()
    lines = ["| Phase | | At most | Entered by |", "|---|---|---|---|"]
    for name, meaning in phases():
        by = ", ".join(f"`{function}`" for function in dict.fromkeys(entered.get(name, [])))
        lines.append(f"| `{name}` | {meaning or ''} | {limit.get(name, '')} | {by} |")
    return "\n".join(lines) + "\n"


def refreshed(text):
    for mark, made in (("rooms", picture_of_rooms()), ("phases", table_of_phases())):
        begin, end = f"<!-- {mark}: begin -->\n", f"<!-- {mark}: end -->\n"
        before, _, rest = text.partition(begin)
        _, found, behind = rest.partition(end)
        if not found:
            sys.exit(f"{PAGE}: has to have the lines {begin.strip()} and {end.strip()}")
        text = f"{before}{begin}\n{made}\n{end}{behind}"
    return text


def main(arguments):
    shown = PAGE.read_text(encoding="utf-8")
    wanted = refreshed(shown)
    if shown == wanted:
        print("the page shows the code as it is")
        return 0
    if arguments == ["--write"]:
        PAGE.write_text(wanted, encoding="utf-8")
        print(f"{PAGE} is refreshed")
        return 0
    sys.stdout.writelines(difflib.unified_diff(shown.splitlines(True), wanted.splitlines(True), "shown", "code"))
    print(f"To refresh it: {sys.argv[0]} --write")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
