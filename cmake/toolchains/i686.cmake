# 32-bit x86; the machine that builds runs the programs itself, with the libraries of build/sysroot.
set(libftp_machine i686)
set(libftp_multiarch i386-linux-gnu)
include("${CMAKE_CURRENT_LIST_DIR}/debian-cross.cmake")
set(CMAKE_CROSSCOMPILING_EMULATOR "${libftp_sysroot}/lib/ld-linux.so.2" --library-path
  "${libftp_sysroot}/lib/${libftp_multiarch}:${libftp_sysroot}/usr/lib/${libftp_multiarch}")
