# What every target of this project is compiled with; nothing of it reaches a program that links libftp.
option(LIBFTP_WERROR "Make compiler warnings errors" OFF)

function(libftp_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
    -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual $<$<BOOL:${LIBFTP_WERROR}>:-Werror>)
  if(LIBFTP_UNITY)
    # Sources that are compiled together see one another's unnamed namespaces, and a compiler takes them for headers.
    target_compile_options(${target} PRIVATE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()
