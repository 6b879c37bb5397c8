#include "proxy/pages/page_service.h"

#include <atomic>

#include "proxy/pages/mail.h"
#include "proxy/pages/page_address.h"
#include "proxy/pages/words.h"
#include "proxy/slots/assemble.h"
#include "shared/wire_json.h"

namespace slotwire::pages {
namespace {

using std::chrono::days;

constexpr days kWeek{7};
constexpr days kMailDays{14};
constexpr std::size_t kMostKept = 256;
constexpr std::chrono::seconds kSlowRetry{2};

// The document's bytes, valid as long as the times it was made from.
std::shared_ptr<const slots::PreparedAnswer> prepared(std::string html, const slots::PreparedAnswer* source = nullptr) {
  auto page = std::make_shared<slots::PreparedAnswer>(*slots::prepared_from_json(std::move(html)));
  if (source) {
    page->fresh_until = source->fresh_until;
    page->is_stale = source->is_stale;
    page->is_complete = source->is_complete;
  }
  return page;
}

std::string account_link(const connection::Account& account) {
  if (!account.record.scheduling_url.empty()) return account.record.scheduling_url;
  return account.record.types.empty() ? std::string() : account.record.types.front().scheduling_url;
}

const EventType* event_at(const connection::Account& account, const std::string& path) {
  const std::string link = link_of_path(account_link(account), path);
  return link.empty() || !is_link_shaped(path) ? nullptr : account.find_type(link);
}

Error unknown_locale() {
  std::string sentence = "must be one of";
  for (const Language& language : languages()) sentence += ' ' + std::string(language.tag);
  return {ErrorCode::bad_input, "locale " + sentence + ".", {{"locale", sentence}}};
}

// The host's own zone, if it is known and exists.
std::string zone_of_host(const connection::Account& account, const time::Zones& zones) {
  const std::string& zone = account.record.timezone;
  return !zone.empty() && zones.find(zone) ? zone : "UTC";
}

std::optional<std::vector<EventType>> listed_at(const connection::Account& account, const std::string& path) {
  const std::string link = link_of_path(account_link(account), path);
  if (link.empty() || !is_link_shaped(path)) return std::nullopt;
  return account.types_of(link);
}

}  // namespace

bool PageService::is_ours(const std::string& path) const {
  const auto account = parts_.connection.account();
  return event_at(*account, path) || listed_at(*account, path);
}

std::string PageService::root_path() const {
  const auto account = parts_.connection.account();
  std::string path = path_of_link(account->record.scheduling_url);
  if (path.empty() && !account->record.types.empty()) {
    path = path_of_link(account->record.types.front().scheduling_url);
    path.resize(path.empty() ? 0 : path.rfind('/'));
  }
  return path.empty() || !listed_at(*account, path) ? std::string() : path;
}

PageReply PageService::root_page(const std::string& locale, const std::string& accepted) const {
  const bool is_connected = parts_.connection.account()->record.mode != ConnectionMode::none;
  return {.status = 200, .page = prepared(html_of_root(language_for(locale, accepted, {}), is_connected)), .times = {}};
}

void PageService::find(PageQuery query, std::function<void(PageReply)> done) {
  const auto account = parts_.connection.account();
  if (const EventType* type = event_at(*account, query.path)) return find_event(account, *type, query, std::move(done));
  if (std::optional<std::vector<EventType>> types = listed_at(*account, query.path)) {
    const std::string name = types->empty() ? account->record.user_name : types->front().host;
    // In the account's own spelling, however the request was typed.
    std::string path = path_of_link(types->empty() ? account->record.scheduling_url : types->front().scheduling_url);
    if (!types->empty()) path.resize(path.rfind('/'));
    const std::string own = types->empty() ? std::string() : types->front().locale;
    OwnerPage page{.language = language_for(query.locale, query.accepted, own),
                   .name = name.empty() ? account->record.user_name : name,
                   .link = link_of_path(account_link(*account), path),
                   .origin = settings_.origin,
                   .path = path,
                   .carried = query.carried,
                   .types = std::move(*types)};
    return done({.status = 200, .page = prepared(html_from_owner(page)), .times = {}});
  }
  done({.status = 404, .page = prepared(html_of_not_found(language_for(query.locale, query.accepted, {}))), .times = {}});
}

void PageService::find_event(const std::shared_ptr<const connection::Account>& account, const EventType& type,
                             const PageQuery& query, std::function<void(PageReply)> done) {
  // An unknown zone is no reason to refuse a page: it is ignored.
  const std::string hosts = zone_of_host(*account, parts_.zones);
  const std::string wanted = query.timezone.value_or(hosts);
  const std::string zone_name = parts_.zones.find(wanted) ? wanted : hosts;
  const auto found_zone = parts_.zones.find(zone_name);
  const std::shared_ptr<const ZoneOffsets> zone = found_zone ? *found_zone : std::make_shared<const ZoneOffsets>();
  EventPage page{.language = language_for(query.locale, query.accepted, type.locale)};
  page.type = type;
  page.origin = settings_.origin;
  page.path = path_of_link(type.scheduling_url);
  page.zone = zone_name;
  page.is_hosts_zone = zone_name == account->record.timezone;
  page.is_zone_locked = query.timezone == zone_name && is_on(query.carried, "timezone_lock");
  page.carried = query.carried;
  page.is_plain = !query.date && !query.month && !query.timezone && query.locale.empty();
  page.today = zone->local_day_of(parts_.clock.now());
  const Day first = first_day_asked(query.date, query.path, query.month, page.today, *zone);
  page.days = {first, first + kWeek};

  struct Waiting {
    std::function<void(PageReply)> done;
    std::atomic<bool> is_answered{false};
    void answer(PageReply reply) {
      if (!is_answered.exchange(true)) done(std::move(reply));
    }
  };
  const auto waiting = std::make_shared<Waiting>();
  waiting->done = std::move(done);
  slots::SlotQuery asked{type.uri, zone->instants_of(page.days), page.days, zone_name, query.request_id};
  asked.client = query.client;
  parts_.slots.find(asked, [this, waiting, page, zone, account](const Result<slots::SlotReply>& found) {
    if (!waiting->is_answered) waiting->answer(reply_from(found, page, *zone, account));
  });
  if (waiting->is_answered) return;
  parts_.timers.post_after(settings_.patience, [waiting, page = std::move(page)]() mutable {
    if (waiting->is_answered) return;
    page.unknown = Unknown::slow;
    waiting->answer({.status = 503, .page = prepared(html_from_event(page)), .times = {}, .retry_after = kSlowRetry});
  });
}

PageReply PageService::reply_from(const Result<slots::SlotReply>& found, EventPage page, const ZoneOffsets& zone,
                                  const std::shared_ptr<const connection::Account>& account) {
  if (!found) {
    const Error& error = found.error();
    // The event type was removed during the request.
    if (error.code == ErrorCode::event_type_not_found)
      return {.status = 404, .page = prepared(html_of_not_found(page.language)), .times = {}};
    const bool is_refused = error.code == ErrorCode::too_many_requests;
    page.unknown = is_refused ? Unknown::refused : Unknown::failed;
    constexpr std::chrono::seconds kRetry{30};
    return {.status = is_refused ? 429 : 503,
            .page = prepared(html_from_event(page)),
            .times = {},
            .retry_after = error.retry_after.value_or(kRetry)};
  }
  const SharedPage source = found->answer;
  if (source->is_public_link) {
    page.unknown = Unknown::at_calendly;
    return {.status = 200, .page = prepared(html_from_event(page), source.get()), .times = *found};
  }
  // Pages with a visitor's own parameters are rarely useful to others, so they are not stored.
  const bool is_kept = !source->is_stale && page.carried.empty();
  const std::string key = page.type.uri + ' ' + page.zone + ' ' + text_from_day(page.days.begin) + ' ' +
                          text_from_day(page.today) + ' ' + std::string(page.language.tag) + (page.is_plain ? " plain" : "");
  if (is_kept) {
    const std::lock_guard lock(mutex_);
    const auto kept = kept_.find(key);
    if (kept != kept_.end() && kept->second.source == source && kept->second.account == account)
      return {.status = 200, .page = kept->second.page, .times = *found};
  }
  const Result<SlotsAnswer> answer = slots_from_json(source->json);
  if (!answer) {  // cannot happen, since we wrote it; but a page must not claim that nothing is free
    page.unknown = Unknown::failed;
    return {.status = 503, .page = prepared(html_from_event(page)), .times = {}};
  }
  page.times = times_from(*answer, zone, parts_.clock.now(), page.language, {.origin = {}, .carried = page.carried});
  const SharedPage made = prepared(html_from_event(page), source.get());
  if (is_kept) {  // a copy's text contains its age, which keeps growing
    const std::lock_guard lock(mutex_);
    if (kept_.size() >= kMostKept) kept_.clear();
    kept_.insert_or_assign(key, Kept{made, source, account});
  }
  return {.status = 200, .page = made, .times = *found};
}

void PageService::mail(const MailAsked& asked, std::function<void(Result<Mail>)> done) {
  const auto known = parts_.connection.account();
  const std::string timezone = asked.timezone.value_or(zone_of_host(*known, parts_.zones));
  const auto zone = parts_.zones.find(timezone);
  if (!zone) return done(zone.error());
  if (asked.locale && !language_from_tag(*asked.locale)) return done(unknown_locale());
  const Instant now = parts_.clock.now();
  const Day today = (*zone)->local_day_of(now);
  const DayRange range{today, today + kMailDays};
  parts_.slots.find({asked.event_type, (*zone)->instants_of(range), range, timezone, asked.request_id},
                    [this, zone = *zone, asked, done = std::move(done), now, range](const Result<slots::SlotReply>& found) {
                      if (!found) return done(found.error());
                      const auto account = parts_.connection.account();
                      const EventType* type = account->find_type(asked.event_type);
                      if (found->answer->is_public_link || !type)
                        return done(Error{ErrorCode::not_connected, "Without a token there are only links, and no times."});
                      const Result<SlotsAnswer> answer = slots_from_json(found->answer->json);
                      if (!answer) return done(answer.error());
                      const Language& language = language_for(asked.locale.value_or(""), {}, type->locale);
                      const Links links{.origin = settings_.origin, .carried = {}};
                      MailBlock block{
                          .language = language, .type = *type, .times = times_from(*answer, *zone, now, language, links)};
                      block.is_hosts_zone = answer->timezone == account->record.timezone;
                      block.all_times = links.to(type->scheduling_url, answer->timezone);
                      const Instant as_of = now - block.times.age.value_or(std::chrono::seconds(0));
                      block.as_of = day_and_clock_text(language, as_of, *zone);
                      block.until = day_text(language, range.end - days(1));
                      done(Mail{html_from_mail(block), text_from_mail(block)});
                    });
}

}  // namespace slotwire::pages
