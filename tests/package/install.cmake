# Installs the library into one folder and moves it to another: cmake -DLIBFTP_BUILD=... -DWORK_DIR=... -P this file.
set(config "")
if(BUILD_TYPE)
  set(config --config "${BUILD_TYPE}")
endif()
function(run)
  execute_process(COMMAND "${CMAKE_COMMAND}" ${ARGN} ${config} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE "${WORK_DIR}/first" "${WORK_DIR}/moved")
run(--build "${LIBFTP_BUILD}" --target libftp)
run(--install "${LIBFTP_BUILD}" --prefix "${WORK_DIR}/first" --component runtime)
run(--install "${LIBFTP_BUILD}" --prefix "${WORK_DIR}/first" --component development)
file(RENAME "${WORK_DIR}/first" "${WORK_DIR}/moved")
