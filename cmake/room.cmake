# slotwire_room(NAME [PUBLIC rooms...] [PRIVATE rooms...] [OTHERS libraries...])
#
# Makes a folder of proxy/ the static library slotwire_NAME. PUBLIC: rooms that its headers include. PRIVATE: rooms that only its
# sources include. OTHERS: third-party libraries. A room sees only the folders of the rooms it links (slotwire_expose), so that any
# other include finds no file. Rooms that link each other in a circle are refused.
set_property(GLOBAL PROPERTY GLOBAL_DEPENDS_NO_CYCLES ON)

function(slotwire_room name)
  cmake_parse_arguments(room "" "" "PUBLIC;PRIVATE;OTHERS" ${ARGN})
  list(TRANSFORM room_PUBLIC PREPEND slotwire_)
  list(TRANSFORM room_PRIVATE PREPEND slotwire_)
  file(GLOB sources CONFIGURE_DEPENDS ${name}/*.cpp)
  add_library(slotwire_${name} STATIC ${sources})
  slotwire_expose(slotwire_${name} PUBLIC proxy/${name})
  target_link_libraries(slotwire_${name}
    PUBLIC slotwire_shared ${room_PUBLIC}
    PRIVATE slotwire_flags ${room_PRIVATE} ${room_OTHERS})
endfunction()
