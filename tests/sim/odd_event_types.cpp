#include "tests/sim/account.h"

namespace slotwire::sim {

namespace {

std::vector<EventTypeRecord> odd_event_types() {
  return {
      {.uuid = "ODDLINKONLYAAAAA", .name = "Strategy Session", .slug = "strategy-session", .link_id = "cq7x-k2m-w5p"},
      {.uuid = "ODDADHOCAAAAAAAA",
       .name = "Meeting with Grace",
       .slug = "meeting-with-grace",
       .locations = {{"google_conference"}},
       .link_id = "cq8b-r4t-n1z",
       .is_ad_hoc = true},
      {.uuid = "ODDROUNDROBINAAA",
       .name = "Talk to Sales",
       .slug = "sales",
       .is_of_team = true,
       .pooling_type = "round_robin",
       .admin_managed = true},
      {.uuid = "ODDCOLLECTIVEAAA",
       .name = "Architecture Review",
       .slug = "review",
       .duration_min = 60,
       .locations = {{"microsoft_teams_conference"}, {"webex_conference"}},
       .is_of_team = true,
       .pooling_type = "collective"},
      {.uuid = "ODDPOLLAAAAAAAAA", .name = "When shall we meet?", .slug = "poll", .is_poll = true},
      {.uuid = "ODDPAIDAAAAAAAAA", .name = "Paid Hour", .slug = "paid-hour", .duration_min = 60, .is_paid = true},
      {.uuid = "ODDNODURATIONAAA", .name = "Open End", .slug = "open-end", .lacks_duration = true},
      {.uuid = "ODDQUESTIONSAAAA",
       .name = "Form of Many Years",
       .slug = "many-years",
       .questions = {{.name = "Company", .required = true, .type = "string", .position = 3},
                     {.name = "Fax", .required = true, .type = "string", .enabled = false, .position = 3},
                     {.name = "Interests", .type = "multi_select", .choices = {"Price", "Speed"}, .position = 1},
                     {.name = "Anything else?", .position = 7}}},
  };
}

}  // namespace

void add_odd_event_types(Account& account) {
  for (EventTypeRecord& type : odd_event_types()) account.event_types.push_back(std::move(type));
}

}  // namespace slotwire::sim
