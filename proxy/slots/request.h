#pragma once
// The records behind SlotService.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proxy/slots/slot_service.h"

namespace slotwire::proxy {

struct SlotService::Request {
  fetch::Id ask = 0;
  std::string key;
  SlotQuery query;
  std::shared_ptr<const Account> account;
  EventType type;
  std::vector<SlotsDone> dones;
  Tick asked_at;
};

struct SlotService::Step {
  struct Answered {
    std::shared_ptr<Request> request;
    fetch::Answer answer;
    std::uint64_t version = 0;  // of the cells it is made from
  };
  std::vector<Answered> answers;
  std::vector<fetch::Action> rest;
};

}  // namespace slotwire::proxy
