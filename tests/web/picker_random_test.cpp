// Random visitors, networks and clocks, with invariants that are checked after every step.
#include <catch_amalgamated.hpp>
#include <random>

#include "tests/environment.h"
#include "tests/web/plain_page.h"

namespace slotwire::web::test {
namespace {

using std::chrono::days;

class Run {
 public:
  explicit Run(unsigned seed) : random_(seed), bench_("2026-10-20T10:00:00Z", amsterdam()) {
    for (int i = 0; i < 400; ++i)
      if (pick(3) > 0) bench_.free.insert(at("2026-10-20T00:00:00Z") + std::chrono::minutes{30 * pick(48 * 120)});
    ever_free_ = bench_.free;
    const char* views[] = {"month", "month", "week", "list"};
    bench_.picker.set_option("view", views[pick(4)]);
    bench_.picker.set_wide(pick(2) == 0);
    bench_.picker.set_option("event-type", pick(4) == 0 ? "" : "30min");
    bench_.settle();
  }

  void step() {
    switch (pick(16)) {
      case 0:
      case 1:
        answer();
        break;
      case 2:
        fail();
        break;
      case 3:
        press();
        break;
      case 4:
        bench_.picker.set_clock(bench_.picker.state().now + std::chrono::seconds{pick(4000)});
        break;
      case 5:
        change_zone();
        break;
      case 6:
        bench_.picker.set_focus(pick(3) == 0 ? std::string() : any_node());
        break;
      case 7:
        bench_.picker.enter_text("zone-search", pick(2) == 0 ? "o" : "zzz");
        break;
      case 8:
        give_lists();
        break;
      case 9:
        take_slots();
        break;
      case 10:
        bench_.picker.set_wide(pick(2) == 0);
        break;
      case 11:
        book();
        break;
      case 12:
        fill_in();
        break;
      default:
        activate();
        break;
    }
    bench_.settle();
    check();
  }

 private:
  // Others book slots too.
  void take_slots() {
    for (int i = 0; i < 40 && !bench_.free.empty(); ++i) {
      auto slot = bench_.free.begin();
      std::advance(slot, pick(static_cast<int>(bench_.free.size())));
      bench_.free.erase(slot);
    }
    if (pick(2) == 0 && bench_.picker.state().chosen) bench_.free.erase(*bench_.picker.state().chosen);
  }

  void book() {
    if (const Book* offered = bench_.action<Book>()) {
      last_offered_ = offered->start;
    } else if (last_offered_ && bench_.picker.take_booking(*last_offered_, {"https://x/e", "https://x/i"})) {
      bench_.free.erase(*last_offered_);
    }
  }

  // The page may report any state of its form at any time.
  void fill_in() {
    const Form forms[] = {Form::none, Form::opening, Form::opening, Form::open, Form::sending};
    if (pick(6) > 0) {
      bench_.picker.set_form(forms[pick(5)]);
      return;
    }
    if (bench_.picker.state().chosen) bench_.free.erase(*bench_.picker.state().chosen);
    bench_.picker.lose_slot();
  }

  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

  void answer() {
    if (bench_.fetches.empty()) return;
    const std::size_t which = static_cast<std::size_t>(pick(static_cast<int>(bench_.fetches.size())));
    const FetchSlots fetch = bench_.fetches[which];
    bench_.fetches.erase(bench_.fetches.begin() + static_cast<std::ptrdiff_t>(which));
    SlotsAnswer reply = answer_for(fetch.days, bench_.free, bench_.picker.state().now - std::chrono::seconds{pick(900)});
    if (pick(3) == 0) {  // the second part failed
      const Day middle = fetch.days.begin + days{7};
      std::erase_if(reply.slots, [middle](const Slot& slot) { return utc_day_of(slot.start) >= middle; });
      reply.windows = {{{fetch.days.begin, middle}, WindowSource::stale, reply.fetched_at, {}},
                       {{middle, fetch.days.end}, WindowSource::failed, {}, ErrorCode::calendly_unavailable}};
    }
    bench_.picker.take_answer(fetch.id, std::move(reply));
  }

  void fail() {
    const char* codes[] = {"offline", "too_many_requests", "calendly_unavailable", "not_connected", "event_type_not_found", "?"};
    std::optional<std::chrono::seconds> wait;
    if (pick(2) == 0) wait = std::chrono::seconds{pick(60)};
    const std::uint32_t id =
        bench_.fetches.empty() || pick(5) == 0 ? static_cast<std::uint32_t>(pick(3)) : bench_.fetches.back().id;
    if (!bench_.fetches.empty() && id == bench_.fetches.back().id) bench_.fetches.pop_back();
    bench_.picker.take_failure(id, codes[pick(6)], wait);
  }

  void press() {
    const char* keys[] = {"ArrowLeft", "ArrowRight",   "ArrowUp",        "ArrowDown", "Home",  "End", "PageUp",
                          "PageDown",  "Shift+PageUp", "Shift+PageDown", "Escape",    "Enter", "x"};
    bench_.picker.press(pick(4) == 0 ? any_node() : bench_.picker.state().focus, keys[pick(13)]);
  }

  void change_zone() {
    const int hours = pick(27) - 12;
    bench_.picker.set_zone("Zone/" + std::to_string(hours),
                           hours == 1 ? amsterdam() : ZoneOffsets(std::chrono::hours{hours}, {}));
  }

  void give_lists() {
    bench_.picker.set_zones({{"Zone/1", "One"}, {"Zone/9", "Nine"}});
    if (pick(3) > 0) return;
    EventType type;
    type.uri = "https://api.calendly.com/event_types/AAA";
    type.name = "Intro";
    type.slug = "30min";
    type.scheduling_url = "https://calendly.com/acme/30min";
    const ConnectionMode mode = pick(6) == 0 ? ConnectionMode::public_links : ConnectionMode::pat;
    bench_.picker.take_catalogue({mode, pick(8) == 0 ? std::vector<EventType>{} : std::vector<EventType>{type}});
  }

  void activate() {
    std::vector<std::string> ids;
    gather(bench_.picker.screen().root, [&](const Node& node) {
      if (is_active(node)) ids.push_back(node.id);
    });
    if (ids.empty()) return;
    const std::string id = ids[static_cast<std::size_t>(pick(static_cast<int>(ids.size())))];
    INFO(id);
    REQUIRE(bench_.picker.activate(id));  // everything that can be activated accepts it
  }

  std::string any_node() {
    std::vector<std::string> ids;
    gather(bench_.picker.screen().root, [&](const Node& node) { ids.push_back(node.id); });
    return ids[static_cast<std::size_t>(pick(static_cast<int>(ids.size())))];
  }

  template <class Visit>
  static void gather(const Node& node, Visit visit) {
    visit(node);
    for (const Node& child : node.children) gather(child, visit);
  }

  void check() {
    const Screen& screen = bench_.picker.screen();
    const PickerState& state = bench_.picker.state();
    std::set<std::string> ids;
    int tabstops = 0;
    gather(screen.root, [&](const Node& node) {
      INFO(node.id);
      REQUIRE_FALSE(node.id.empty());
      REQUIRE(ids.insert(node.id).second);
      if ((node.kind == Kind::gridcell || node.id.substr(0, 6) == "month:") && node.tabstop) ++tabstops;
      if ((node.kind == Kind::button || node.kind == Kind::link || node.kind == Kind::gridcell) && node.look != Look::blank)
        REQUIRE_FALSE((node.text.empty() && node.label.empty()));
      if (node.kind != Kind::gridcell || node.look == Look::blank) return;
      const Day shown = day(node.id.substr(4));
      const InstantRange span = state.zone.instants_of({shown, shown + days{1}});
      const auto is_free = [&](Instant start) { return span.contains(start) && start > state.now; };
      const bool has_free = std::any_of(bench_.free.begin(), bench_.free.end(), is_free);
      const bool had_free = std::any_of(ever_free_.begin(), ever_free_.end(), is_free);
      // The main invariant: "no free times" is shown only for days that are known to have none.
      if (node.look == Look::none) REQUIRE_FALSE(has_free);
      if (node.look == Look::free) REQUIRE(had_free);
    });
    if (ids.contains("calendar") || ids.contains("months")) REQUIRE(tabstops == 1);
    if (!screen.focus.empty()) REQUIRE(ids.contains(screen.focus));
    REQUIRE(screen.focus == state.focus);
    REQUIRE(ids.contains("title"));
    if (state.chosen && ids.contains("book")) REQUIRE(ever_free_.contains(*state.chosen));
    for (const Action& action : bench_.actions)
      if (const auto* fetch = std::get_if<FetchSlots>(&action)) REQUIRE(fetch->days.length() == days{fetch->is_fresh ? 1 : 31});
    REQUIRE(bench_.words.missing.empty());
  }

  std::mt19937 random_;
  Bench bench_;
  std::set<Instant> ever_free_;
  std::optional<Instant> last_offered_;
};

}  // namespace

TEST_CASE("Picker: whatever happens in whatever order, the screen stays true", "[web][random]") {
  // SLOTWIRE_SIMULATION_SEEDS=n: so many visits.
  const unsigned seed = GENERATE(range(1U, 1U + static_cast<unsigned>(number_in_environment("SLOTWIRE_SIMULATION_SEEDS", 40))));
  INFO("seed " << seed);
  Run run(seed);
  for (int i = 0; i < 150; ++i) run.step();
}

}  // namespace slotwire::web::test
