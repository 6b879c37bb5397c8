#include <catch_amalgamated.hpp>

#include "proxy/store/store.h"
#include "tests/conformance/store_samples.h"
#include "tests/conformance/stores.h"

namespace slotwire::tests {
using namespace store;
namespace {

JwtRecord jwt(const std::string& id, int made_s, int ends_s) {
  return {id, "crm \"Größe\" 予約", "reader", "command line", "0123456789abcdef", at(made_s), at(ends_s)};
}

std::vector<std::string> ids_of(const std::vector<JwtRecord>& records) {
  std::vector<std::string> ids;
  for (const JwtRecord& record : records) ids.push_back(record.id);
  return ids;
}

}  // namespace

TEST_CASE("Store: a JWT that was made is listed as it was, newest first, until it has ended", "[conformance][store][jwt]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  const std::int64_t start = store->last_change().value();
  CHECK(store->jwts_ending_after(at(0)).value().empty());
  REQUIRE(store->add_jwt(jwt("a", 1, 100)));
  REQUIRE(store->add_jwt(jwt("b", 2, 50)));
  const auto changes = store->changes_since(start).value();
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].kind == Change::Kind::jwts);
  CHECK(subject.open()->jwts_ending_after(at(0)).value() == std::vector{jwt("b", 2, 50), jwt("a", 1, 100)});
  CHECK(ids_of(store->jwts_ending_after(at(50)).value()) == std::vector<std::string>{"a"});
  // Ids are unique; adding an existing one changes nothing.
  CHECK_FALSE(store->add_jwt(jwt("a", 3, 300)));
  CHECK(store->last_change().value() == changes[1].id);
  REQUIRE(store->drop_jwts_ended_before(at(51)));
  CHECK(ids_of(store->jwts_ending_after(at(0)).value()) == std::vector<std::string>{"a"});
}

TEST_CASE("Store: a JWT is revoked once and for good, and everybody hears of it", "[conformance][store][jwt]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  const auto other = subject.open();
  for (const char* id : {"a", "b", "c"}) REQUIRE(store->add_jwt(jwt(id, 1, 100)));
  const std::int64_t before = other->last_change().value();
  CHECK(store->revoke_jwts({"a", "c", "nobody's"}, "ada", at(5)).value() == 2);
  const auto changes = other->changes_since(before).value();
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].kind == Change::Kind::jwts);
  CHECK(other->revoke_jwts({"a", "b"}, "bob", at(6)).value() == 1);
  CHECK(store->revoke_jwts({}, "bob", at(7)).value() == 0);
  for (const JwtRecord& record : store->jwts_ending_after(at(0)).value()) {
    INFO(record.id);
    CHECK(record.revoked_by == (record.id == "b" ? "bob" : "ada"));
    CHECK(record.revoked_at == at(record.id == "b" ? 6 : 5));
  }
}

TEST_CASE("Store: a JWT's last use is written once in a while, whoever saw it", "[conformance][store][jwt]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  const auto other = subject.open();
  REQUIRE(store->add_jwt(jwt("a", 1, 1000)));
  const std::int64_t before = store->last_change().value();
  const auto last_used = [&] { return other->jwts_ending_after(at(0)).value().at(0).last_used_at; };
  CHECK_FALSE(last_used());
  const std::chrono::seconds minute{60};
  REQUIRE(store->note_jwt_used("a", at(10), minute));
  CHECK(last_used() == at(10));
  REQUIRE(other->note_jwt_used("a", at(69), minute));
  CHECK(last_used() == at(10));
  REQUIRE(other->note_jwt_used("a", at(70), minute));
  CHECK(last_used() == at(70));
  // From a server whose clock is behind.
  REQUIRE(store->note_jwt_used("a", at(20), minute));
  CHECK(last_used() == at(70));
  REQUIRE(store->note_jwt_used("nobody's", at(70), minute));
  CHECK(store->last_change().value() == before);
}

}  // namespace slotwire::tests
