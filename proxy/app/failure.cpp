#include "proxy/app/failure.h"

#include <iostream>

namespace slotwire::proxy {

int failed(const Error& error) {
  std::cerr << "slotwire: " << error.detail << '\n';
  for (const ErrorDetail& detail : error.details) {
    // Where one input is wrong, the sentence is its detail already.
    if (error.detail.find(detail.message) != std::string::npos) continue;
    std::cerr << "  " << (detail.field.empty() ? "" : detail.field + " ") << detail.message << '\n';
  }
  return 1;
}

}  // namespace slotwire::proxy
