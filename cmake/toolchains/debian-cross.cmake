# Builds for another machine of Debian's: with clang, which takes half the time of g++, the C and C++ libraries of Debian's
# cross compiler for that machine, and the others that try.sh lays out in build/sysroot. It is included by the file of a
# machine, which says libftp_machine, the name in the compiler's, and libftp_multiarch, the name of Debian's folders.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${libftp_machine})
set(CMAKE_C_COMPILER clang)
set(CMAKE_C_COMPILER_TARGET ${libftp_machine}-linux-gnu)
set(CMAKE_CXX_COMPILER clang++)
set(CMAKE_CXX_COMPILER_TARGET ${libftp_machine}-linux-gnu)

get_filename_component(libftp_sysroot "${CMAKE_CURRENT_LIST_DIR}/../../build/sysroot/${libftp_machine}" ABSOLUTE)
set(CMAKE_LIBRARY_ARCHITECTURE ${libftp_multiarch})
set(CMAKE_FIND_ROOT_PATH "${libftp_sysroot}" /usr/${libftp_machine}-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
# OpenSSL keeps its configuration in Debian's folder of the machine; CMake takes usr/include for one that needs no naming.
set(CMAKE_CXX_FLAGS_INIT
  "-isystem ${libftp_sysroot}/usr/include -isystem ${libftp_sysroot}/usr/include/${libftp_multiarch}")
# The libraries name others that stand beside them; libcrypt is asked for by its name alone.
set(libftp_library_folders "${libftp_sysroot}/usr/lib/${libftp_multiarch}" "${libftp_sysroot}/lib/${libftp_multiarch}")
list(TRANSFORM libftp_library_folders REPLACE "^(.+)$" "-L\\1 -Wl,-rpath-link,\\1")
list(JOIN libftp_library_folders " " CMAKE_EXE_LINKER_FLAGS_INIT)
