# What the library and the programs are hardened with; nothing of it reaches a program that links libftp. lint.hardening
# looks whether the programs have it.
# Windows has its own ways of this, on by default, and its gcc fails with some of ours.
cmake_dependent_option(LIBFTP_HARDENING "Fortify the build (stack protector, checked libc calls, PIE, RELRO, and more)"
  ${PROJECT_IS_TOP_LEVEL} "NOT WIN32" OFF)

include(CheckCXXCompilerFlag)
include(CheckPIESupported)
check_pie_supported()

# Not every processor has these. The second counts where the whole system is built with it (x86: CET).
set(libftp_hardening_flags -fstack-protector-strong)
if(LIBFTP_HARDENING)
  set(CMAKE_REQUIRED_FLAGS -Werror)
  foreach(flag IN ITEMS -fstack-clash-protection -fcf-protection=full)
    string(MAKE_C_IDENTIFIER "libftp_has${flag}" has_flag)
    check_cxx_compiler_flag(${flag} ${has_flag})
    if(${has_flag})
      list(APPEND libftp_hardening_flags ${flag})
    endif()
  endforeach()
  unset(CMAKE_REQUIRED_FLAGS)
endif()

function(libftp_hardening target)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  if(LIBFTP_HARDENING)
    # -U first: some distributions define it already. It needs an optimising compiler, and knows less than a sanitizer.
    target_compile_options(${target} PRIVATE ${libftp_hardening_flags}
      "$<$<CONFIG:Release,MinSizeRel>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>")
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "EXECUTABLE")
      target_link_options(${target} PRIVATE LINKER:-z,relro,-z,now,-z,noexecstack)
    endif()
  endif()
endfunction()
