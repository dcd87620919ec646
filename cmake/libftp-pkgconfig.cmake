# Installs libftp-core.pc, libftp-net.pc and libftp-testing.pc for pkg-config.
file(RELATIVE_PATH to_prefix "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
file(RELATIVE_PATH to_includes "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_FULL_INCLUDEDIR}")

# libftp_pkgconfig(component REQUIRES module... FLAGS flag... BENEATH module... LIBRARIES flag...): BENEATH and LIBRARIES are
# what the library itself is linked with; its users need that only if it is static.
function(libftp_pkgconfig component)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "REQUIRES;FLAGS;BENEATH;LIBRARIES")
  get_target_property(type libftp_${component} TYPE)
  if(type STREQUAL "STATIC_LIBRARY")
    list(PREPEND arg_REQUIRES ${arg_BENEATH})
    list(JOIN arg_LIBRARIES " " libraries)
  else()
    set(libraries "")
  endif()
  list(JOIN arg_REQUIRES ", " requires)
  list(JOIN arg_FLAGS " " flags)
  configure_file("${PROJECT_SOURCE_DIR}/cmake/libftp.pc.in" "${PROJECT_BINARY_DIR}/libftp-${component}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/libftp-${component}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig"
    COMPONENT development)
endfunction()

set(system_libraries "")
if(LIBFTP_CRYPT)
  list(APPEND system_libraries -lcrypt)
endif()
if(LIBFTP_PAM)
  list(APPEND system_libraries -lpam)
endif()
libftp_pkgconfig(core FLAGS "-I\${includedir}" BENEATH fmt zlib libcrypto LIBRARIES ${system_libraries})

if(LIBFTP_NET)
  set(tls "")
  if(LIBFTP_TLS)
    set(tls libssl)
  endif()
  # Asio has no module of its own in every version.
  set(asio -DASIO_STANDALONE)
  if(Asio_INCLUDE_DIR AND NOT Asio_INCLUDE_DIR IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
    list(APPEND asio "-I${Asio_INCLUDE_DIR}")
  endif()
  libftp_pkgconfig(net REQUIRES "libftp-core = ${PROJECT_VERSION}" FLAGS ${asio} -pthread BENEATH ${tls} LIBRARIES -pthread)
  libftp_pkgconfig(testing REQUIRES "libftp-net = ${PROJECT_VERSION}")
endif()
