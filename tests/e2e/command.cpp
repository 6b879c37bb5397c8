#include "tests/e2e/command.h"

namespace slotwire::e2e {

Run run_proxy(const std::vector<std::string>& arguments, const Environment& settings) {
  Process process(program_path("slotwire"), arguments, settings);
  Run run;
  run.status = process.wait_for_end();
  run.output = process.output();
  return run;
}

}  // namespace slotwire::e2e
