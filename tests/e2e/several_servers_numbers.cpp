// Measures the costs of several servers for docs/scaling.md: e2e_tests "[numbers]". Not part of the test run, since it checks
// nothing.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <iostream>
#include <sstream>
#include <thread>

#include "tests/e2e/booking.h"
#include "tests/e2e/installation.h"

using namespace slotwire;
using namespace slotwire::e2e;
using servers::PostgresServer;

namespace {

constexpr std::chrono::seconds kIdle{5};

std::string told_by(const std::string& program, const std::vector<std::string>& arguments, const Environment& environment = {}) {
  Process process(program, arguments, environment);
  if (process.wait_for_end() != 0) throw std::runtime_error(program + ": " + process.output());
  return process.output();
}

// Commands from clients; commands inside scripts are counted separately.
struct RedisCounts {
  long commands = 0;
  long scripts = 0;
  long in_scripts = 0;
};

struct Counter {
  Installation& all;
  [[nodiscard]] std::string redis(std::vector<std::string> words) const {
    words.insert(words.begin(), {"-p", std::to_string(all.redis.port())});
    return told_by("/usr/bin/redis-cli", words);
  }
  [[nodiscard]] RedisCounts redis_counts() const {
    RedisCounts counts;
    std::istringstream lines(redis({"INFO", "commandstats"}));
    for (std::string line; std::getline(lines, line);) {
      const std::size_t calls = line.find(":calls=");
      if (calls == std::string::npos) continue;
      const std::string name = line.substr(8, calls - 8);
      const long count = std::stol(line.substr(calls + 7));
      if (name == "evalsha") counts.scripts = count;
      if (name == "evalsha" || name == "ping" || name == "subscribe" || name == "script|load" || name == "scan") {
        counts.commands += count;
      } else if (name != "info" && name != "memory|usage" && name != "keys") {
        counts.in_scripts += count;
      }
    }
    return counts;
  }
  [[nodiscard]] long statements() const {
    const std::string log = all.postgres.output();
    long count = 0;
    for (const char* mark : {"LOG:  execute ", "LOG:  statement: "}) {
      for (std::size_t at = log.find(mark); at != std::string::npos; at = log.find(mark, at + 1)) ++count;
    }
    return count;
  }
};

template <class Work>
void measure(const Counter& counter, const std::string& what, double idle_statements_per_s, double idle_commands_per_s,
             Work work) {
  const auto began = std::chrono::steady_clock::now();
  const RedisCounts redis = counter.redis_counts();
  const long statements = counter.statements();
  work();
  std::this_thread::sleep_for(std::chrono::seconds(1));  // background work after the answer
  const RedisCounts redis_after = counter.redis_counts();
  const double took_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::cout << what << ": scripts " << redis_after.scripts - redis.scripts << ", commands inside scripts and messages "
            << redis_after.in_scripts - redis.in_scripts << ", all client commands less idle ones "
            << static_cast<double>(redis_after.commands - redis.commands) - idle_commands_per_s * took_s
            << "; SQL statements less idle ones "
            << static_cast<double>(counter.statements() - statements) - idle_statements_per_s * took_s << '\n';
}

}  // namespace

TEST_CASE("numbers: what several servers cost", "[.numbers]") {
  PostgresServer own({"-c", "log_statement=all"});
  Installation all(own);
  const Counter counter{all};
  REQUIRE(all.all_are("connected"));
  const RedisCounts before = counter.redis_counts();
  const long statements_before = counter.statements();
  std::this_thread::sleep_for(kIdle);
  const double seconds = std::chrono::duration<double>(kIdle).count();
  const double idle_commands = static_cast<double>(counter.redis_counts().commands - before.commands) / seconds;
  const double idle_statements = static_cast<double>(counter.statements() - statements_before) / seconds;
  std::cout << "idle, three servers: Redis commands/s " << idle_commands << ", SQL statements/s " << idle_statements << '\n';

  const auto month = [](Proxy& proxy) { REQUIRE(proxy.slots("30min", day_text(1), day_text(30)).status == 200); };
  measure(counter, "cold month", idle_statements, idle_commands, [&] { month(all.at(0)); });
  measure(counter, "the same month on another server", idle_statements, idle_commands, [&] { month(all.at(1)); });
  measure(counter, "the same month again, 20 times", idle_statements, idle_commands, [&] {
    for (int i = 0; i < 20; ++i) month(all.at(1));
  });
  const std::string start = free_start(all.at(0), 3);
  measure(counter, "a booking, and what it refreshes", idle_statements, idle_commands,
          [&] { REQUIRE(book(all.at(0), wish_for(start), "numbers").status == 201); });

  long cells = 0;
  long bytes = 0;
  std::istringstream keys(counter.redis({"KEYS", "slotwire:*:cell:*"}));
  for (std::string key; std::getline(keys, key);) {
    ++cells;
    bytes += std::stol(counter.redis({"MEMORY", "USAGE", key}));
  }
  const Json stats = all.at(0).admin_get("/api/web/calendly/cache/stats").data();
  const Json data = all.at(0).slots("30min", day_text(1), day_text(30)).data();
  std::cout << "Redis: " << cells << " cells, " << bytes / cells << " bytes each; a month has " << data.at("slots").size()
            << " slots\n"
            << "cache of one server: " << stats.dump() << '\n';
}
