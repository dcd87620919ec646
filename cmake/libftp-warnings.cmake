# What every target of this project is compiled with; nothing of it reaches a program that links libftp.
option(LIBFTP_WERROR "Make compiler warnings errors" OFF)

function(libftp_warnings target)
  # Who compiles it in large files uses it rather than changes it; the warnings would cost 5 % of that time.
  if(LIBFTP_UNITY AND NOT LIBFTP_WERROR)
    return()
  endif()
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
    -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual $<$<BOOL:${LIBFTP_WERROR}>:-Werror>)
endfunction()
