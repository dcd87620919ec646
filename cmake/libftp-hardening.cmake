# What optimised builds of the library and the programs are hardened with; nothing of it reaches a program that links
# libftp.
option(LIBFTP_HARDENING "Fortify optimised builds (stack protector, checked libc calls, PIE, RELRO)"
  ${PROJECT_IS_TOP_LEVEL})

include(CheckPIESupported)
check_pie_supported()

function(libftp_hardening target)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  if(LIBFTP_HARDENING)
    # -U first: some distributions define it already. It needs an optimising compiler.
    target_compile_options(${target} PRIVATE -fstack-protector-strong
      "$<$<CONFIG:Release>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>")
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "EXECUTABLE")
      target_link_options(${target} PRIVATE LINKER:-z,relro,-z,now)
    endif()
  endif()
endfunction()
