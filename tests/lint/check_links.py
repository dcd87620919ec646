#!/usr/bin/env python3
"""Checks that the links of the documents lead to files and headings that are there: check_links.py [ROOT]"""
import pathlib
import re
import sys

CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def anchors(text):
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def check(file):
    for link in re.findall(r"\]\(([^)\s]+)\)", CODE.sub("", file.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = file.parent / path if path else file
        if not target.exists():
            yield f"{file}: {link}: there is no such file"
        elif anchor and anchor not in anchors(target.read_text(encoding="utf-8")):
            yield f"{file}: {link}: there is no such heading"


def main(root):
    documents = [root / "README.md", *sorted((root / "libftp/doc").glob("*.md")), *sorted((root / ".github").glob("*.md"))]
    found = [line for file in documents for line in check(file)]
    print("\n".join(found) if found else f"the links of {len(documents)} documents lead somewhere")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])))
