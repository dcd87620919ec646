# Builds and runs one outside program: cmake -DWAY=find_package|add_subdirectory|fetch_content -DCOMPONENT=core|net|testing
# ... -P this file.
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE "${WORK_DIR}")
file(MAKE_DIRECTORY "${WORK_DIR}")
set(config "")
if(BUILD_TYPE)
  set(config --config "${BUILD_TYPE}")
endif()
set(settings "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}" "-DCMAKE_CXX_FLAGS=${CXX_FLAGS}" "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}"
  "-DCOMPONENT=${COMPONENT}" "-Dfmt_DIR=${FMT_DIR}")

if(NOT COMPONENT STREQUAL "core")
  list(APPEND settings "-DAsio_INCLUDE_DIR=${ASIO_INCLUDE_DIR}")
else() # The core has to do where there is no Asio.
  list(APPEND settings -DCMAKE_DISABLE_FIND_PACKAGE_Asio=ON -DLIBFTP_NET=OFF)
endif()

if(WAY STREQUAL "find_package")
  list(APPEND settings "-DCMAKE_PREFIX_PATH=${PREFIX}")
elseif(WAY STREQUAL "add_subdirectory")
  list(APPEND settings "-DLIBFTP_SOURCE=${LIBFTP_SOURCE}")
else()
  # The sources as they are now, in a repository of their own.
  set(git git "--git-dir=${WORK_DIR}/repository" "--work-tree=${LIBFTP_SOURCE}" -c core.autocrlf=false)
  run(${git} init --quiet --initial-branch main)
  run(${git} add --all)
  run(${git} -c user.name=outside -c user.email=outside@localhost commit --quiet --message "As it is")
  run(${git} config core.bare true)
  list(APPEND settings "-DLIBFTP_REPOSITORY=file://${WORK_DIR}/repository")
endif()

run("${CMAKE_COMMAND}" -G "${GENERATOR}" -S "${CMAKE_CURRENT_LIST_DIR}/${WAY}" -B "${WORK_DIR}/build" ${settings})
# All that can be missing after the other two is a target or a header: no need to compile everything once more.
set(target compile_outside_program)
if(WAY STREQUAL "find_package")
  set(target run_outside_program)
endif()
run("${CMAKE_COMMAND}" --build "${WORK_DIR}/build" ${config} --target ${target})
