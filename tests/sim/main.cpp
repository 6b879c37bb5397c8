#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <pthread.h>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/sim/server.h"

int main(int argc, char** argv) {
  using namespace slotwire::sim;

  std::string host = "127.0.0.1";
  int port = 4010;
  int event_types = 0;
  int window_days = 7;
  bool has_odd_types = false;
  std::string host_zone;
  std::string page_base;
  std::vector<std::string> tokens;
  CLI::App app("Answers like Calendly's API, with an account of its own, booking pages, and trouble on request (/__sim/).");
  app.add_option("--host", host, "address to listen on")->capture_default_str();
  app.add_option("--port", port, "0 picks a free one")->capture_default_str();
  app.add_option("--token", tokens, "access token to accept, with every scope; may be given several times");
  app.add_option("--event-types", event_types, "how many event types there are, at least");
  app.add_flag("--odd-event-types", has_odd_types,
               "event types with locations, slug, profile or duration null, of a team, polls, paid");
  app.add_option("--window-days", window_days, "longest range of available times: 7 or 31")->capture_default_str();
  app.add_option("--timezone", host_zone, "zone of the host's working hours");
  app.add_option("--public-url", page_base, "address of the booking pages, when it is not the one listened on");
  CLI11_PARSE(app, argc, argv);

  // Every thread inherits the mask, so that only the wait below receives the signal.
  sigset_t endings;
  sigemptyset(&endings);
  sigaddset(&endings, SIGTERM);
  sigaddset(&endings, SIGINT);
  pthread_sigmask(SIG_BLOCK, &endings, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  World world;
  world.account = example_account(event_types);
  world.account.longest_range_days = window_days;
  if (has_odd_types) add_odd_event_types(world.account);
  if (!host_zone.empty()) world.account.timezone = host_zone;
  if (!tokens.empty()) world.account.tokens.clear();
  for (std::string& token : tokens) world.account.tokens.push_back({std::move(token), std::nullopt});
  world.first_account = world.account;

  Server server(world);
  const int bound = server.listen_on(host, port);
  if (bound == 0) {
    std::fprintf(stderr, "calendly-sim: cannot listen on %s port %d\n", host.c_str(), port);
    return 1;
  }
  const std::string address = "http://" + host + ":" + std::to_string(bound);
  world.page_base = page_base.empty() ? address : page_base;
  std::thread ending([&] {
    int signal = 0;
    sigwait(&endings, &signal);
    server.stop();
  });
  std::fprintf(stderr, "calendly-sim accepts the token %s\n", world.first_account.tokens.front().text.c_str());
  std::printf("calendly-sim listening on %s\n", address.c_str());
  std::fflush(stdout);
  server.run();
  ending.join();
  return 0;
}
