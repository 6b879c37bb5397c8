#include "proxy/slots/any_of_service.h"

#include <algorithm>
#include <utility>

#include "proxy/slots/assemble.h"
#include "proxy/text/ascii.h"
#include "shared/wire_json.h"

namespace slotwire::slots {
namespace {

constexpr std::size_t kLongestName = 200;

Error unknown_types(const std::vector<MissingType>& missing) {
  Error error{ErrorCode::event_type_not_found, "There is no such event type: "};
  for (const MissingType& type : missing) {
    error.detail += (error.details.empty() ? "" : ", ") + type.name;
    error.details.push_back({"eventType", type.name + " is not known"});
  }
  return error;
}

// True for an address, or the name of an event type, including inactive ones.
bool begins_name(std::string_view text, const connection::Account& account) {
  const std::string start = text::lowered(text.substr(0, 8));
  if (start.starts_with("http://") || start == "https://" || account.find_type(text)) return true;
  const auto& types = account.record.types;
  return std::any_of(types.begin(), types.end(), [&](const EventType& type) {
    return uuid_from_uri(type.uri) == text || (!type.secret && !text.empty() && type.slug == text);
  });
}

// True for a link that ends in the middle of a query: "https://calendly.com/acme/30min?a1=x".
bool has_open_query(std::string_view name) {
  const std::size_t query = name.find('?');
  return query != name.npos && name.substr(0, query).find('/') != name.npos && name.find('#') == name.npos;
}

// Splits at commas. A comma in a link's query belongs to the query, unless another event type or an address follows it.
std::vector<std::string_view> names_in(std::string_view text, const connection::Account& account) {
  std::vector<std::string_view> names;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view item = text::trimmed(text.substr(begin, end - begin));
    if (!names.empty() && has_open_query(names.back()) && !begins_name(item, account)) {
      const auto from = static_cast<std::size_t>(names.back().data() - text.data());
      names.back() = text::trimmed(text.substr(from, end - from));
    } else if (!item.empty()) {
      names.push_back(item);
    }
    begin = end + 1;
  }
  return names;
}

std::string key_of(const std::vector<EventType>& types, Turn turn, const SlotQuery& query) {
  std::string key(name_from_turn(turn));
  for (const EventType& type : types) key += '\n' + type.uri;
  key += '\n' + text_from_instant(query.range.begin) + text_from_instant(query.range.end) + query.timezone;
  return key + '\n' + text_from_day(query.days.begin) + text_from_day(query.days.end);
}

std::size_t bytes_of(const PreparedAnswer& answer) { return answer.json.size() + answer.gzip.size() + answer.brotli.size(); }

AnsweredFrom source_of(const SlotsAnswer& answer) {
  return answer.stale ? AnsweredFrom::stale : answer.cached ? AnsweredFrom::cache : AnsweredFrom::upstream;
}

std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) {
  return a && b ? std::min(*a, *b) : a ? a : b;
}

}  // namespace

// The replies for all event types: answers, or reasons why there is none.
struct AnyOfService::Collected {
  std::vector<EventType> types;
  std::vector<Result<SlotReply>> replies;
  std::vector<MissingType> missing;
  std::optional<SlotReply> link;  // public mode: only a page to go to
};

struct AnyOfService::Search {
  std::vector<std::string> names;
  NextQuery query;
  SlotsDone done;
  DayRange left;  // still to be searched
  Instant from;   // earlier times are ignored
  bool includes_from = false;
  NextAnswer answer;
  Instant fresh_until = Instant::max();
  std::size_t count = 0;
};

AnyOfService::AnyOfService(SlotService& slots, const connection::Connection& connection, const time::Clock& clock,
                           SlotServiceSettings settings)
    : slots_(slots), connection_(connection), clock_(clock), window_(settings.window), max_bytes_(settings.max_bytes / 8) {}

Result<Named> AnyOfService::named_in(const std::string& text, Turn turn) const {
  if (text.find(',') == std::string::npos) return Named{{text}, turn};
  const std::shared_ptr<const connection::Account> account = connection_.account();
  const std::vector<std::string_view> items = names_in(text, *account);
  if (items.size() == 1 && has_open_query(items.front())) return Named{{std::string(items.front())}, turn};
  std::vector<std::string> names;
  for (const std::string_view item : items) {
    const EventType* type = account->find_type(item);
    std::string name(type ? type->uri : item);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  if (names.size() > kMostTypes) {
    return bad_input("eventType", "must be at most " + std::to_string(kMostTypes) + " event types");
  }
  if (names.empty()) names.push_back(text);
  return Named{std::move(names), turn, true};
}

void AnyOfService::find(Named named, SlotQuery each, SlotsDone done) {
  if (!named.is_list) {
    each.event_type = std::move(named.names.front());
    return slots_.find(std::move(each), std::move(done));
  }
  ask_each(named.names, each, [this, turn = named.turn, each, done = std::move(done)](const Result<Collected>& collected) {
    if (!collected) return done(collected.error());
    done(reply_from(*collected, turn, each));
  });
}

void AnyOfService::ask_each(const std::vector<std::string>& names, const SlotQuery& each, CollectedDone done) {
  struct Asked {
    std::vector<std::string> names;
    CollectedDone done;
    std::mutex mutex;
    std::vector<std::optional<Result<SlotReply>>> replies;
    std::size_t left = 0;
  };
  const auto asked = std::make_shared<Asked>();
  asked->names = names;
  asked->done = std::move(done);
  asked->replies.resize(names.size());
  asked->left = names.size();
  for (std::size_t i = 0; i < names.size(); ++i) {
    SlotQuery query = each;
    query.event_type = names[i];
    slots_.find(std::move(query), [this, asked, i](Result<SlotReply> reply) {
      {
        const std::lock_guard lock(asked->mutex);
        asked->replies[i] = std::move(reply);
        if (--asked->left > 0) return;
      }
      asked->done(collected_from(asked->names, asked->replies));
    });
  }
}

Result<AnyOfService::Collected> AnyOfService::collected_from(const std::vector<std::string>& names,
                                                             const std::vector<std::optional<Result<SlotReply>>>& replies) const {
  const std::shared_ptr<const connection::Account> account = connection_.account();
  Collected collected;
  const Error* failure = nullptr;
  bool is_any_known = false;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Result<SlotReply>& reply = *replies[i];
    const EventType* type = account->find_type(names[i]);
    const bool is_unknown = !reply && reply.error().code == ErrorCode::event_type_not_found;
    if (!reply && !is_unknown && !failure) failure = &reply.error();
    if (!type || is_unknown) {
      const ErrorCode why = reply ? ErrorCode::event_type_not_found : reply.error().code;
      collected.missing.push_back({names[i].substr(0, kLongestName), why});
      continue;
    }
    if (reply && reply->answer->is_public_link) {
      if (!collected.link) collected.link = *reply;
      continue;
    }
    is_any_known |= reply.has_value();
    // Two names of one event type that was still unknown when they were asked for.
    const auto same = [&](const EventType& other) { return other.uri == type->uri; };
    if (std::any_of(collected.types.begin(), collected.types.end(), same)) continue;
    collected.types.push_back(*type);
    collected.replies.push_back(reply);
  }
  if (collected.link) return collected;
  if (!is_any_known && failure) return *failure;
  if (!is_any_known) return unknown_types(collected.missing);
  return collected;
}

SlotsAnswer AnyOfService::united(const Collected& collected, Turn turn, const SlotQuery& each) const {
  SlotsAnswer whole;
  whole.types = collected.types;
  whole.timezone = each.timezone;
  whole.days = each.days;
  whole.cached = true;
  const DayRange days = utc_days_touching({std::max(each.range.begin, clock_.now()), each.range.end});
  std::vector<SlotsAnswer> parts(collected.types.size());
  std::vector<TypeSlots> slots;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Result<SlotReply>& reply = collected.replies[i];
    Result<SlotsAnswer> part = reply ? slots_from_json(reply->answer->json) : Result<SlotsAnswer>(reply.error());
    if (part) {
      parts[i] = std::move(part).value();
    } else {
      parts[i].windows.push_back({days, WindowSource::failed, std::nullopt, part.error().code});
      parts[i].complete = false;
    }
    slots.push_back({collected.types[i].uri, parts[i].slots});
    whole.cached = whole.cached && parts[i].cached;
    whole.stale = whole.stale || parts[i].stale;
    whole.complete = whole.complete && parts[i].complete;
    whole.fetched_at = earlier(whole.fetched_at, parts[i].fetched_at);
    for (AnsweredWindow window : parts[i].windows) {
      window.of = static_cast<std::uint16_t>(i);
      whole.windows.push_back(window);
    }
  }
  // Failed windows go last, so that a reader that applies windows in order ends with the failure of a day.
  std::stable_partition(whole.windows.begin(), whole.windows.end(),
                        [](const AnsweredWindow& window) { return window.source != WindowSource::failed; });
  whole.slots = any_of(slots, turn);
  return whole;
}

SlotReply AnyOfService::reply_from(const Collected& collected, Turn turn, const SlotQuery& each) {
  if (collected.link) return *collected.link;
  const std::string key = key_of(collected.types, turn, each);
  Kept kept;
  std::optional<time::Tick> same_until;
  bool is_stale = false;
  bool is_cached = true;
  Instant fresh_until = Instant::max();
  for (const Result<SlotReply>& reply : collected.replies) {
    kept.parts.push_back(reply ? Part{reply->answer, {}} : Part{{}, reply.error().code});
    is_cached = is_cached && reply && reply->from == AnsweredFrom::cache;
    if (!reply) continue;
    fresh_until = std::min(fresh_until, reply->answer->fresh_until);
    is_stale = is_stale || reply->from == AnsweredFrom::stale;
    if (reply->same_until) same_until = std::min(same_until.value_or(time::Tick::max()), *reply->same_until);
  }
  const AnsweredFrom from = is_stale ? AnsweredFrom::stale : is_cached ? AnsweredFrom::cache : AnsweredFrom::upstream;
  // A missing name may be any text that a client made up, so answers with missing names are not kept.
  const bool may_keep = collected.missing.empty();
  if (may_keep) {
    const std::lock_guard lock(mutex_);
    const auto known = kept_.find(key);
    if (known != kept_.end() && known->second.parts == kept.parts) return {known->second.whole, from, same_until};
  }
  SlotsAnswer whole = united(collected, turn, each);
  whole.complete = whole.complete && collected.missing.empty();
  if (whole.stale || !whole.complete) fresh_until = std::min(fresh_until, clock_.now());
  const auto text = [&](const SlotsAnswer& answer) { return json_from_any_of(answer, turn, collected.missing); };
  kept.whole = prepared_from(whole, fresh_until, text);
  SlotReply reply{kept.whole, from, same_until};
  if (!may_keep) return reply;
  const std::lock_guard lock(mutex_);
  std::erase_if(kept_, [&](const auto& each_kept) {
    const auto& [known, before] = each_kept;
    if (known != key && std::none_of(before.parts.begin(), before.parts.end(), [](const Part& part) { return part.is_gone(); }))
      return false;
    kept_bytes_ -= bytes_of(*before.whole);
    return true;
  });
  kept_bytes_ += bytes_of(*kept.whole);
  if (kept_bytes_ > max_bytes_) {
    kept_.clear();
    kept_bytes_ = bytes_of(*kept.whole);
  }
  kept_.emplace(key, std::move(kept));
  return reply;
}

// ---- What is free next ----

void AnyOfService::next(Named named, NextQuery query, SlotsDone done) {
  const auto search = std::make_shared<Search>();
  const Instant now = clock_.now();
  search->from = std::max(query.after.value_or(now), now);
  search->includes_from = query.includes_after && search->from == query.after;
  const Day first = utc_day_of(search->from);
  search->left = {first, first + kNextDays};
  search->answer.turn = named.turn;
  search->answer.after = query.after;
  search->answer.part = query.part;
  search->answer.found.timezone = query.timezone;
  search->answer.found.cached = true;
  search->names = std::move(named.names);
  search->query = std::move(query);
  search->done = std::move(done);
  this->search(search);
}

void AnyOfService::search(const std::shared_ptr<Search>& search) {
  DayRange days = search->left;
  for (const std::string& name : search->names) days.end = std::min(days.end, slots_.known_until(name, days.begin));
  // Whole UTC days, so that all requests within a day share the same prepared answers.
  if (days.end == days.begin) days.end = std::min(days.begin + window_, search->left.end);
  SlotQuery each{"", {Instant(days.begin), Instant(days.end)}, days, "UTC", search->query.request_id};
  each.client = search->query.client;
  ask_each(search->names, each, [this, search, days](const Result<Collected>& collected) { take(search, collected, days); });
}

void AnyOfService::take(const std::shared_ptr<Search>& search, const Result<Collected>& collected, DayRange days) {
  NextAnswer& answer = search->answer;
  SlotsAnswer& found = answer.found;
  answer.looked_until = Instant(days.end) - std::chrono::seconds(1);
  const bool is_first = found.types.empty();
  if (!collected && is_first) return search->done(collected.error());
  if (!collected || (!is_first && !collected->missing.empty())) {
    // The known days were searched: return their free times, and mark the answer as incomplete.
    const ErrorCode code = collected ? collected->missing.front().error : collected.error().code;
    found.cached = found.complete = false;
    for (std::size_t i = 0; i < found.types.size(); ++i)
      found.windows.push_back({days, WindowSource::failed, std::nullopt, code, static_cast<std::uint16_t>(i)});
    return finish(*search);
  }
  if (collected->link) return search->done(*collected->link);
  SlotQuery each;
  each.range = {Instant(days.begin), Instant(days.end)};
  // The later days of the other event types are still to be searched.
  answer.missing.insert(answer.missing.end(), collected->missing.begin(), collected->missing.end());
  search->names.clear();
  for (const EventType& type : collected->types) search->names.push_back(type.uri);
  const SlotsAnswer part = united(*collected, answer.turn, each);
  found.types = part.types;
  found.cached = found.cached && part.cached;
  found.stale = found.stale || part.stale;
  found.complete = found.complete && part.complete;
  found.fetched_at = earlier(found.fetched_at, part.fetched_at);
  found.windows.insert(found.windows.end(), part.windows.begin(), part.windows.end());
  for (const Result<SlotReply>& reply : collected->replies)
    if (reply) search->fresh_until = std::min(search->fresh_until, reply->answer->fresh_until);
  for (const Slot& slot : part.slots) {
    const bool is_another = found.slots.empty() || found.slots.back().start != slot.start;
    if (is_another && search->count == search->query.count) break;
    if (slot.start < search->from || (slot.start == search->from && !search->includes_from)) continue;
    if (answer.part && part_of_day(search->query.zone->local_time_of(slot.start)) != *answer.part) continue;
    search->count += is_another ? 1 : 0;
    found.slots.push_back(slot);
  }
  search->left.begin = days.end;
  // If Calendly fails, later days would fail as well.
  if (search->count == search->query.count || !found.complete || search->left.begin >= search->left.end) return finish(*search);
  this->search(search);
}

void AnyOfService::finish(Search& search) const {
  SlotsAnswer& found = search.answer.found;
  found.complete = found.complete && search.answer.missing.empty();
  Instant fresh_until = search.fresh_until;
  if (!found.slots.empty()) fresh_until = std::min(fresh_until, found.slots.front().start);
  if (found.stale || !found.complete) fresh_until = std::min(fresh_until, clock_.now());
  const auto text = [&search](const SlotsAnswer& shown) {
    NextAnswer answer = search.answer;
    answer.found = shown;
    return json_from_next(answer);
  };
  search.done(SlotReply{prepared_from(found, fresh_until, text), source_of(found)});
}

}  // namespace slotwire::slots
