// The list of JWTs: which are listed, which are revoked, and what is known while the store is not available.
#include "proxy/access/jwt_list.h"

#include <catch_amalgamated.hpp>

#include "tests/proxy/service_fixture.h"

namespace slotwire::tests {
using namespace access;
using namespace secrets;
using std::chrono::hours;
using std::chrono::seconds;
namespace {

struct World : ServiceFixture {
  std::unique_ptr<JwtList> opened(bool listed_only = false) {
    return JwtList::open({*store, store_workers, clock, log, secret}, listed_only).value();
  }
  std::string made(JwtList& list, const std::string& sub = "crm", Role role = Role::reader) {
    return list.make({sub, role, clock.now() + hours(1)}, "command line").value();
  }
  std::string id_of(const std::string& jwt) { return claims_from_jwt(jwt, secret, clock.now()).value().id; }
  // A JWT with these claims and a valid signature, as made by anybody who has the secret.
  std::string forged(const Claims& claims) const { return jwt_from_claims(claims, secret); }
  std::optional<Instant> last_used(const std::string& id) {
    for (const auto& record : store->jwts_ending_after(Instant()).value()) {
      if (record.id == id) return record.last_used_at;
    }
    return std::nullopt;
  }

  ManualWorkers store_workers{clock};
  SecretString secret{"a jwt secret of at least thirty-two bytes"};
};

std::string bearer(const std::string& jwt) { return "Bearer " + jwt; }

ErrorCode refusal(JwtList& list, const std::string& jwt) {
  const auto claims = list.admitted(bearer(jwt));
  return claims ? ErrorCode::internal : claims.error().code;
}

}  // namespace

TEST_CASE("JwtList: a JWT once given away could not be taken back before it expired", "[proxy][jwt]") {
  World world;
  const auto here = world.opened();
  const auto there = world.opened();
  const std::string jwt = world.made(*here);
  const std::string other = world.made(*here, "accounting");
  REQUIRE(here->admitted(bearer(jwt)));
  REQUIRE(there->admitted(bearer(jwt)));  // a server that has not read the change yet accepts it by its signature
  const auto revoked = here->revoke({JwtChoice::By::id, world.id_of(jwt)}, "ada", Role::admin);
  REQUIRE(revoked);
  CHECK(revoked->now == 1);
  CHECK(refusal(*here, jwt) == ErrorCode::unauthorized);
  REQUIRE(there->apply_changes());
  CHECK(refusal(*there, jwt) == ErrorCode::unauthorized);
  CHECK(refusal(*world.opened(), jwt) == ErrorCode::unauthorized);
  CHECK(here->admitted(bearer(other)));
  const auto again = there->revoke({JwtChoice::By::id, world.id_of(jwt)}, "bob", Role::admin);
  REQUIRE(again);
  CHECK(again->now == 0);
  CHECK(again->before == 1);
  const auto listed = there->listed(false).value();
  REQUIRE(listed.size() == 2);
  for (const ListedJwt& each : listed) {
    const bool is_it = each.record.id == world.id_of(jwt);
    CHECK(each.state == (is_it ? JwtState::revoked : JwtState::living));
    CHECK(each.record.revoked_by == (is_it ? "ada" : ""));
  }
}

TEST_CASE("JwtList: all of a sub at once, those of a higher role by nobody below it", "[proxy][jwt]") {
  World world;
  const auto list = world.opened();
  const std::string first = world.made(*list);
  const std::string second = world.made(*list);
  const std::string other = world.made(*list, "crm2");
  const std::string master = world.made(*list, "root", Role::super_admin);
  const JwtChoice crm{JwtChoice::By::subject, "crm"};
  CHECK(list->revoke(crm, "ada", Role::admin)->now == 2);
  CHECK(refusal(*list, first) == ErrorCode::unauthorized);
  CHECK(refusal(*list, second) == ErrorCode::unauthorized);
  CHECK(list->admitted(bearer(other)));
  for (const JwtChoice& choice : {JwtChoice{JwtChoice::By::subject, "root"}, JwtChoice{JwtChoice::By::id, world.id_of(master)}}) {
    const auto refused = list->revoke(choice, "ada", Role::admin);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::forbidden);
    CHECK(list->admitted(bearer(master)));
  }
  CHECK(list->revoke({JwtChoice::By::subject, "root"}, "ada", Role::super_admin)->now == 1);
  for (const JwtChoice& choice : {JwtChoice{JwtChoice::By::subject, "nobody"}, JwtChoice{JwtChoice::By::id, "nothing"}}) {
    const auto unknown = list->revoke(choice, "ada", Role::super_admin);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == ErrorCode::not_found);
    CHECK(unknown.error().details.at(0).field == (choice.by == JwtChoice::By::id ? "id" : "sub"));
  }
}

TEST_CASE("JwtList: who uses a listed id for another JWT is refused, whatever else it claims", "[proxy][jwt]") {
  World world;
  const auto list = world.opened();
  const std::string jwt = world.made(*list);
  const Claims claims = claims_from_jwt(jwt, world.secret, world.clock.now()).value();
  CHECK(list->admitted(bearer(world.forged(claims))));
  Claims higher = claims;
  higher.role = Role::super_admin;
  Claims longer = claims;
  longer.expires += hours(1);
  Claims renamed = claims;
  renamed.subject = "root";
  for (const Claims& changed : {higher, longer, renamed}) CHECK(refusal(*list, world.forged(changed)) == ErrorCode::unauthorized);
  // The id is revoked, so no JWT with this id is accepted.
  REQUIRE(list->revoke({JwtChoice::By::id, claims.id}, "ada", Role::admin));
  for (const Claims& changed : {claims, higher, longer, renamed})
    CHECK(refusal(*list, world.forged(changed)) == ErrorCode::unauthorized);
}

TEST_CASE("JwtList: JWTs that are on no list go on working, unless only listed ones are taken", "[proxy][jwt]") {
  World world;
  const auto open = world.opened();
  const auto strict = world.opened(true);
  const Instant end = world.clock.now() + hours(1);
  const std::string from_before = world.forged({"crm", Role::reader, end});
  const std::string by_hand = world.forged({"crm", Role::reader, end, "an-id-of-somebody-else"});
  for (const std::string& jwt : {from_before, by_hand}) {
    CHECK(open->admitted(bearer(jwt)));
    CHECK(refusal(*strict, jwt) == ErrorCode::unauthorized);
  }
  CHECK(strict->admitted(bearer(world.made(*strict))));
  // A sign-in link opens a session, which is listed; the link itself is not.
  CHECK(strict->admitted(bearer(world.forged(claims_of_link("ada", Role::admin, hours(1), world.clock.now())))));
}

TEST_CASE("JwtList: one that was made elsewhere a moment ago is not refused for being new", "[proxy][jwt]") {
  World world;
  const auto here = world.opened(true);
  const auto there = world.opened(true);
  const std::string jwt = world.made(*there);
  CHECK(refusal(*here, jwt) == ErrorCode::unauthorized);
  REQUIRE(here->may_be_new(bearer(jwt)));
  CHECK_FALSE(here->may_be_new(bearer(jwt)));  // one check a second
  REQUIRE(here->apply_changes());
  CHECK(here->admitted(bearer(jwt)));
  CHECK_FALSE(here->may_be_new(bearer(jwt)));
  world.clock.pass(seconds(2));
  CHECK_FALSE(here->may_be_new(bearer(world.forged({"crm", Role::reader, world.clock.now() + hours(1)}))));
  CHECK_FALSE(here->may_be_new("Bearer eyJ.not.signed"));
  CHECK_FALSE(here->may_be_new(""));
  // If unlisted JWTs are accepted, there is nothing to check.
  CHECK_FALSE(world.opened()->may_be_new(bearer(jwt)));
}

TEST_CASE("JwtList: its last use is noted once a minute, by a worker", "[proxy][jwt]") {
  World world;
  const auto list = world.opened();
  const std::string jwt = world.made(*list);
  const std::string id = world.id_of(jwt);
  const Instant first = world.clock.now();
  for (int i = 0; i < 100; ++i) REQUIRE(list->admitted(bearer(jwt)));
  CHECK_FALSE(world.last_used(id));
  CHECK(world.store_workers.waiting() == 1);
  world.store_workers.run();
  CHECK(world.last_used(id) == first);
  world.clock.pass(seconds(59));
  REQUIRE(list->admitted(bearer(jwt)));
  CHECK(world.store_workers.waiting() == 0);
  // Reading the list in between forgets nothing.
  REQUIRE(world.made(*list, "another") != jwt);
  REQUIRE(list->apply_changes());
  REQUIRE(list->admitted(bearer(jwt)));
  CHECK(world.store_workers.waiting() == 0);
  world.clock.pass(seconds(1));
  REQUIRE(list->admitted(bearer(jwt)));
  world.store_workers.run();
  CHECK(world.last_used(id) == first + seconds(60));
}

TEST_CASE("JwtList: a use is noted where the JWT was not heard of yet", "[proxy][jwt]") {
  World world;
  const auto here = world.opened();
  const auto there = world.opened();
  const std::string jwt = world.made(*there);
  for (int i = 0; i < 10; ++i) REQUIRE(here->admitted(bearer(jwt)));
  CHECK(world.store_workers.waiting() == 1);
  world.store_workers.run();
  CHECK(world.last_used(world.id_of(jwt)) == world.clock.now());
}

TEST_CASE("JwtList: a revoked one stays out when the store forgets, or is away", "[proxy][jwt]") {
  World world;
  const auto list = world.opened();
  const std::string jwt = world.made(*list);
  REQUIRE(list->revoke({JwtChoice::By::id, world.id_of(jwt)}, "ada", Role::admin));
  // A backup is restored: the same JWT, not revoked, and a change that makes servers read the list.
  auto record = world.store->jwts_ending_after(Instant()).value().at(0);
  REQUIRE(world.store->drop_jwts_ended_before(record.expires_at + seconds(1)));
  record.revoked_at.reset();
  REQUIRE(world.store->add_jwt(record));
  REQUIRE(list->apply_changes());
  CHECK(list->listed(false).value().at(0).state == JwtState::living);
  CHECK(refusal(*list, jwt) == ErrorCode::unauthorized);
}

TEST_CASE("JwtList: expired, and signed with the secret of before", "[proxy][jwt]") {
  World world;
  const auto list = world.opened();
  const std::string jwt = world.made(*list);
  world.clock.pass(hours(1) + kJwtLeeway);
  CHECK(list->admitted(bearer(jwt)));
  world.clock.pass(seconds(1));
  CHECK(refusal(*list, jwt) == ErrorCode::unauthorized);
  CHECK(list->listed(false).value().empty());
  CHECK(list->listed(true).value().at(0).state == JwtState::expired);

  const std::string living = world.made(*list);
  const SecretString rotated("another secret of at least thirty-two bytes");
  const auto after = JwtList::open({*world.store, world.store_workers, world.clock, world.log, rotated}, false).value();
  CHECK(refusal(*after, living) == ErrorCode::unauthorized);
  CHECK(after->listed(false).value().at(0).state == JwtState::other_secret);
  world.clock.pass(std::chrono::days(31) + hours(1));
  list->drop_old();
  CHECK(world.store->jwts_ending_after(Instant()).value().empty());
}

TEST_CASE("JwtList: who it is for is text on one line, or named as wrong", "[proxy][jwt]") {
  World world;
  const auto list = world.opened();
  for (const std::string& sub : {std::string(), std::string("a\nb"), std::string("\xff"), std::string("\xed\xa0\x80"),
                                 std::string("a\0b", 3), std::string(201, 'a')}) {
    const auto refused = list->make({sub, Role::reader, world.clock.now() + hours(1)}, "command line");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::bad_input);
    CHECK(refused.error().details.at(0).field == "sub");
  }
  CHECK(world.store->jwts_ending_after(Instant()).value().empty());
  CHECK(list->make({"Größe 予約", Role::reader, world.clock.now() + hours(1)}, "command line"));
  CHECK(name_of_revocation({JwtChoice::By::subject, "crm"}) == "jwt.revoke of crm");
  CHECK(name_of_revocation({JwtChoice::By::subject, "a\nb"}) == "jwt.revoke");
  CHECK(name_of_revocation({JwtChoice::By::id, "0123456789abcdef01234567"}) == "jwt.revoke 0123456789abcdef01234567");
  CHECK(name_of_revocation({JwtChoice::By::id, "<script>"}) == "jwt.revoke");
}

}  // namespace slotwire::tests
