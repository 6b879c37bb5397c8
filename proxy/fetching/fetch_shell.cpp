#include "proxy/fetching/fetch_shell.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "shared/time_between.h"

namespace slotwire::fetching {
namespace {

using std::chrono::milliseconds;

Error broke() { return {ErrorCode::internal, "The proxy failed while it asked Calendly."}; }

}  // namespace

Error account_changed_under_way() {
  return {ErrorCode::calendly_unavailable, "The connection was changed under way; ask again.", {}, std::chrono::seconds(1)};
}

FetchShell::FetchShell(Tools tools, fetch::Settings settings)
    : machine_(settings, tools.shares), account_(tools.connection.account()), tools_(std::move(tools)) {
  if (account_->record.longest_window) machine_.set_longest_window(*account_->record.longest_window);
}

fetch::Moment FetchShell::moment() const { return {tools_.clock.now(), tools_.clock.tick(), tools_.chance()}; }

FetchShell::Step FetchShell::take_step() {
  Step step;
  for (fetch::Action& action : machine_.actions()) {
    if (auto* answer = std::get_if<fetch::Answer>(&action)) {
      step.answers.push_back(answered(std::move(*answer)));
      continue;
    }
    if (std::holds_alternative<fetch::ClockWasSet>(action)) forget_ages();
    step.rest.push_back(std::move(action));
  }
  const std::optional<time::Tick> wake = machine_.next_wake();
  if (wake && (!woken_at_ || *wake < *woken_at_)) {
    woken_at_ = wake;
    const auto wait = std::chrono::ceil<milliseconds>(time_between(tools_.clock.tick(), *wake));
    tools_.timers.post_after(std::max(milliseconds(0), wait), [this, at = *wake] {
      after([&](const fetch::Moment& now) {
        if (woken_at_ == at) woken_at_.reset();
        machine_.wake(now);
      });
    });
  }
  return step;
}

bool FetchShell::adopt_account(const fetch::Moment& now) {
  const std::uint64_t before = account_->generation;
  account_ = tools_.connection.account();
  if (account_->generation == before) return false;
  machine_.account_changed(account_changed_under_way(), now);
  if (account_->record.longest_window) machine_.set_longest_window(*account_->record.longest_window);
  return true;
}

void FetchShell::after(const std::function<void(const fetch::Moment&)>& event) {
  Step step;
  {
    const std::lock_guard lock(mutex_);
    event(moment());
    step = take_step();
  }
  carry_out(std::move(step));
}

void FetchShell::carry_out(Step step) {
  for (const std::function<void()>& answer : step.answers) answer();
  for (const fetch::Action& action : step.rest) {
    if (const auto* look = std::get_if<fetch::Look>(&action)) {
      time::Workers& workers = look->is_background ? tools_.background : tools_.fetchers;
      workers.post([this, claim = look->claim] { this->look(claim); });
    } else if (const auto* send = std::get_if<fetch::Send>(&action)) {
      time::Workers& workers = send->is_background ? tools_.background : tools_.fetchers;
      workers.post([this, window = send->window] { attempt(window); });
    } else if (const auto* cells = std::get_if<fetch::Remember>(&action)) {
      remember(*cells);
    } else if (const auto* given_up = std::get_if<fetch::Release>(&action)) {
      release(*given_up);
    } else if (const auto* set = std::get_if<fetch::ClockWasSet>(&action)) {
      clock_was_set(*set);
    }
  }
}

void FetchShell::look(const fetch::Ref& claim) {
  try {
    find_out(claim);
  } catch (const std::exception& exception) {
    tools_.log.error(tools_.name, "", exception.what());
    after([&](const fetch::Moment& now) { machine_.look_failed(claim, broke(), now); });
  }
}

void FetchShell::find_out(const fetch::Ref& ref) {
  std::optional<fetch::Looking> looking;
  SharedAccount account;
  after([&](const fetch::Moment& now) {
    looking = machine_.begin_look(ref, now);
    account = account_;
  });
  if (!looking) return;
  std::vector<fetch::Offer> offers;
  if (looking->disk) offers = stored(ref.key, *looking->disk);
  std::optional<fetch::Claiming> claiming;
  after([&](const fetch::Moment& now) { claiming = machine_.disk_read(ref, std::move(offers), now); });
  if (!claiming) return;
  fetch::Grant grant = claim(ref.key, *claiming, *account);
  after([&](const fetch::Moment& now) { machine_.claimed(ref, std::move(grant), now); });
}

void FetchShell::attempt(const fetch::Ref& window) {
  std::optional<fetch::Sending> sending;
  SharedAccount account;
  after([&](const fetch::Moment& now) {
    sending = machine_.begin_send(window, now);
    account = account_;
  });
  if (!sending) return;
  Landing landing;
  try {
    landing = send(window.key, *sending, account);
  } catch (const std::exception& exception) {
    tools_.log.error(tools_.name, sending->request_id, exception.what());
    landing = fetch::Failure{broke(), fetch::Failure::Kind::ours};
  }
  after([&](const fetch::Moment& now) {
    if (const auto* failure = std::get_if<fetch::Failure>(&landing)) {
      machine_.failed(window, *failure, now);
    } else {
      machine_.landed(window, std::get<fetch::Machine::Fetched>(std::move(landing)), now);
    }
  });
}

}  // namespace slotwire::fetching
