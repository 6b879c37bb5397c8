#include "proxy/cluster/redis_link.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "shared/time_between.h"

namespace slotwire::cluster {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostIdle = 8;
constexpr milliseconds kFirstPause{50};
constexpr milliseconds kLongestPause{1'000};
constexpr milliseconds kSettled{5'000};     // a connection that lasted this long was a good one
constexpr milliseconds kBetweenPings{500};  // a broken network reports nothing, so ask
constexpr milliseconds kLongestSilence{1'500};
constexpr milliseconds kStartPatience{500};

std::int64_t whole_seconds(Instant::duration time) { return std::chrono::duration_cast<std::chrono::seconds>(time).count(); }

}  // namespace

RedisLink::RedisLink(RedisAddress address, Parts parts)
    : address_(std::move(address)), parts_(parts), wake_descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  watcher_ = std::thread([this] { watch(); });
  std::unique_lock lock(mutex_);
  looked_.wait_for(lock, kStartPatience, [this] { return has_looked_; });
}

RedisLink::~RedisLink() {
  is_stopping_ = true;
  wake();
  watcher_.join();
  ::close(wake_descriptor_);
}

void RedisLink::wake() {
  const std::uint64_t one = 1;
  (void)!::write(wake_descriptor_, &one, sizeof one);
}

void RedisLink::pause(milliseconds time) {
  pollfd waiting{wake_descriptor_, POLLIN, 0};
  (void)::poll(&waiting, 1, static_cast<int>(time.count()));
  std::uint64_t count = 0;
  (void)!::read(wake_descriptor_, &count, sizeof count);
}

std::optional<Instant> RedisLink::cut_off_since() const {
  const std::lock_guard lock(mutex_);
  return cut_off_since_;
}

void RedisLink::note_connected() {
  std::optional<Instant> since;
  {
    const std::lock_guard lock(mutex_);
    has_looked_ = true;
    since = std::exchange(cut_off_since_, std::nullopt);
  }
  looked_.notify_all();
  if (since) {
    parts_.log.info("redis", "",
                    "is back after " + std::to_string(whole_seconds(time_between(*since, parts_.clock.now()))) + " s");
  }
}

void RedisLink::note_cut_off(const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    has_looked_ = true;
    idle_.clear();
    if (cut_off_since_) return;
    cut_off_since_ = parts_.clock.now();
  }
  looked_.notify_all();
  wake();
  parts_.log.warn("redis", "", why + "; this server goes on alone");
}

RedisLink::Owned RedisLink::idle_connection() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return nullptr;
  Owned connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void RedisLink::give_back(Owned connection) {
  const std::lock_guard lock(mutex_);
  if (!cut_off_since_ && idle_.size() < kMostIdle) idle_.push_back(std::move(connection));
}

std::optional<RedisValue> RedisLink::run_on_some(const std::vector<std::string>& words) {
  if (cut_off_since()) return std::nullopt;
  if (Owned kept = idle_connection()) {
    if (auto answer = kept->run(words)) {
      give_back(std::move(kept));
      return answer;
    }
    if (kept->why() == RedisConnection::Broken::timed_out) {
      note_cut_off("does not answer");
      return std::nullopt;
    }
    // Closed by a restart, or because it was idle for long. The other kept connections may be closed too; try a new one.
    const std::lock_guard lock(mutex_);
    idle_.clear();
  }
  Result<Owned> opened = RedisConnection::open(address_);
  if (!opened) {
    note_cut_off(opened.error().detail);
    return std::nullopt;
  }
  auto answer = (*opened)->run(words);
  if (!answer) {
    note_cut_off("does not answer");
    return std::nullopt;
  }
  give_back(std::move(*opened));
  return answer;
}

std::optional<RedisValue> RedisLink::run(const std::vector<std::string>& words) {
  std::optional<RedisValue> answer = run_on_some(words);
  if (answer && answer->kind == RedisValue::Kind::error) {
    // The first word is Redis's name for the problem (OOM, READONLY, LOADING, NOAUTH); the rest may contain data.
    note_cut_off("refuses: " + answer->text.substr(0, answer->text.find(' ')));
    return std::nullopt;
  }
  return answer;
}

std::optional<RedisValue> RedisLink::run(RedisScript& script, const std::string& key, const std::vector<std::string>& arguments) {
  const auto loaded_name = [&]() -> std::string {
    const auto loaded = run({"SCRIPT", "LOAD", script.source_});
    if (!loaded || loaded->kind != RedisValue::Kind::text) return {};
    const std::lock_guard lock(script.mutex_);
    return script.name_ = loaded->text;
  };
  std::string name;
  {
    const std::lock_guard lock(script.mutex_);
    name = script.name_;
  }
  if (name.empty()) name = loaded_name();
  if (name.empty()) return std::nullopt;
  std::vector<std::string> words = {"EVALSHA", name, "1", key};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::optional<RedisValue> answer = run_on_some(words);
  if (answer && answer->kind == RedisValue::Kind::error && answer->text.starts_with("NOSCRIPT")) {
    if (loaded_name().empty()) return std::nullopt;
    return run(words);
  }
  if (answer && answer->kind == RedisValue::Kind::error) {
    note_cut_off("refuses: " + answer->text.substr(0, answer->text.find(' ')));
    return std::nullopt;
  }
  return answer;
}

void RedisLink::listen(std::function<void(const std::string&)> on_message) {
  const std::lock_guard lock(listener_mutex_);
  on_message_ = std::move(on_message);
}

void RedisLink::deliver(const std::string& message) {
  const std::lock_guard lock(listener_mutex_);
  if (on_message_) on_message_(message);
}

void RedisLink::watch() {
  milliseconds wait = kFirstPause;
  while (!is_stopping_) {
    const time::Tick began = parts_.clock.tick();
    if (Result<Owned> opened = RedisConnection::open(address_)) {
      listen_on(**opened);
    } else {
      note_cut_off(opened.error().detail);
    }
    if (is_stopping_) return;
    wait = parts_.clock.tick() - began > kSettled ? kFirstPause : std::min(wait * 2, kLongestPause);
    pause(wait);
  }
}

void RedisLink::listen_on(RedisConnection& connection) {
  if (!connection.send(std::vector<std::string>{"SUBSCRIBE", kChannel})) return note_cut_off("does not answer");
  time::Tick last_received = parts_.clock.tick();
  time::Tick last_ping = last_received;
  bool is_subscribed = false;
  while (true) {
    std::array<pollfd, 2> waiting = {{{connection.descriptor(), POLLIN, 0}, {wake_descriptor_, POLLIN, 0}}};
    (void)::poll(waiting.data(), waiting.size(), static_cast<int>(kBetweenPings.count()));
    if (waiting[1].revents != 0) {
      pause(milliseconds(0));
      // A call failed: only a new connection can show whether Redis is there.
      return;
    }
    const time::Tick now = parts_.clock.tick();
    if (waiting[0].revents != 0) {
      const auto values = connection.arrived();
      if (!values) return note_cut_off("closed the connection");
      last_received = now;
      for (const RedisValue& value : *values) {
        if (value.kind == RedisValue::Kind::error) return note_cut_off("refuses: " + value.text.substr(0, value.text.find(' ')));
        if (value.list.size() != 3) continue;
        if (value.list[0].text == "subscribe" && !is_subscribed) {
          is_subscribed = true;
          note_connected();
          deliver({});
        }
        if (value.list[0].text == "message") deliver(value.list[2].text);
      }
    }
    if (now - last_received > kLongestSilence) return note_cut_off("has fallen silent");
    if (now - last_ping >= kBetweenPings) {
      last_ping = now;
      if (!connection.send(std::vector<std::string>{"PING"})) return note_cut_off("does not answer");
    }
  }
}

}  // namespace slotwire::cluster
