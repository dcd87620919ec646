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
if(NOT LIBFTP_CRYPT_LIBRARY OR NOT LIBFTP_CRYPT_INCLUDE_DIR)
  message(FATAL_ERROR "libcrypt is needed for the password hashes of libftp::core and was not found: install it "
    "(Debian and Ubuntu: apt-get install libcrypt-dev; Fedora: dnf install libxcrypt-devel).")
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

if(LIBFTP_TESTS)
  libftp_dependency(doctest 2.4.9 TARGET doctest::doctest
    REPOSITORY https://github.com/doctest/doctest.git TAG v2.4.12 DEBIAN doctest-dev FOR "the tests"
    WITHOUT LIBFTP_TESTS)
endif()
