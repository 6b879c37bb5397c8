#pragma once
// The record of a waiting read.
#include "proxy/dropin/dropin_service.h"
#include "proxy/dropin/question.h"

namespace slotwire::dropin {

struct DropinService::Reading {
  Question::Kind kind = Question::Kind::whole;
  ApiDone done;
  Instant first = {};  // of available times, both ends included
  Instant last = {};
};

}  // namespace slotwire::dropin
