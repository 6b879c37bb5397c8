# The files that `cmake --install BUILD --component NAME --prefix FOLDER` installs. Programs find each other and the widget's
# files relative to themselves, so the folder may be moved afterwards.
#   programs   bin/slotwire, libexec/slotwire/calendly-sim (for `slotwire demo`), and with SLOTWIRE_PACKAGED lib/slotwire:
#              the libraries whose names differ between Debian 12 and 13
#   man        share/man/man1/slotwire.1
#   web        share/slotwire/public: the widget and the pages, as built by `make web`
set(SLOTWIRE_PUBLIC_FILES ${PROJECT_SOURCE_DIR}/build/share/slotwire/public CACHE PATH "The folder of web files that is installed")

install(TARGETS slotwire RUNTIME DESTINATION bin COMPONENT programs)
install(TARGETS calendly-sim RUNTIME DESTINATION libexec/slotwire COMPONENT programs)
if(SLOTWIRE_PACKAGED)
  set_target_properties(slotwire PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/slotwire")
  set_target_properties(calendly-sim PROPERTIES INSTALL_RPATH "$ORIGIN/../../lib/slotwire")
  install(CODE "
    file(GET_RUNTIME_DEPENDENCIES EXECUTABLES $<TARGET_FILE:slotwire> $<TARGET_FILE:calendly-sim>
      RESOLVED_DEPENDENCIES_VAR found UNRESOLVED_DEPENDENCIES_VAR missing
      PRE_INCLUDE_REGEXES \"^lib(spdlog|fmt|prometheus-cpp|civetweb|date-tz|hiredis)\" PRE_EXCLUDE_REGEXES \".*\"
      DIRECTORIES /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE})
    if(missing OR NOT found)
      message(FATAL_ERROR \"These libraries were not found: \${missing}\")
    endif()
    foreach(library IN LISTS found)
      get_filename_component(name \${library} NAME)
      get_filename_component(file \${library} REALPATH)
      file(INSTALL \${file} DESTINATION \${CMAKE_INSTALL_PREFIX}/lib/slotwire RENAME \${name} TYPE FILE)
    endforeach()" COMPONENT programs)
endif()
install(CODE "
  if(NOT EXISTS \"${SLOTWIRE_PUBLIC_FILES}/widget.js\")
    message(FATAL_ERROR \"${SLOTWIRE_PUBLIC_FILES} has no widget.js: run `make web` first, or set SLOTWIRE_PUBLIC_FILES\")
  endif()" COMPONENT web)
install(DIRECTORY ${SLOTWIRE_PUBLIC_FILES}/ DESTINATION share/slotwire/public COMPONENT web)
install(FILES ${PROJECT_SOURCE_DIR}/deploy/slotwire.1 DESTINATION share/man/man1 COMPONENT man)
