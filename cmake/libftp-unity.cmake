# Compiles the sources of a target in a few large files, which takes half the time.
include(CheckLinkerFlag)
check_linker_flag(CXX "LINKER:--gc-sections" LIBFTP_LINKER_KNOWS_SECTIONS)

function(libftp_unity target)
  if(NOT LIBFTP_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 16)
  # Sources that are compiled together see one another's unnamed namespaces, and a compiler takes them for headers.
  target_compile_options(${target} PRIVATE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  # What a large file makes the compiler allocate mostly stays: looking for garbage early costs 8 % of the time and frees
  # next to nothing (in KiB).
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=262144>)
  # Its ordinary object files hold 32,768 sections, and to leave out some of many takes its linker minutes.
  if(MINGW)
    target_compile_options(${target} PRIVATE -Wa,-mbig-obj)
    return()
  endif()
  # In sections a program can leave out what it does not use, as it would leave out small files.
  target_compile_options(${target} PRIVATE -ffunction-sections -fdata-sections)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "EXECUTABLE" AND LIBFTP_LINKER_KNOWS_SECTIONS)
    target_link_options(${target} PRIVATE LINKER:--gc-sections)
  endif()
endfunction()
