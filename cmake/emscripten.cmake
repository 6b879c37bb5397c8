# Toolchain file for any em++ on the PATH: from a distribution's package, emsdk or another installation.
find_program(EMSCRIPTEN_CONFIG em-config REQUIRED)
execute_process(COMMAND ${EMSCRIPTEN_CONFIG} EMSCRIPTEN_ROOT OUTPUT_VARIABLE root OUTPUT_STRIP_TRAILING_WHITESPACE)
include(${root}/cmake/Modules/Platform/Emscripten.cmake)
