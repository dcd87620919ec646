#!/usr/bin/env python3
"""Makes the reference with Doxygen and refuses its warnings: each public name has to be documented.

    check_reference.py SOURCE_FOLDER OUTPUT_FOLDER

What may do without a sentence: a plain member of a struct that has one, and what C++ gives a meaning to. Of warnings
about the specialisations in std Doxygen itself says that they are its own fault.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

LET_PASS = re.compile(
    r"Member \S.* \(variable\) of struct "
    r"|Member value_type \(typedef\) of "
    r"|Member operator==\("
    r"|Member (\w+)\(\1 &&|Member operator=\(\w+ &&"
    r"|Internal inconsistency: scope for class std::")


def main(source, output):
    if not shutil.which("doxygen"):
        print("doxygen is not installed")
        return 1 if os.environ.get("LIBFTP_REQUIRE_TOOLS") else 77
    output.mkdir(parents=True, exist_ok=True)
    settings = (source / "libftp/doc/Doxyfile").read_text(encoding="utf-8") + f'\nOUTPUT_DIRECTORY = "{output}"\n'
    done = subprocess.run(["doxygen", "-"], cwd=source, input=settings, capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if line and not LET_PASS.search(line)]
    print("\n".join(sorted(set(complaints))))
    if done.returncode != 0 or complaints:
        return 1
    print(f"every public name is documented; the reference is in {output}/html")
    return 0


if __name__ == "__main__":
    sys.exit(main(*(pathlib.Path(argument).resolve() for argument in sys.argv[1:3])))
