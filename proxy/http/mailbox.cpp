#include "proxy/http/mailbox.h"

#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace slotwire::http {

Mailbox::Mailbox() : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (event_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Mailbox::~Mailbox() {
  for (const Mail& mail : mail_) {
    if (const auto* connection = std::get_if<NewConnection>(&mail)) ::close(connection->socket);
  }
  ::close(event_);
}

void Mailbox::post(Mail mail) {
  const std::lock_guard lock(mutex_);
  mail_.push_back(std::move(mail));
  // Only the first message wakes the loop, which takes all of them at once.
  if (mail_.size() == 1) static_cast<void>(::eventfd_write(event_, 1));
}

std::vector<Mail> Mailbox::take_all() {
  const std::lock_guard lock(mutex_);
  eventfd_t rung = 0;
  static_cast<void>(::eventfd_read(event_, &rung));
  return std::exchange(mail_, {});
}

}  // namespace slotwire::http
