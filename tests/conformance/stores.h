#pragma once
// Every kind of store, new and empty for each test, so that all are held to the same contract.
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
  // Opens the same store as another program would. In memory there is only one store, which is shared.
  [[nodiscard]] std::shared_ptr<store::Store> open();
  [[nodiscard]] int schema_version() const;
  void set_schema_version(int version) const;
  // Deletes changes directly in the database, without the store's knowledge. Not for the store in memory.
  void forget_changes_up_to(std::int64_t id) const;

 private:
  StoreKind kind_;
  servers::ServerFolder folder_;
  std::string url_;
  std::shared_ptr<store::Store> in_memory_;
};

}  // namespace slotwire::tests
