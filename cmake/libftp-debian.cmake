# The Debian packages libftp<version>, libftp-dev, libftp-server and libftp-client: cmake --preset debian, then
# cmake --build --preset debian --target package.
get_target_property(abi_version libftp_core SOVERSION)
set(scripts "${PROJECT_SOURCE_DIR}/cmake/debian")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "libftp <libftp@example.org>")
set(CPACK_STRIP_FILES ON)
# Files may go to /etc, too.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX "${CMAKE_INSTALL_PREFIX}")

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# What a package links is found out from its files, and found out from these by others.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PROJECT_BINARY_DIR}/libftp")
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")

# package(component name section "summary"): name is that of the Debian package.
set(CPACK_COMPONENTS_ALL "")
macro(package component name section summary)
  string(TOUPPER ${component} key)
  list(APPEND CPACK_COMPONENTS_ALL ${component} ${component}-debian)
  set(CPACK_COMPONENT_${key}_GROUP ${component})
  set(CPACK_COMPONENT_${key}-DEBIAN_GROUP ${component})
  set(CPACK_DEBIAN_${key}_DESCRIPTION "${summary}")
  set(CPACK_DEBIAN_${key}_PACKAGE_NAME ${name})
  set(CPACK_DEBIAN_${key}_PACKAGE_SECTION ${section})
  # Only for the packages: cmake --install does not know this component unless it is asked for.
  install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION share/doc/${name} RENAME copyright
    COMPONENT ${component}-debian EXCLUDE_FROM_ALL)
endmacro()

package(runtime libftp${abi_version} libs "FTP for C++ programs: the shared libraries")
package(development libftp-dev libdevel "FTP for C++ programs: headers, and what CMake and pkg-config read")
package(server libftp-server net "FTP server with TLS, confined by systemd, Landlock and seccomp")
package(client libftp-client net "FTP client with TLS, for the prompt and for scripts")

# All of one version belongs together.
foreach(key IN ITEMS DEVELOPMENT SERVER CLIENT)
  set(CPACK_COMPONENT_${key}_DEPENDS runtime)
endforeach()
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libasio-dev, libc6-dev")
set(CPACK_DEBIAN_SERVER_PACKAGE_DEPENDS
  "systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles, init-system-helpers")
set(CPACK_DEBIAN_SERVER_PACKAGE_CONTROL_EXTRA
  "${scripts}/conffiles;${scripts}/postinst;${scripts}/prerm;${scripts}/postrm")
install(FILES "${scripts}/ftp-server.toml" DESTINATION /etc/ftp-server COMPONENT server-debian EXCLUDE_FROM_ALL)

include(CPack)
