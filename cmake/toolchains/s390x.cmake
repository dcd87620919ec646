# IBM Z, a machine with the big end first; qemu runs the programs.
set(libftp_machine s390x)
set(libftp_multiarch s390x-linux-gnu)
include("${CMAKE_CURRENT_LIST_DIR}/debian-cross.cmake")
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-s390x-static -L "${libftp_sysroot}")
