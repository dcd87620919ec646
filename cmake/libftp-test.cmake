# How a test is registered: libftp_test(name LABEL label (COMMAND command... | SOURCES file...) ...).

# LABEL      unit, integration, simulation, fuzz, interop, example, package, headers, lint or bench: ctest -L chooses by it.
# SOURCES    files of doctest cases: built into an executable of that name and run.
# COMMAND    instead of SOURCES: what to run. It may say by exit code 77 that something it needs is not there.
# LIBRARIES  what SOURCES link, libftp::core unless told.
# TIMEOUT    seconds, 120 unless told.
# PROPERTIES further test properties, as for set_tests_properties().
function(libftp_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL;TIMEOUT" "SOURCES;COMMAND;LIBRARIES;PROPERTIES")
  if(NOT arg_LABEL OR NOT (arg_SOURCES OR arg_COMMAND) OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "libftp_test(${name}) needs a LABEL, and SOURCES or a COMMAND")
  endif()
  if(arg_SOURCES)
    if(NOT arg_LIBRARIES)
      set(arg_LIBRARIES libftp::core)
    endif()
    libftp_test_executable(${name} SOURCES ${arg_SOURCES} LIBRARIES ${arg_LIBRARIES})
    set(arg_COMMAND ${name})
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  if(CMAKE_CROSSCOMPILING_EMULATOR) # where each instruction takes many
    math(EXPR arg_TIMEOUT "10 * ${arg_TIMEOUT}")
  endif()
  add_test(NAME ${name} COMMAND ${arg_COMMAND})
  set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT} SKIP_RETURN_CODE 77
    ${arg_PROPERTIES})
endfunction()

# libftp_test_executable(name SOURCES file... LIBRARIES target...) only builds; main() is doctest's.
function(libftp_test_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  add_executable(${name} ${arg_SOURCES})
  # What tests share, and the library's private headers, which have tests of their own.
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests" "${PROJECT_SOURCE_DIR}/tests/support"
    "${PROJECT_SOURCE_DIR}/libftp/src")
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} libftp_test_main doctest::doctest)
  libftp_warnings(${name})
endfunction()
