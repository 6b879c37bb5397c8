#include "proxy/app/version.h"

namespace slotwire::app {

const char* const kVersion = SLOTWIRE_VERSION;

}  // namespace slotwire::app
