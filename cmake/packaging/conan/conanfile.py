"""Builds the repository that this recipe lies in, with Conan 2: conan create cmake/packaging/conan --build=missing"""
import re
from pathlib import Path

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy


class Libftp(ConanFile):
    name = "libftp"
    description = "FTP for C++ programs: a protocol engine without I/O, a server and a client"
    license = "MIT"
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "net": [True, False]}
    default_options = {"shared": False, "net": True}

    def set_version(self):
        header = Path(self.recipe_folder, "../../../libftp/include/libftp/version.hpp").read_text(encoding="utf-8")
        self.version = re.search(r'#define LIBFTP_VERSION "(.*)"', header).group(1)

    def export_sources(self):
        root = Path(self.recipe_folder, "../../..")
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "libftp/*"):
            copy(self, pattern, root, self.export_sources_folder)

    def requirements(self):
        self.requires("fmt/[>=9]")
        self.requires("libxcrypt/[>=4.4]")
        self.requires("openssl/[>=3 <4]")
        self.requires("zlib/[>=1.2 <2]")
        if self.options.net:
            self.requires("asio/[>=1.22]", transitive_headers=True)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["LIBFTP_NET"] = bool(self.options.net)
        for part in ("APPS", "EXAMPLES", "TESTS", "PAM"):
            toolchain.cache_variables[f"LIBFTP_{part}"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build(target="libftp")

    def package(self):
        copy(self, "LICENSE", self.source_folder, Path(self.package_folder, "licenses"))
        CMake(self).install()

    def package_info(self):
        core = self.cpp_info.components["core"]
        core.set_property("cmake_target_name", "libftp::core")
        core.set_property("pkg_config_name", "libftp-core")
        core.libs = ["ftp-core"]
        core.requires = ["fmt::fmt", "libxcrypt::libxcrypt", "openssl::crypto", "zlib::zlib"]
        if not self.options.net:
            return
        net = self.cpp_info.components["net"]
        net.set_property("cmake_target_name", "libftp::net")
        net.set_property("pkg_config_name", "libftp-net")
        net.libs = ["ftp-net"]
        net.defines = ["ASIO_STANDALONE"]
        net.system_libs = ["pthread"]
        net.requires = ["core", "asio::asio", "openssl::ssl"]
        testing = self.cpp_info.components["testing"]
        testing.set_property("cmake_target_name", "libftp::testing")
        testing.set_property("pkg_config_name", "libftp-testing")
        testing.libs = ["ftp-testing"]
        testing.requires = ["net"]
