# Installs the library with what finds it again: the package of find_package(libftp COMPONENTS core net testing), and the
# modules of pkg-config. What cmake --install --component knows is runtime, development, server and client; programs that
# were not built are left out.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/libftp")
set(headers "${PROJECT_SOURCE_DIR}/libftp/include/libftp")

install(DIRECTORY "${headers}" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development
  PATTERN net EXCLUDE PATTERN testing EXCLUDE)
if("net" IN_LIST components)
  install(DIRECTORY "${headers}/net" "${headers}/testing" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/libftp"
    COMPONENT development)
  install(FILES "${PROJECT_SOURCE_DIR}/cmake/FindAsio.cmake" DESTINATION "${package_dir}" COMPONENT development)
endif()

# One file of targets for each component, so that a program that wants only the core needs no Asio.
foreach(component IN LISTS components)
  install(TARGETS libftp_${component} EXPORT libftp-${component}
    RUNTIME COMPONENT runtime
    LIBRARY COMPONENT runtime NAMELINK_COMPONENT development
    ARCHIVE COMPONENT development)
  install(EXPORT libftp-${component} NAMESPACE libftp:: FILE libftp-${component}-targets.cmake
    DESTINATION "${package_dir}" COMPONENT development)
endforeach()

write_basic_package_version_file("${PROJECT_BINARY_DIR}/libftp-config-version.cmake" COMPATIBILITY ${compatibility})
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/libftp-config.cmake.in"
  "${PROJECT_BINARY_DIR}/libftp-config.cmake" INSTALL_DESTINATION "${package_dir}")
install(FILES "${PROJECT_BINARY_DIR}/libftp-config.cmake" "${PROJECT_BINARY_DIR}/libftp-config-version.cmake"
  DESTINATION "${package_dir}" COMPONENT development)
include(libftp-pkgconfig)
