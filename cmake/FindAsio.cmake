# Finds standalone Asio, which is headers only and installs no CMake package: defines the target Asio::Asio.
find_path(Asio_INCLUDE_DIR asio/version.hpp)
mark_as_advanced(Asio_INCLUDE_DIR)

if(EXISTS "${Asio_INCLUDE_DIR}/asio/version.hpp")
  # 102201 means 1.22.1.
  file(STRINGS "${Asio_INCLUDE_DIR}/asio/version.hpp" Asio_VERSION REGEX "^#define ASIO_VERSION [0-9]+")
  string(REGEX REPLACE "^#define ASIO_VERSION ([0-9]+).*" "\\1" Asio_VERSION "${Asio_VERSION}")
  math(EXPR Asio_VERSION_MAJOR "${Asio_VERSION} / 100000")
  math(EXPR Asio_VERSION_MINOR "${Asio_VERSION} / 100 % 1000")
  math(EXPR Asio_VERSION_PATCH "${Asio_VERSION} % 100")
  set(Asio_VERSION "${Asio_VERSION_MAJOR}.${Asio_VERSION_MINOR}.${Asio_VERSION_PATCH}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Asio REQUIRED_VARS Asio_INCLUDE_DIR VERSION_VAR Asio_VERSION)

if(Asio_FOUND AND NOT TARGET Asio::Asio)
  add_library(Asio::Asio INTERFACE IMPORTED)
  target_include_directories(Asio::Asio INTERFACE "${Asio_INCLUDE_DIR}")
  target_compile_definitions(Asio::Asio INTERFACE ASIO_STANDALONE)
  if(WIN32)
    # It wants to be told which Windows it is for: 10. Completion ports cannot tell that a listener has a newcomer, and
    # libftp waits for sockets to be ready, nothing else.
    target_compile_definitions(Asio::Asio INTERFACE _WIN32_WINNT=0x0A00 ASIO_DISABLE_IOCP WIN32_LEAN_AND_MEAN NOMINMAX)
    target_link_libraries(Asio::Asio INTERFACE ws2_32 mswsock)
  endif()
endif()
