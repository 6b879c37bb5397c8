# slotwire_room(NAME [PUBLIC rooms...] [PRIVATE rooms...] [OTHERS libraries...])
#
# A folder of proxy/ as the static library slotwire_NAME. PUBLIC are the rooms that its headers name, PRIVATE those that only its
# sources do, OTHERS what is not ours. A room sees the folders of what it links and no others (slotwire_shown), so an include that
# nobody named finds no file; and rooms that link each other in a circle are refused.
set_property(GLOBAL PROPERTY GLOBAL_DEPENDS_NO_CYCLES ON)

function(slotwire_room name)
  cmake_parse_arguments(room "" "" "PUBLIC;PRIVATE;OTHERS" ${ARGN})
  list(TRANSFORM room_PUBLIC PREPEND slotwire_)
  list(TRANSFORM room_PRIVATE PREPEND slotwire_)
  file(GLOB sources CONFIGURE_DEPENDS ${name}/*.cpp)
  add_library(slotwire_${name} STATIC ${sources})
  slotwire_shown(slotwire_${name} PUBLIC proxy/${name})
  target_link_libraries(slotwire_${name}
    PUBLIC slotwire_shared ${room_PUBLIC}
    PRIVATE slotwire_flags ${room_PRIVATE} ${room_OTHERS})
endfunction()
