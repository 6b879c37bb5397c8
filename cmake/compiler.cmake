# The compiler options of all our targets; link slotwire_flags privately.
option(SLOTWIRE_WARNINGS_AS_ERRORS "Treat warnings as errors" OFF)
set(SLOTWIRE_SANITIZE "" CACHE STRING "Sanitizers for everything, such as address,undefined or thread")
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_RUNTIME_OUTPUT_DIRECTORY)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endif()

add_library(slotwire_flags INTERFACE)
target_compile_features(slotwire_flags INTERFACE cxx_std_20)
target_compile_options(slotwire_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
# g++ 12 reports the inside of an empty std::optional as "maybe uninitialized" when it optimises.
target_compile_options(slotwire_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
if(SLOTWIRE_WARNINGS_AS_ERRORS)
  target_compile_options(slotwire_flags INTERFACE -Werror)
endif()

# For tests with little work of their own: compiled without optimisation, which halves the build time and does not slow them down
# noticeably. Simulations and property tests stay optimised.
add_library(slotwire_compiled_quickly INTERFACE)
target_compile_options(slotwire_compiled_quickly INTERFACE -O0)

# slotwire_expose(TARGET SCOPE FOLDER): targets that link TARGET may include the files of FOLDER, by their names from the root, and
# no other files of the tree. The include directory is a folder of links in the build tree.
function(slotwire_expose target scope folder)
  set(window ${PROJECT_BINARY_DIR}/exposed/${target})
  get_filename_component(above ${window}/${folder} DIRECTORY)
  file(MAKE_DIRECTORY ${above})
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder} ${window}/${folder} SYMBOLIC)
  target_include_directories(${target} ${scope} ${window})
endfunction()

if(SLOTWIRE_SANITIZE)
  # Also for third-party code: a sanitizer that sees only part of a program reports false errors.
  add_compile_options(-fsanitize=${SLOTWIRE_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SLOTWIRE_SANITIZE})
endif()

# For delivered programs: no path of this machine in them, so that every folder gives the same bytes; the hardening options that
# Debian uses for its own programs; and libraries that have other names in another release, installed beside the program
# (install.cmake).
option(SLOTWIRE_PACKAGED "Build what `make dist` delivers" OFF)
if(SLOTWIRE_PACKAGED)
  add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -fstack-protector-strong -D_FORTIFY_SOURCE=2)
  set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)
  # Not DT_RUNPATH, which applies to a program's direct dependencies but not to those of its libraries.
  add_link_options(-Wl,--disable-new-dtags)
endif()
