# What every target of this project is compiled with; nothing of it reaches a program that links libftp.
option(LIBFTP_WERROR "Make compiler warnings errors" OFF)

function(libftp_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
    -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual $<$<BOOL:${LIBFTP_WERROR}>:-Werror>)
endfunction()
