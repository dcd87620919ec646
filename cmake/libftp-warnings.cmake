# What every target of this project is compiled with; nothing of it reaches a program that links libftp.
option(LIBFTP_WERROR "Make compiler warnings errors" OFF)

function(libftp_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
    -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual $<$<BOOL:${LIBFTP_WERROR}>:-Werror>)
  if(LIBFTP_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # It takes the sources that are compiled together for headers, whose unnamed namespaces would be a fault.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()
