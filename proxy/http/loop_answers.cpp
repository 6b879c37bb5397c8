// The half of Loop that handles requests and replies; the other half (loop.cpp) handles sockets and deadlines.
#include <atomic>
#include <cassert>
#include <cstdio>
#include <exception>
#include <limits>
#include <utility>

#include "proxy/http/answer_head.h"
#include "proxy/http/loop_connection.h"
#include "proxy/text/ascii.h"

namespace slotwire::http {
namespace {

constexpr std::string_view kBodyTooLarge = "The body is too large.";

ErrorCode code_of(int status) {
  switch (status) {
    case 413:
      return ErrorCode::payload_too_large;
    case 415:
      return ErrorCode::unsupported_media_type;
    case 503:
      return ErrorCode::too_many_requests;
    default:
      return ErrorCode::bad_input;
  }
}

// The address (AskedAt) of a request that was refused before it was parsed, as far as it arrived.
std::string_view address_begun(std::string_view bytes) {
  std::string_view line = bytes.substr(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
  line = line.substr(0, line.find_first_of("\r\n"));
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return {};
  const std::string_view target = line.substr(space + 1);
  return target.substr(0, target.find_first_of(" ?"));
}

std::string_view host_begun(std::string_view bytes) {
  constexpr std::string_view kName = "host:";
  bytes = bytes.substr(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return {};
    if (line.size() >= kName.size() && text::equal_ignoring_case(line.substr(0, kName.size()), kName))
      return text::trimmed(line.substr(kName.size()));
  }
  return {};
}

// Adds the headers that the handler did not set.
void add_default_headers(Reply& reply) {
  if (!reply.headers.find("X-Content-Type-Options")) reply.headers.add("X-Content-Type-Options", "nosniff");
  if (!reply.headers.find("Referrer-Policy")) reply.headers.add("Referrer-Policy", "no-referrer");
}

bool has_no_body(int status) { return status == 204 || status == 304; }

bool is_usable_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return text::is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
  });
}

// Posts the reply of one Later or Wait to its loop, once, from any thread. If the callee drops it without calling, that is
// posted.
class Ticket {
 public:
  Ticket(std::weak_ptr<Mailbox> home, std::uint64_t connection, std::uint64_t request)
      : home_(std::move(home)), connection_(connection), request_(request) {}
  ~Ticket() { redeem(std::nullopt); }
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  void redeem(std::optional<Reply> reply) {
    if (is_redeemed_.exchange(true)) return;
    if (const auto home = home_.lock())
      home->post(FinishedReply{.connection = connection_, .request = request_, .reply = std::move(reply)});
  }

 private:
  std::weak_ptr<Mailbox> home_;
  std::uint64_t connection_;
  std::uint64_t request_;
  std::atomic<bool> is_redeemed_{false};
};

}  // namespace

bool Loop::answer_next(Connection& connection) {
  if (connection.is_reading_body) return take_body(connection);
  if (connection.unread().empty()) return false;

  const auto step = connection.reader.read(connection.unread(), std::numeric_limits<std::size_t>::max());
  if (std::holds_alternative<NeedsMore>(step)) return false;
  if (const auto* refused = std::get_if<Refused>(&step)) {
    refuse(connection, refused->status, refused->why);
    return true;
  }
  const RequestHead& head = std::get<RequestHead>(step);
  const std::size_t most_body_bytes = most_body_bytes_of(head.path);
  if (head.body_bytes > most_body_bytes) {
    refuse(connection, 413, kBodyTooLarge);
    return true;
  }
  if (!may_hold(connection, head.body_bytes)) return true;
  connection.reader.restart();
  std::string key = repeat_key(head);
  const bool is_repeated = !key.empty() && repeat_answer(connection, head, key);
  if (!is_repeated) accept_head(connection, head, std::move(key));
  connection.in_begin += head.head_bytes;  // `head` points into `in`, which does not change until more is read
  if (is_repeated) return true;

  if (connection.body_bytes == 0 && !connection.chunks) {
    dispatch(connection);
    return true;
  }
  connection.is_reading_body = true;
  connection.most_body_bytes = most_body_bytes;
  const bool is_sent_already =
      connection.chunks ? !connection.unread().empty() : connection.unread().size() >= connection.body_bytes;
  if (head.expects_continue && !is_sent_already) connection.out.add("HTTP/1.1 100 Continue\r\n\r\n", nullptr);
  return true;
}

std::size_t Loop::most_body_bytes_of(std::string_view path) const {
  const auto larger = around_.settings.larger_bodies.find(path);
  return larger == around_.settings.larger_bodies.end() ? around_.settings.max_body_bytes : larger->second;
}

bool Loop::may_hold(Connection& connection, std::size_t body_bytes) {
  if (body_bytes <= around_.settings.max_body_bytes || connection.holds_large_body) return true;
  connection.holds_large_body = around_.caps.enter_large_body();
  if (!connection.holds_large_body) refuse(connection, 503, "There are too many large bodies. Try again in a few seconds.");
  return connection.holds_large_body;
}

bool Loop::take_body(Connection& connection) {
  if (connection.chunks) {
    const auto step = connection.chunks->take(connection.unread(), connection.most_body_bytes);
    if (const auto* refused = std::get_if<Refused>(&step)) {
      refuse(connection, refused->status, refused->why);
      return true;
    }
    const auto taken = std::get<ChunkedBody::Taken>(step);
    connection.in_begin += taken.bytes;
    if (!may_hold(connection, connection.chunks->body().size())) return true;
    if (!taken.is_complete) return false;
    connection.request.body = std::move(connection.chunks->body());
    connection.chunks.reset();
  } else {
    if (connection.unread().size() < connection.body_bytes) return false;
    connection.request.body = connection.unread().substr(0, connection.body_bytes);
    connection.in_begin += connection.body_bytes;
  }
  connection.is_reading_body = false;
  dispatch(connection);
  return true;
}

bool Loop::repeat_answer(Connection& connection, const RequestHead& head, const std::string& key) {
  if (repeats_.is_empty() || is_stopping_) return false;
  // Not now_, the time of this round of events: a round can be long, and an answer may be valid for only a moment.
  const Clock::time_point now = Clock::now();
  const Repeat* repeat = repeats_.find(key, now, around_.repeat_epoch);
  if (repeat == nullptr) return false;
  const std::string client = client_of(connection, head);
  if (around_.settings.may_repeat && !around_.settings.may_repeat(client)) return false;

  const std::string id = fresh_id();
  std::string start = repeat->status_line;
  start += date_line();
  start += "X-Request-Id: ";
  start += id;
  start += "\r\n";
  connection.out.add(start, repeat->rest);
  connection.phase = Connection::Phase::answered;
  if (around_.settings.on_answered) {
    around_.settings.on_answered(Answered{.request_id = id,
                                          .method = head.method,
                                          .path = head.path,
                                          .client = client,
                                          .status = repeat->status,
                                          .body_bytes = repeat->body_bytes,
                                          .took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - now),
                                          .repeated = true});
  }
  return true;
}

void Loop::accept_head(Connection& connection, const RequestHead& head, std::string key) {
  Request request;
  request.method = head.method;
  request.path = head.path;
  request.query = head.query;
  for (const auto& [name, value] : head.fields) request.headers.add(std::string(name), std::string(value));
  request.client = client_of(connection, head);
  const std::string_view given_id = head.field("x-request-id");
  request.id = connection.is_trusted_proxy && is_usable_id(given_id) ? std::string(given_id) : fresh_id();
  connection.request = std::move(request);
  connection.body_bytes = head.body_bytes;
  if (head.is_chunked) connection.chunks.emplace();
  connection.framing = Framing{.is_head = head.method == "HEAD",
                               .is_http_1_0 = head.is_http_1_0,
                               .keeps_alive = head.keeps_alive,
                               .repeat_key = std::move(key),
                               .repeat_epoch = around_.repeat_epoch};
}

void Loop::dispatch(Connection& connection) {
  connection.request_complete_at = Clock::now();
  const std::uint64_t number = ++connection.request_number;
  const auto report = [&](std::string_view what) {
    if (around_.settings.on_exception) around_.settings.on_exception(connection.request.id, what);
  };
  try {
    Step step = around_.handler(connection.request);
    if (Reply* reply = std::get_if<Reply>(&step)) return queue_reply(connection, std::move(*reply));
    // Parked before the call: `done` may be called inside it, or on another thread before it returns.
    connection.phase = Connection::Phase::waiting;
    connection.deadline = Clock::time_point::max();
    const auto ticket = std::make_shared<Ticket>(mailbox_, connection.id, number);
    const auto done = [ticket](Reply reply) { ticket->redeem(std::move(reply)); };
    if (Wait* wait = std::get_if<Wait>(&step)) {
      connection.cancel = wait->begin(done);
    } else {
      std::get<Later>(step)(done);
    }
    // The callee has copied what it needs; the answer only needs the other parts.
    free_value(connection.request.headers);
    free_value(connection.request.body);
    if (connection.unread().empty()) connection.free_input();
    return;
  } catch (const std::exception& problem) {
    report(problem.what());
  } catch (...) {
    report("an exception without a text");
  }
  if (connection.phase != Connection::Phase::waiting) queue_reply(connection, broken_reply(connection));
}

Reply Loop::broken_reply(const Connection& connection) const {
  const Error error{.code = ErrorCode::internal,
                    .detail = "Something went wrong on our side. The log names it by this answer's X-Request-Id."};
  const Request& request = connection.request;
  return around_.settings.refusal({request.path, request.headers.find("Host").value_or("")}, 500, error);
}

void Loop::refuse(Connection& connection, int status, std::string_view why) {
  const bool is_read = connection.is_reading_body;
  const std::string path(is_read ? std::string_view(connection.request.path) : address_begun(connection.unread()));
  const std::string host(is_read ? connection.request.headers.find("Host").value_or("") : host_begun(connection.unread()));
  connection.request = Request{};
  connection.request.client = connection.peer_text;
  connection.request.id = fresh_id();
  connection.request_complete_at = now_;
  connection.framing = Framing{.is_head = false, .is_http_1_0 = false, .keeps_alive = false, .repeat_key = {}, .repeat_epoch = 0};
  connection.is_reading_body = false;
  connection.chunks.reset();
  connection.lingers = true;
  Error error{.code = code_of(status), .detail = std::string(why)};
  if (status == 503) error.retry_after = std::chrono::seconds(5);
  queue_reply(connection, around_.settings.refusal({path, host}, status, error));
}

void Loop::queue_reply(Connection& connection, Reply reply) {
  const Framing& framing = connection.framing;
  connection.closes = !framing.keeps_alive || is_stopping_;
  connection.phase = Connection::Phase::answered;
  add_default_headers(reply);
  if (framing.is_http_1_0 && !connection.closes) reply.headers.set("Connection", "keep-alive");

  const std::string head = head_from_reply(reply, connection.closes);
  const std::size_t after_status = head.find("\r\n") + 2;
  std::string start = head.substr(0, after_status);
  start += date_line();
  start += "X-Request-Id: ";
  start += connection.request.id;
  start += "\r\n";
  start.append(head, after_status);
  const bool sends_body = !framing.is_head && !has_no_body(reply.status) && reply.body;
  connection.out.add(start, sends_body ? reply.body : nullptr);

  const bool is_repeatable =
      reply.repeat_until && !framing.repeat_key.empty() && !connection.closes && (reply.status == 200 || reply.status == 304);
  if (is_repeatable) {
    std::string rest = head.substr(after_status);
    if (sends_body) rest += *reply.body;
    repeats_.put(std::move(connection.framing.repeat_key),
                 Repeat{.status_line = head.substr(0, after_status),
                        .rest = std::make_shared<const std::string>(std::move(rest)),
                        .status = reply.status,
                        .body_bytes = sends_body ? reply.body->size() : 0,
                        .valid_until = *reply.repeat_until,
                        .epoch = framing.repeat_epoch},
                 now_);
  }
  if (around_.settings.on_answered) {
    const Request& request = connection.request;
    around_.settings.on_answered(
        Answered{.request_id = request.id,
                 .method = request.method,
                 .path = request.path,
                 .client = request.client,
                 .status = reply.status,
                 .body_bytes = sends_body ? reply.body->size() : 0,
                 .took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - connection.request_complete_at),
                 .repeated = false});
  }
  // Requests are freed together with their answers.
  free_value(connection.request);
  free_value(connection.framing);
  if (std::exchange(connection.holds_large_body, false)) around_.caps.leave_large_body();
}

std::string Loop::client_of(const Connection& connection, const RequestHead& head) const {
  if (!connection.is_trusted_proxy) return connection.peer_text;
  std::string forwarded_for;
  for (const auto& [name, value] : head.fields) {
    if (!text::equal_ignoring_case(name, "x-forwarded-for")) continue;
    if (!forwarded_for.empty()) forwarded_for += ',';
    forwarded_for += value;
  }
  return net::text_from_address(net::client_address(connection.peer, forwarded_for, around_.settings.trusted_proxies));
}

std::string Loop::fresh_id() {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string id(16, '0');
  std::uint64_t bits = random_();
  for (char& digit : id) {
    digit = kDigits[bits & 15];
    bits >>= 4;
  }
  return id;
}

// "Date: Tue, 06 Jan 2026 14:00:00 GMT", with CRLF; rebuilt once a second.
const std::string& Loop::date_line() {
  using namespace std::chrono;
  const sys_seconds now = floor<seconds>(system_clock::now());
  if (now == date_line_at_) return date_line_;
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_days day = floor<days>(now);
  const year_month_day date(day);
  const hh_mm_ss time(now - day);
  char line[64];
  std::snprintf(line, sizeof line, "Date: %s, %02u %s %04d %02d:%02d:%02d GMT\r\n", kDays[weekday(day).c_encoding()],
                static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                static_cast<int>(date.year()), static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  date_line_at_ = now;
  date_line_ = line;
  return date_line_;
}

}  // namespace slotwire::http
