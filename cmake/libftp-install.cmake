# Installs the library and the package that find_package(libftp COMPONENTS core net testing) reads.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/libftp")

install(DIRECTORY "${PROJECT_SOURCE_DIR}/libftp/include/libftp" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  PATTERN net EXCLUDE PATTERN testing EXCLUDE)
if("net" IN_LIST components)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/libftp/include/libftp/net" "${PROJECT_SOURCE_DIR}/libftp/include/libftp/testing"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/libftp")
  install(FILES "${PROJECT_SOURCE_DIR}/cmake/FindAsio.cmake" DESTINATION "${package_dir}")
endif()

# One file of targets for each component, so that a program that wants only the core needs no Asio.
foreach(component IN LISTS components)
  install(TARGETS libftp_${component} EXPORT libftp-${component})
  install(EXPORT libftp-${component} NAMESPACE libftp:: FILE libftp-${component}-targets.cmake
    DESTINATION "${package_dir}")
endforeach()

# Before 1.0 a minor version may break programs.
set(compatibility SameMajorVersion)
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(compatibility SameMinorVersion)
endif()
write_basic_package_version_file("${PROJECT_BINARY_DIR}/libftp-config-version.cmake" COMPATIBILITY ${compatibility})
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/libftp-config.cmake.in"
  "${PROJECT_BINARY_DIR}/libftp-config.cmake" INSTALL_DESTINATION "${package_dir}")
install(FILES "${PROJECT_BINARY_DIR}/libftp-config.cmake" "${PROJECT_BINARY_DIR}/libftp-config-version.cmake"
  DESTINATION "${package_dir}")
