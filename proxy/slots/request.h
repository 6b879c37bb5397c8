#pragma once
// The records behind SlotService.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proxy/slots/slot_service.h"

namespace slotwire::slots {

struct SlotService::Request {
  fetch::Id ask = 0;
  std::string key;
  SlotQuery query;
  std::shared_ptr<const connection::Account> account;
  EventType type;
  std::vector<SlotsDone> callbacks;
  time::Tick asked_at;
};

}  // namespace slotwire::slots
