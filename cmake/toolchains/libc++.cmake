# clang with its own C++ library, the first of Debian's that knows the algorithms on ranges, and a fmt that try.sh has
# built with that under build/sysroot.
set(CMAKE_C_COMPILER clang-16)
set(CMAKE_CXX_COMPILER clang++-16)
set(CMAKE_CXX_FLAGS_INIT -stdlib=libc++)
get_filename_component(libftp_sysroot "${CMAKE_CURRENT_LIST_DIR}/../../build/sysroot/libc++" ABSOLUTE)
list(PREPEND CMAKE_PREFIX_PATH "${libftp_sysroot}/usr")
