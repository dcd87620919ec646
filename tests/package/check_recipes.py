"""Checks, without the tools, that the recipes for vcpkg and Conan fit the project: check_recipes.py REPOSITORY"""
import ast
import json
import re
import sys
from pathlib import Path


def main(root):
    """Prints what is wrong; 1 if anything is."""
    def read(path):
        return Path(root, path).read_text(encoding="utf-8")

    version = re.search(r'#define LIBFTP_VERSION "(.*)"', read("libftp/include/libftp/version.hpp")).group(1)
    options = set(re.findall(r"option\((LIBFTP_\w+)", read("CMakeLists.txt") + read("cmake/libftp-dependencies.cmake")))
    faults = []

    port = json.loads(read("cmake/packaging/vcpkg/libftp/vcpkg.json"))
    if port["version-semver"] != version:
        faults.append(f"vcpkg.json is of version {port['version-semver']}, not {version}")
    portfile = read("cmake/packaging/vcpkg/libftp/portfile.cmake")
    conanfile = read("cmake/packaging/conan/conanfile.py")
    compile(conanfile, "conanfile.py", "exec")
    named = set(re.findall(r"LIBFTP_\w+(?=[=)])", portfile)) | {"LIBFTP_NET"}
    left_out = re.search(r"for part in (\(.*\)):", conanfile).group(1)
    named |= {f"LIBFTP_{part}" for part in ast.literal_eval(left_out)}
    faults += [f"{option} is no option of the project" for option in sorted(named - options)]
    faults += [f"{feature} is not in the portfile" for feature in port["features"] if feature not in portfile]

    print("\n".join(faults) or f"the recipes fit version {version}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
