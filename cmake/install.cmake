# The files that `cmake --install BUILD --component NAME --prefix FOLDER` installs. Programs find each other and the widget's
# files relative to themselves, so the folder may be moved afterwards.
#   programs   bin/slotwire, libexec/slotwire/calendly-sim (for `slotwire demo`)
#   web        share/slotwire/public: the widget and the pages, as built by `make web`
set(SLOTWIRE_PUBLIC_FILES ${PROJECT_SOURCE_DIR}/build/share/slotwire/public CACHE PATH "The folder of web files that is installed")

install(TARGETS slotwire RUNTIME DESTINATION bin COMPONENT programs)
install(TARGETS calendly-sim RUNTIME DESTINATION libexec/slotwire COMPONENT programs)
install(CODE "
  if(NOT EXISTS \"${SLOTWIRE_PUBLIC_FILES}/widget.js\")
    message(FATAL_ERROR \"${SLOTWIRE_PUBLIC_FILES} has no widget.js: run `make web` first, or set SLOTWIRE_PUBLIC_FILES\")
  endif()" COMPONENT web)
install(DIRECTORY ${SLOTWIRE_PUBLIC_FILES}/ DESTINATION share/slotwire/public COMPONENT web)
