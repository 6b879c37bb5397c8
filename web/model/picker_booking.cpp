// From "Book now" to the confirmation. A slot may be taken between loading and clicking, so its day is requested once more before
// the visitor leaves; if the slot is gone, the nearest other times are offered.
#include "web/model/detail.h"
#include "web/model/picker.h"

namespace slotwire::web {
namespace chrono = std::chrono;

namespace {

constexpr chrono::seconds kCheckedFor{30};

}  // namespace

// Does nothing if the proxy has just answered for this day, or the request is pending.
void Picker::check_again(Instant start) {
  const Day day = utc_day_of(start);
  const std::optional<Instant> answered = state_.availability.answered_at(day);
  const bool has_failed = state_.availability.failure_of(day) != nullptr;
  if (answered && !has_failed && state_.now - *answered <= kCheckedFor) return;
  if (const auto window = state_.availability.request_again(day))
    actions_.push_back(FetchSlots{window->id, state_.type, window->days, true});
}

void Picker::book() {
  if (!state_.chosen || state_.is_checking || state_.form != Form::none) return;
  check_again(*state_.chosen);
  state_.is_checking = true;
  if (state_.availability.is_waiting_for(utc_day_of(*state_.chosen))) announce(words_.message("checking"));
}

void Picker::finish_checking() {
  if (!state_.is_checking || !state_.chosen) return;
  const Day day = utc_day_of(*state_.chosen);
  if (state_.availability.is_waiting_for(day)) return;
  state_.is_checking = false;
  // Offline there is no booking page either. Any other failure must not hold the visitor up: the booking page checks for itself.
  const Failure* failure = state_.availability.failure_of(day);
  if (failure && failure->code == "offline") return;
  const std::optional<Slot> slot = slot_at(state_, *state_.chosen);
  if (!slot) return;
  // The event type that has this time now, which may be another than before.
  state_.chosen_of = slot->of;
  const EventType& type = type_of(state_, slot->of);
  offered_slot_ = Book{slot->scheduling_url, slot->start, slot->start + type.duration, type.uri, type.name};
  actions_.push_back(*offered_slot_);
}

void Picker::set_form(Form form) {
  if (!state_.chosen || (state_.form == Form::none && form != Form::opening)) return;
  const bool was_shown = is_form_shown(state_);
  state_.form = form;
  if (is_form_shown(state_))
    state_.focus.clear();  // the form's elements have the focus
  else if (was_shown)
    move_focus(state_.options.view == View::list ? "book:" + text_from_ms(*state_.chosen) : "book");
}

// With several event types, the time stays available for the others.
void Picker::leave_out(Instant start) {
  Slot slot;
  slot.start = start;
  slot.of = state_.chosen_of;
  state_.gone.push_back(slot);
}

void Picker::lose_slot() {
  if (!state_.chosen) return;
  leave_out(*state_.chosen);
  if (const auto window = state_.availability.request_again(utc_day_of(*state_.chosen)))
    actions_.push_back(FetchSlots{window->id, state_.type, window->days, true});
  notice_taken();
  move_focus("taken-text");
}

void Picker::notice_taken() {
  const Instant start = *state_.chosen;
  // If focus was in the form, it moves to this text, so that screen readers read it.
  const bool is_read = is_form_shown(state_);
  drop_choice();
  state_.months_at.reset();
  state_.taken = start;
  if (is_read) return;
  const std::string time = words_.formatted(state_.hour12 ? Format::time_12h : Format::time_24h, ms_from(start), 0);
  announce(filled(words_.message("just-taken"),
                  filled(words_.message("day-status"),
                         words_.formatted(Format::day_heading, number_from(state_.zone.local_day_of(start)), 0), time)));
}

bool Picker::take_booking(Instant start, const Receipt& receipt) {
  if (!offered_slot_ || offered_slot_->start != start) return false;
  // If focus was in the form, it moves to the heading, so no announcement is needed. A dialog over the page returns focus later.
  if (!is_form_shown(state_)) announce(words_.message("booked"));
  leave_out(start);
  drop_choice();
  state_.booked = std::exchange(offered_slot_, std::nullopt);
  state_.cancel_url = receipt.cancel_url;
  state_.reschedule_url = receipt.reschedule_url;
  state_.guests = receipt.guests;
  actions_.push_back(Emit{"booked", Detail{}
                                        .text("start", text_from_instant(start))
                                        .text("end", text_from_instant(state_.booked->end))
                                        .text("timezone", state_.zone_name)
                                        .text("eventType", state_.booked->type)
                                        .text("eventUri", receipt.event_uri)
                                        .text("inviteeUri", receipt.invitee_uri)
                                        .done()});
  move_focus("booked");
  if (const auto window = state_.availability.request_again(utc_day_of(start)))
    actions_.push_back(FetchSlots{window->id, state_.type, window->days, true});
  return true;
}

}  // namespace slotwire::web
