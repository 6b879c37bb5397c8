# Third-party libraries as targets: third_party_catch2, third_party_httplib and the folder SLOTWIRE_IMGUI_DIR are compiled
# from pinned sources (sources.txt); the rest are installed packages.
#
#   SLOTWIRE_SOURCES   debian    Debian's source packages, through the machine's own mirror
#                      download  the upstream archives
#                      a folder  that holds imgui/, cpp-httplib/ and catch2/
if(EXISTS /etc/debian_version)
  set(SLOTWIRE_SOURCES debian CACHE STRING "Where pinned sources come from: debian, download, or a folder")
else()
  set(SLOTWIRE_SOURCES download CACHE STRING "Where pinned sources come from: debian, download, or a folder")
endif()

if(SLOTWIRE_SOURCES STREQUAL "debian")
  set(SLOTWIRE_SOURCE_DIR_OF_ALL ${PROJECT_SOURCE_DIR}/.cache/sources)
  execute_process(COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/debian-sources.sh ${SLOTWIRE_SOURCE_DIR_OF_ALL}
                  RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "The pinned sources could not be fetched; the lines above say why.")
  endif()
elseif(SLOTWIRE_SOURCES STREQUAL "download")
  set(SLOTWIRE_SOURCE_DIR_OF_ALL ${PROJECT_SOURCE_DIR}/.cache/downloaded)
  file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/sources.txt pins REGEX "^[^#]")
  foreach(pin IN LISTS pins)
    string(REGEX REPLACE " +" ";" pin "${pin}")
    list(GET pin 0 name)
    list(GET pin 3 hash)
    list(GET pin 4 url)
    set(archive ${SLOTWIRE_SOURCE_DIR_OF_ALL}/${name}-${hash}.tar.gz)
    if(NOT EXISTS ${SLOTWIRE_SOURCE_DIR_OF_ALL}/${name} OR NOT EXISTS ${archive})
      message(STATUS "Fetching ${url}")
      file(DOWNLOAD ${url} ${archive} EXPECTED_HASH SHA256=${hash} STATUS status)
      list(GET status 0 failed)
      if(failed)
        file(REMOVE ${archive})
        message(FATAL_ERROR "${url} could not be fetched: ${status}")
      endif()
      set(unpacked ${SLOTWIRE_SOURCE_DIR_OF_ALL}/${name}.unpacked)
      file(REMOVE_RECURSE ${unpacked} ${SLOTWIRE_SOURCE_DIR_OF_ALL}/${name})
      file(ARCHIVE_EXTRACT INPUT ${archive} DESTINATION ${unpacked})
      file(GLOB top ${unpacked}/*)
      file(RENAME ${top} ${SLOTWIRE_SOURCE_DIR_OF_ALL}/${name})
      file(REMOVE_RECURSE ${unpacked})
    endif()
  endforeach()
else()
  set(SLOTWIRE_SOURCE_DIR_OF_ALL ${SLOTWIRE_SOURCES})
endif()
foreach(name imgui cpp-httplib catch2)
  if(NOT EXISTS ${SLOTWIRE_SOURCE_DIR_OF_ALL}/${name})
    message(FATAL_ERROR "${SLOTWIRE_SOURCE_DIR_OF_ALL}/${name} is missing (SLOTWIRE_SOURCES=${SLOTWIRE_SOURCES})")
  endif()
endforeach()

set(SLOTWIRE_IMGUI_DIR ${SLOTWIRE_SOURCE_DIR_OF_ALL}/imgui)

# Catch2, amalgamated: compiled once per toolchain. Without optimisation, which would double its 24 s for no benefit.
add_library(third_party_catch2 STATIC EXCLUDE_FROM_ALL ${SLOTWIRE_SOURCE_DIR_OF_ALL}/catch2/extras/catch_amalgamated.cpp)
target_include_directories(third_party_catch2 SYSTEM PUBLIC ${SLOTWIRE_SOURCE_DIR_OF_ALL}/catch2/extras)
target_compile_features(third_party_catch2 PUBLIC cxx_std_20)
target_compile_options(third_party_catch2 PRIVATE -w -O0)

if(EMSCRIPTEN)
  target_compile_options(third_party_catch2 PUBLIC -fexceptions)
  return()
endif()

find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(brotlienc REQUIRED IMPORTED_TARGET libbrotlienc)
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
find_package(nlohmann_json 3.10 REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(date REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)

# Split by httplib's own script into declarations and one source file: including the header-only form would cost 11 to 28 s per
# file.
set(httplib_dir ${CMAKE_BINARY_DIR}/third_party/httplib)
set(httplib_header ${SLOTWIRE_SOURCE_DIR_OF_ALL}/cpp-httplib/httplib.h)
add_custom_command(
  OUTPUT ${httplib_dir}/httplib.h ${httplib_dir}/httplib.cc
  COMMAND Python3::Interpreter ${SLOTWIRE_SOURCE_DIR_OF_ALL}/cpp-httplib/split.py --out ${httplib_dir}
  WORKING_DIRECTORY ${SLOTWIRE_SOURCE_DIR_OF_ALL}/cpp-httplib
  DEPENDS ${httplib_header}
  COMMENT "Splitting httplib")
add_library(third_party_httplib STATIC EXCLUDE_FROM_ALL ${httplib_dir}/httplib.cc ${httplib_dir}/httplib.h)
target_include_directories(third_party_httplib SYSTEM PUBLIC ${httplib_dir})
target_compile_features(third_party_httplib PUBLIC cxx_std_20)
target_compile_options(third_party_httplib PRIVATE -w)
# USE_POLL: select() closes every connection from descriptor 1,024 on. httplib gets neither zlib nor brotli: it would decompress
# requests past their size limit, and compress every answer again. Both are done where bodies are cached.
target_compile_definitions(third_party_httplib PUBLIC CPPHTTPLIB_OPENSSL_SUPPORT CPPHTTPLIB_USE_POLL)
# The simulator accepts forms as large as the proxy passes on; httplib's default is 8 KiB.
target_compile_definitions(third_party_httplib PRIVATE CPPHTTPLIB_FORM_URL_ENCODED_PAYLOAD_MAX_LENGTH=1048576)
target_link_libraries(third_party_httplib PUBLIC OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
