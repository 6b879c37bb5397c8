#pragma once
// The pages of the connected account: finds the page for an address, with its times, and reuses its bytes for equal requests.
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "proxy/connection/connection.h"
#include "proxy/pages/documents.h"
#include "proxy/slots/slot_service.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"
#include "proxy/time/zones.h"

namespace slotwire::pages {

struct PageQuery {
  std::string path;  // raw
  std::optional<std::string> date;
  std::optional<std::string> month;
  std::optional<std::string> timezone;
  std::string locale;    // requested by name; empty: none
  std::string accepted;  // Accept-Language
  Query carried;
  std::string request_id;
  fetch::Client client;
};

struct PageReply {
  int status = 200;
  std::shared_ptr<const slots::PreparedAnswer> page;  // its `json` is the document
  std::optional<slots::SlotReply> times;              // the times it was made from; none if the page does not show free times
  std::optional<std::chrono::seconds> retry_after = {};
};

struct PageSettings {
  std::string origin;  // the pages' origin as visitors see it; empty: unknown
  // How long a document waits for times. With scripts the picker waits and shows that; without scripts the page reloads itself.
  std::chrono::milliseconds patience{3'000};
};

class PageService {
 public:
  struct Parts {  // all borrowed; must outlive the service
    connection::Connection& connection;
    slots::SlotService& slots;
    const time::Zones& zones;
    const time::Clock& clock;
    time::Workers& timers;
  };
  PageService(Parts parts, PageSettings settings) : parts_(parts), settings_(std::move(settings)) {}

  // True when this path is a link of the connected account: of an active event type or of an owner.
  [[nodiscard]] bool is_ours(const std::string& path) const;

  // Where "/" redirects: the path of the account's own list. Empty: no account is connected.
  [[nodiscard]] std::string root_path() const;
  // The page at "/" when there is no redirect.
  [[nodiscard]] PageReply root_page(const std::string& locale, const std::string& accepted) const;

  // Calls `done` exactly once, on this thread or another. A path that is not ours gets a 404 page. The language is the requested
  // one, otherwise one that is accepted, otherwise the event type's own; the zone is the requested one, otherwise the host's own.
  void find(PageQuery query, std::function<void(PageReply)> done);

  struct MailAsked {
    std::string event_type;
    std::optional<std::string> timezone = {};  // none: the host's own
    std::optional<std::string> locale = {};    // none: the event type's own
    std::string request_id = {};
  };
  struct Mail {
    std::string html;
    std::string text;
  };
  // The next free times of an event type (by uri, uuid, slug or link) as a block for a mail. Its links lead to our pages if we
  // know their origin. Calls `done` exactly once, as above. Errors: invalid_date_range naming timezone, bad_input naming locale,
  // not_connected in the mode with links only, and as SlotService::find.
  void mail(const MailAsked& asked, std::function<void(Result<Mail>)> done);

 private:
  using SharedPage = std::shared_ptr<const slots::PreparedAnswer>;
  struct Kept {
    SharedPage page;
    SharedPage source;
    std::shared_ptr<const connection::Account> account;
  };

  void find_event(const std::shared_ptr<const connection::Account>& account, const EventType& type, const PageQuery& query,
                  std::function<void(PageReply)> done);
  [[nodiscard]] PageReply reply_from(const Result<slots::SlotReply>& found, EventPage page, const ZoneOffsets& zone,
                                     const std::shared_ptr<const connection::Account>& account);

  Parts parts_;
  PageSettings settings_;
  std::mutex mutex_;
  std::map<std::string, Kept> kept_;  // by everything in the document but the times
};

}  // namespace slotwire::pages
