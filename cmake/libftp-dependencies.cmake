# Brings in the libraries that libftp is built on: installed ones first, pinned downloads when
# LIBFTP_FETCH_DEPENDENCIES asks for them, otherwise one sentence on what to install.
include(FetchContent)

# libftp_dependency(<package> <least version> TARGET <target> REPOSITORY <url> TAG <pinned version>
#   DEBIAN <package to install> FOR <what needs it> [WITHOUT <option that leaves that out>])
macro(libftp_dependency package version)
  cmake_parse_arguments(libftp_dependency "" "TARGET;REPOSITORY;TAG;DEBIAN;FOR;WITHOUT" "" ${ARGN})
  if(NOT TARGET ${libftp_dependency_TARGET})
    find_package(${package} ${version} QUIET)
    if(NOT TARGET ${libftp_dependency_TARGET} AND LIBFTP_FETCH_DEPENDENCIES)
      message(STATUS "libftp: downloading ${package} ${libftp_dependency_TAG}")
      string(TOLOWER ${package} libftp_content)
      FetchContent_Declare(${libftp_content} GIT_REPOSITORY ${libftp_dependency_REPOSITORY}
        GIT_TAG ${libftp_dependency_TAG} GIT_SHALLOW TRUE)
      FetchContent_MakeAvailable(${libftp_content})
      if(NOT TARGET ${libftp_dependency_TARGET})
        # Asio is no CMake project: FindAsio makes the target from <download>/asio/include.
        list(APPEND CMAKE_PREFIX_PATH "${${libftp_content}_SOURCE_DIR}/${libftp_content}")
        find_package(${package} ${version} QUIET)
      endif()
    endif()
    if(NOT TARGET ${libftp_dependency_TARGET})
      set(libftp_way_out "")
      if(libftp_dependency_WITHOUT)
        set(libftp_way_out ", or leave this part out with -D${libftp_dependency_WITHOUT}=OFF")
      endif()
      message(FATAL_ERROR "${package} ${version} or later is needed for ${libftp_dependency_FOR} and was not found: "
        "install it (Debian and Ubuntu: apt-get install ${libftp_dependency_DEBIAN}), have it downloaded with "
        "-DLIBFTP_FETCH_DEPENDENCIES=ON${libftp_way_out}.")
    endif()
  endif()
endmacro()

set(FMT_INSTALL ${LIBFTP_INSTALL})
libftp_dependency(fmt 9 TARGET fmt::fmt
  REPOSITORY https://github.com/fmtlib/fmt.git TAG 10.2.1 DEBIAN libfmt-dev FOR "libftp::core")

find_library(LIBFTP_CRYPT_LIBRARY crypt)
find_path(LIBFTP_CRYPT_INCLUDE_DIR crypt.h)
mark_as_advanced(LIBFTP_CRYPT_LIBRARY LIBFTP_CRYPT_INCLUDE_DIR)
# Other systems have no libcrypt, or one that cannot do what is needed.
cmake_dependent_option(LIBFTP_CRYPT "All of libcrypt's password hashes in users files, not SHA-crypt alone" ON
  "CMAKE_SYSTEM_NAME STREQUAL Linux" OFF)
if(LIBFTP_CRYPT AND (NOT LIBFTP_CRYPT_LIBRARY OR NOT LIBFTP_CRYPT_INCLUDE_DIR))
  message(FATAL_ERROR "libcrypt is needed for the password hashes of libftp::core and was not found: install it "
    "(Debian and Ubuntu: apt-get install libcrypt-dev; Fedora: dnf install libxcrypt-devel), or do with SHA-crypt by "
    "-DLIBFTP_CRYPT=OFF.")
endif()

# libftp_system_library(<package> <least version> TARGET <target> DEBIAN <package to install> FOR <what needs it>)
function(libftp_system_library package version)
  cmake_parse_arguments(wanted "" "TARGET;DEBIAN;FOR" "" ${ARGN})
  find_package(${package} ${version} QUIET)
  if(NOT TARGET ${wanted_TARGET})
    message(FATAL_ERROR "${package} ${version} or later is needed for ${wanted_FOR} of libftp::core and was not found: "
      "install it (Debian and Ubuntu: apt-get install ${wanted_DEBIAN}).")
  endif()
endfunction()
libftp_system_library(ZLIB 1.2 TARGET ZLIB::ZLIB DEBIAN zlib1g-dev FOR "MODE Z and CRC-32")
libftp_system_library(OpenSSL 3 TARGET OpenSSL::Crypto DEBIAN libssl-dev FOR "the digests and TLS")

# Whoever does not ask for PAM gets it where it is.
find_library(LIBFTP_PAM_LIBRARY pam)
find_path(LIBFTP_PAM_INCLUDE_DIR security/pam_appl.h)
mark_as_advanced(LIBFTP_PAM_LIBRARY LIBFTP_PAM_INCLUDE_DIR)
set(libftp_has_pam OFF)
if(LIBFTP_PAM_LIBRARY AND LIBFTP_PAM_INCLUDE_DIR)
  set(libftp_has_pam ON)
endif()
option(LIBFTP_PAM "Logins by the system's accounts in libftp::core (needs libpam)" ${libftp_has_pam})
if(LIBFTP_PAM AND NOT libftp_has_pam)
  message(FATAL_ERROR "libpam is needed for LIBFTP_PAM and was not found: install it (Debian and Ubuntu: apt-get "
    "install libpam0g-dev; Fedora: dnf install pam-devel), or leave this part out with -DLIBFTP_PAM=OFF.")
endif()

if(LIBFTP_NET)
  find_package(Threads REQUIRED)
  libftp_dependency(Asio 1.22 TARGET Asio::Asio
    REPOSITORY https://github.com/chriskohlhoff/asio.git TAG asio-1-30-2
    DEBIAN libasio-dev FOR "libftp::net, the network layer" WITHOUT LIBFTP_NET)
endif()

if(LIBFTP_APPS)
  libftp_dependency(CLI11 2.1 TARGET CLI11::CLI11
    REPOSITORY https://github.com/CLIUtils/CLI11.git TAG v2.4.2
    DEBIAN libcli11-dev FOR "the programs ftp-server and ftp-client" WITHOUT LIBFTP_APPS)
endif()

# Windows' console edits lines by itself.
if(LIBFTP_APPS AND NOT WIN32)
  find_library(LIBFTP_EDIT_LIBRARY edit)
  find_path(LIBFTP_EDIT_INCLUDE_DIR histedit.h)
  mark_as_advanced(LIBFTP_EDIT_LIBRARY LIBFTP_EDIT_INCLUDE_DIR)
  if(NOT LIBFTP_EDIT_LIBRARY OR NOT LIBFTP_EDIT_INCLUDE_DIR)
    message(FATAL_ERROR "libedit is needed for the prompt of ftp-client and was not found: install it (Debian and "
      "Ubuntu: apt-get install libedit-dev; Fedora: dnf install libedit-devel), or leave the programs out with "
      "-DLIBFTP_APPS=OFF.")
  endif()
endif()

# libftp_extra(<option> <module of pkg-config> TARGET <target> DEBIAN <package to install> FOR <what it gives>): whoever
# does not ask for the option gets it where the library is.
function(libftp_extra option module)
  cmake_parse_arguments(wanted "" "TARGET;DEBIAN;FOR" "" ${ARGN})
  find_package(PkgConfig QUIET)
  if(PkgConfig_FOUND AND NOT TARGET PkgConfig::${wanted_TARGET})
    pkg_check_modules(${wanted_TARGET} QUIET IMPORTED_TARGET ${module})
  endif()
  set(is_there OFF)
  if(TARGET PkgConfig::${wanted_TARGET})
    set(is_there ON)
  endif()
  option(${option} "${wanted_FOR} in ftp-server (needs ${module})" ${is_there})
  if(${option} AND NOT is_there)
    message(FATAL_ERROR "${module} is needed for ${option} and was not found: install it (Debian and Ubuntu: apt-get "
      "install pkg-config ${wanted_DEBIAN}), or leave this part out with -D${option}=OFF.")
  endif()
endfunction()

if(LIBFTP_SERVER)
  libftp_extra(LIBFTP_SECCOMP libseccomp TARGET seccomp DEBIAN libseccomp-dev FOR "The filter of system calls")
  libftp_extra(LIBFTP_SYSTEMD libsystemd TARGET systemd DEBIAN libsystemd-dev FOR "Socket activation and restarts")
endif()

if(LIBFTP_TESTS)
  libftp_dependency(doctest 2.4.9 TARGET doctest::doctest
    REPOSITORY https://github.com/doctest/doctest.git TAG v2.4.12 DEBIAN doctest-dev FOR "the tests"
    WITHOUT LIBFTP_TESTS)
endif()

if(LIBFTP_BENCH)
  set(BENCHMARK_ENABLE_TESTING OFF)
  libftp_dependency(benchmark 1.7 TARGET benchmark::benchmark
    REPOSITORY https://github.com/google/benchmark.git TAG v1.8.5 DEBIAN libbenchmark-dev FOR "the benchmarks"
    WITHOUT LIBFTP_BENCH)
endif()
