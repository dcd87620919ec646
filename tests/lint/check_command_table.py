#!/usr/bin/env python3
"""Checks that a page tells of the commands what the program that makes that part prints.

    check_command_table.py PAGE PROGRAM          prints the difference, and how to refresh
    check_command_table.py --write PAGE PROGRAM  refreshes the page
"""
import argparse
import difflib
import pathlib
import subprocess
import sys

BEGIN, END = "<!-- commands: begin -->\n", "<!-- commands: end -->\n"


def split(text):
    """What is before the marks, between and behind; an error unless each mark is there once, in order."""
    before, begin, rest = text.partition(BEGIN)
    between, end, behind = rest.partition(END)
    if not (begin and end) or BEGIN in rest or END in before + behind:
        raise ValueError(f"has to have the lines {BEGIN.strip()} and {END.strip()} once, in this order")
    return before + begin, between, end + behind


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("program")
    options = parser.parse_args(arguments)

    printed = subprocess.run([options.program], capture_output=True, encoding="utf-8", check=True).stdout
    wanted = f"\n{printed}\n"  # Markdown wants an empty line around a table
    try:
        before, found, behind = split(options.page.read_text(encoding="utf-8"))
    except ValueError as error:
        print(f"{options.page}: {error}")
        return 1
    if found == wanted:
        print("the commands on the page are those of the program")
        return 0
    if options.write:
        options.page.write_text(before + wanted + behind, encoding="utf-8")
        print(f"{options.page} is refreshed")
        return 0
    sys.stdout.writelines(difflib.unified_diff(found.splitlines(True), wanted.splitlines(True), str(options.page),
                                               options.program))
    print(f"To refresh it: {sys.argv[0]} --write {options.page} {options.program}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
