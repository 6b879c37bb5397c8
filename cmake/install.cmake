# What `cmake --install BUILD --component NAME --prefix FOLDER` puts where. The programs find each other and the widget's files from
# their own place, so the folder may be moved afterwards.
#   programs   bin/slotwire, libexec/slotwire/calendly-sim (for `slotwire demo`)
#   web        share/slotwire/public: the widget and the pages, as `make web` has left them
set(SLOTWIRE_PUBLIC_FILES ${PROJECT_SOURCE_DIR}/build/share/slotwire/public CACHE PATH "The folder of web files that is installed")

install(TARGETS slotwire RUNTIME DESTINATION bin COMPONENT programs)
install(TARGETS calendly-sim RUNTIME DESTINATION libexec/slotwire COMPONENT programs)
install(CODE "
  if(NOT EXISTS \"${SLOTWIRE_PUBLIC_FILES}/widget.js\")
    message(FATAL_ERROR \"${SLOTWIRE_PUBLIC_FILES} has no widget.js: run `make web` first, or set SLOTWIRE_PUBLIC_FILES\")
  endif()" COMPONENT web)
install(DIRECTORY ${SLOTWIRE_PUBLIC_FILES}/ DESTINATION share/slotwire/public COMPONENT web)
