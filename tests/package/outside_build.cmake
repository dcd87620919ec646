# Builds and runs one outside program: cmake -DWAY=find_package|add_subdirectory -DCOMPONENT=core|net|testing ... -P this file.
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE "${WORK_DIR}")
set(config "")
if(BUILD_TYPE)
  set(config --config "${BUILD_TYPE}")
endif()
set(settings "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}" "-DCMAKE_CXX_FLAGS=${CXX_FLAGS}" "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}"
  "-DCOMPONENT=${COMPONENT}" "-Dfmt_DIR=${FMT_DIR}")

if(NOT COMPONENT STREQUAL "core")
  list(APPEND settings "-DAsio_INCLUDE_DIR=${ASIO_INCLUDE_DIR}")
else() # The core has to do where there is no Asio.
  list(APPEND settings -DCMAKE_DISABLE_FIND_PACKAGE_Asio=ON)
endif()

if(WAY STREQUAL "find_package")
  run("${CMAKE_COMMAND}" --install "${LIBFTP_BUILD}" --prefix "${WORK_DIR}/prefix" ${config})
  list(APPEND settings "-DCMAKE_PREFIX_PATH=${WORK_DIR}/prefix")
else()
  list(APPEND settings "-DLIBFTP_SOURCE=${LIBFTP_SOURCE}")
  if(COMPONENT STREQUAL "core")
    list(APPEND settings -DLIBFTP_NET=OFF)
  endif()
endif()

run("${CMAKE_COMMAND}" -G "${GENERATOR}" -S "${CMAKE_CURRENT_LIST_DIR}/${WAY}" -B "${WORK_DIR}/build" ${settings})
if(WAY STREQUAL "add_subdirectory" AND NOT COMPONENT STREQUAL "core")
  # All that could be missing here is a target, and that shows by now: no need to compile everything once more.
  return()
endif()
run("${CMAKE_COMMAND}" --build "${WORK_DIR}/build" ${config} --target run_outside_program)
