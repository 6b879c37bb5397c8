#pragma once
// Messages from other threads to a loop: new connections, finished replies, stop. Waking the loop costs one write.
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "proxy/http/message.h"
#include "proxy/net/addresses.h"

namespace slotwire::http {

struct NewConnection {
  int socket = -1;  // owned by the holder of this message; non-blocking
  net::Address peer;
  bool is_trusted_proxy = false;
  bool is_over_cap = false;  // to be refused and closed; not counted
};
struct FinishedReply {
  std::uint64_t connection = 0;
  std::uint64_t request = 0;   // which of the connection's requests it answers
  std::optional<Reply> reply;  // nullopt: the callee dropped `done` without calling it
};
struct StopBy {
  std::chrono::steady_clock::time_point deadline;
};
using Mail = std::variant<NewConnection, FinishedReply, StopBy>;

class Mailbox {
 public:
  Mailbox();
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  void post(Mail mail);                               // any thread
  [[nodiscard]] std::vector<Mail> take_all();         // the loop's thread
  [[nodiscard]] int event() const { return event_; }  // readable while there is mail

 private:
  int event_;
  std::mutex mutex_;
  std::vector<Mail> mail_;
};

}  // namespace slotwire::http
