#pragma once
// Each kind of store, new and empty for every test, so that one set of cases holds them all to the same contract.
#include <memory>
#include <string>
#include <vector>

#include "proxy/store/store.h"
#include "tests/conformance/servers.h"

namespace slotwire::tests {

enum class StoreKind { sqlite_memory, sqlite_file, postgresql };
[[nodiscard]] inline std::vector<StoreKind> all_store_kinds() {
  return {StoreKind::sqlite_memory, StoreKind::sqlite_file, StoreKind::postgresql};
}

class StoreUnderTest {
 public:
  explicit StoreUnderTest(StoreKind kind);
  [[nodiscard]] const char* name() const;
  [[nodiscard]] const std::string& url() const { return url_; }
  // As another program would open it; in memory there is one store for all.
  [[nodiscard]] std::shared_ptr<store::Store> open();
  [[nodiscard]] int schema_version() const;
  void set_schema_version(int version) const;
  // As a program of another kind might, behind the store's back. Not in memory.
  void forget_changes_up_to(std::int64_t id) const;

 private:
  StoreKind kind_;
  servers::ServerFolder folder_;
  std::string url_;
  std::shared_ptr<store::Store> in_memory_;
};

}  // namespace slotwire::tests
