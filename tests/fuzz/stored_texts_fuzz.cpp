// What databases and Redis hold: cells, lists, rows, messages of other servers. Anybody may have written there; what is read is
// written again as the same, and what is not fit to be reckoned with is not read.
#include <algorithm>
#include <string>
#include <vector>

#include "proxy/cluster/redis_texts.h"
#include "proxy/store/column_text.h"
#include "proxy/store/stored_rows.h"
#include "shared/answers.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;

constexpr Instant kLast{std::chrono::microseconds{253'402'300'799'999'999}};

void hold_slots(const std::vector<Slot>& slots) {
  for (const Slot& slot : slots) {
    holds(slot.start >= Instant() && slot.start <= kLast, "a time that can be written");
    holds(slot.invitees_remaining >= 0, "places are not owed");
  }
  const auto again = store::slots_from_text(store::text_from_slots(slots));
  holds(again && *again == slots, "slots that are read are kept as they are");
  SlotsAnswer answer;
  answer.duration = std::chrono::minutes(30);
  answer.slots = slots;
  (void)json_from_slots(answer);
}

void hold_lists(std::string_view bytes) {
  const auto names = store::names_from_text(bytes);
  holds(
      store::names_from_text(store::text_from_names(names)) == names || std::find(names.begin(), names.end(), "") != names.end(),
      "names");
  const auto lines = store::lines_from_text(bytes);
  holds(store::lines_from_text(store::text_from_lines(lines)) == lines, "lines");
  for (const auto minutes : store::minutes_from_text(bytes))
    holds(minutes.count() > 0 && minutes <= std::chrono::days(31), "lengths of meetings");
  const auto minutes = store::minutes_from_text(bytes);
  holds(store::minutes_from_text(store::text_from_minutes(minutes)) == minutes, "minutes");
}

// A row of lines, whatever the column is asked as.
class Row {
 public:
  explicit Row(std::string_view text) {
    fuzz::Input input(text);
    for (int i = 0; i < 24; ++i) columns_.emplace_back(input.line());
  }
  [[nodiscard]] std::string text(int column) const { return columns_.at(static_cast<std::size_t>(column)); }
  [[nodiscard]] std::string bytes(int column) const { return text(column); }
  [[nodiscard]] std::int64_t number(int column) const { return std::strtoll(text(column).c_str(), nullptr, 10); }
  [[nodiscard]] bool is_true(int column) const { return number(column) != 0; }
  [[nodiscard]] bool is_null(int column) const { return text(column).empty(); }
  [[nodiscard]] Instant instant(int column) const { return Instant(std::chrono::microseconds(number(column))); }
  [[nodiscard]] std::optional<Instant> optional_instant(int column) const {
    return is_null(column) ? std::nullopt : std::optional(instant(column));
  }
  [[nodiscard]] Day day(int column) const { return Day(std::chrono::days(static_cast<int>(number(column)))); }

 private:
  std::vector<std::string> columns_;
};

void hold_rows(std::string_view bytes) {
  const Row row(bytes);
  (void)store::connection_from(row);
  store::ConnectionRecord record;
  store::add_type(record, row);
  holds(record.types.size() == 1 && record.types[0].uri == row.text(0), "a type's row is that type");
  (void)store::webhook_from(row);
  (void)store::jwt_from(row);
  (void)store::audit_from(row);
  const Instant now{Day{std::chrono::days{20'454}}};
  if (const auto cell = store::cell_from(Row("20454\n1\n" + std::string(bytes)))) hold_slots(cell->cell.slots);
  const auto claim = store::claim_on(row, row.text(0), "me", now, std::chrono::seconds(30));
  holds(claim.standing != store::BookingClaim::Standing::done || claim.status != 0, "what is done has an answer");
  const auto other = store::claim_on(row, row.text(0) + "x", "me", now, std::chrono::seconds(30));
  holds(!store::is_ours(other), "another wish's key is not ours");
  store::TypesClaimTerms terms;
  terms.now = now;
  terms.connected_at = row.optional_instant(0);
  if (const auto known = store::claim_by(&row, terms))
    holds(known->standing != store::TypesClaim::Standing::known || known->read_at <= now + std::chrono::seconds(1),
          "nothing comes from tomorrow");
}

// "*", then lines: a list of what follows, until a line of "."; "+" a text, else a number.
cluster::RedisValue value_from(fuzz::Input& input, int depth = 0) {
  cluster::RedisValue value;
  const std::string line(input.line());
  if (line == "*" && depth < 3) {
    value.kind = cluster::RedisValue::Kind::list;
    for (int i = 0; i < 40 && !input.rest().empty() && !input.rest().starts_with("."); ++i)
      value.list.push_back(value_from(input, depth + 1));
    (void)input.line();
  } else if (line.starts_with('+')) {
    value.kind = cluster::RedisValue::Kind::text;
    // Cells have lines of their own.
    value.text = line.substr(1);
    std::replace(value.text.begin(), value.text.end(), '|', '\n');
  } else {
    value.kind = cluster::RedisValue::Kind::number;
    value.number = std::strtoll(line.c_str(), nullptr, 10);
  }
  return value;
}

void hold_redis(std::string_view bytes) {
  const Instant now{Day{std::chrono::days{20'454}}};
  fuzz::Input input(bytes);
  if (const auto claimed = cluster::claimed_from(value_from(input), now)) {
    for (const auto* cells : {&claimed->known, &claimed->copies}) {
      for (const auto& shared : *cells) {
        holds(shared.window.contains(shared.cell.day), "a day is of the fetch it came from");
        holds(shared.cell.fetched_at >= Instant() && shared.cell.fetched_at <= kLast, "and was fetched at some time");
        hold_slots(shared.cell.slots);
      }
    }
    for (const DayRange& window : claimed->windows)
      holds(window.begin < window.end && window.begin >= Day(), "windows are of days");
  }
  if (const auto message = cluster::message_from_text(bytes, "me")) {
    if (message->kind == cluster::ClusterMessage::Kind::settled) {
      holds(message->days.begin < message->days.end, "what is settled is days");
      const auto again = cluster::message_from_text(cluster::text_from_message(*message, "you"), "me");
      holds(again && again->account == message->account && again->uri == message->uri && again->days == message->days,
            "as it was sent");
    }
    holds(!cluster::message_from_text(cluster::text_from_message(*message, "me"), "me"), "nobody hears themselves");
  }
}

}  // namespace

FUZZ_TARGET(stored_texts) {
  if (const auto slots = store::slots_from_text(bytes)) hold_slots(*slots);
  hold_lists(bytes);
  hold_rows(bytes);
  hold_redis(bytes);
}
