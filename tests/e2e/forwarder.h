#pragma once
// A network connection between a proxy and a server it needs, which a test can cut and restore.
#include <mutex>
#include <thread>
#include <vector>

namespace slotwire::e2e {

class Forwarder {
 public:
  // Forwards from a free port of its own to port `target`, both on 127.0.0.1.
  explicit Forwarder(int target);
  ~Forwarder();
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;
  [[nodiscard]] int port() const { return port_; }
  // Behaves as if all packets were lost: connections stay open, but no data passes through old or new ones.
  void sever() { set(true); }
  // New connections work again; the earlier ones are closed.
  void mend() { set(false); }

 private:
  struct Pair {
    int from = -1;
    int to = -1;  // -1: opened while severed
  };
  void set(bool is_severed);
  void run();
  void take_new();
  [[nodiscard]] static bool carried(int from, int to);

  int target_;
  int listener_ = -1;
  int port_ = 0;
  int wake_ = -1;
  std::mutex mutex_;
  bool is_severed_ = false;
  bool is_stopping_ = false;
  std::vector<Pair> pairs_;
  std::thread thread_;
};

}  // namespace slotwire::e2e
