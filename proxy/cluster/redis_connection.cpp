#include "proxy/cluster/redis_connection.h"

#include <cerrno>
#include <hiredis/hiredis.h>

namespace slotwire::cluster {
namespace {

timeval timeval_from(std::chrono::milliseconds time) {
  return {static_cast<time_t>(time.count() / 1000), static_cast<suseconds_t>(time.count() % 1000 * 1000)};
}

RedisValue value_from(const redisReply& reply) {
  RedisValue value;
  switch (reply.type) {
    case REDIS_REPLY_INTEGER:
      value.kind = RedisValue::Kind::number;
      value.number = reply.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      value.kind = RedisValue::Kind::text;
      value.text.assign(reply.str, static_cast<std::size_t>(reply.len));
      break;
    case REDIS_REPLY_ERROR:
      value.kind = RedisValue::Kind::error;
      value.text.assign(reply.str, static_cast<std::size_t>(reply.len));
      break;
    case REDIS_REPLY_ARRAY:
      value.kind = RedisValue::Kind::list;
      for (std::size_t i = 0; i < reply.elements; ++i) value.list.push_back(value_from(*reply.element[i]));
      break;
    default:
      break;
  }
  return value;
}

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};

struct Arguments {
  explicit Arguments(std::span<const std::string> words) {
    for (const std::string& word : words) {
      data.push_back(word.data());
      sizes.push_back(word.size());
    }
  }
  std::vector<const char*> data;
  std::vector<std::size_t> sizes;
};

Error failed(std::string why) { return {ErrorCode::internal, std::move(why)}; }

}  // namespace

Result<std::unique_ptr<RedisConnection>> RedisConnection::open(const RedisAddress& address) {
  redisContext* context = redisConnectWithTimeout(address.host.c_str(), address.port, timeval_from(kLongestWait));
  if (!context) return failed("there is no memory for a connection");
  std::unique_ptr<RedisConnection> connection(new RedisConnection(context));
  if (context->err != 0) return failed("it cannot be reached");
  if (redisSetTimeout(context, timeval_from(kLongestWait)) != REDIS_OK) return failed("it cannot be given a deadline");
  if (!address.password.empty()) {
    std::vector<std::string> words = {"AUTH"};
    if (!address.user.empty()) words.push_back(address.user);
    words.emplace_back(address.password.reveal());
    const auto answer = connection->run(words);
    secrets::wipe(words.back());
    if (!answer) return failed("it does not answer");
    if (answer->kind == RedisValue::Kind::error) return failed("it refuses user or password");
  }
  if (address.database != 0) {
    const auto answer = connection->run(std::vector<std::string>{"SELECT", std::to_string(address.database)});
    if (!answer) return failed("it does not answer");
    if (answer->kind == RedisValue::Kind::error) return failed("it refuses the database's number, or wants a password");
  }
  return connection;
}

RedisConnection::~RedisConnection() { redisFree(context_); }

std::optional<RedisValue> RedisConnection::run(std::span<const std::string> words) {
  Arguments arguments(words);
  const std::unique_ptr<redisReply, FreeReply> reply(static_cast<redisReply*>(
      redisCommandArgv(context_, static_cast<int>(words.size()), arguments.data.data(), arguments.sizes.data())));
  if (!reply) {
    note_broken();
    return std::nullopt;
  }
  return value_from(*reply);
}

// A read that misses its deadline fails with EAGAIN. The context cannot be used again, since the answer may still arrive.
void RedisConnection::note_broken() {
  const bool is_late = context_->err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ETIMEDOUT);
  why_ = is_late ? Broken::timed_out : Broken::closed;
}

bool RedisConnection::send(std::span<const std::string> words) {
  Arguments arguments(words);
  if (redisAppendCommandArgv(context_, static_cast<int>(words.size()), arguments.data.data(), arguments.sizes.data()) !=
      REDIS_OK) {
    return false;
  }
  int is_sent = 0;
  while (is_sent == 0) {
    if (redisBufferWrite(context_, &is_sent) != REDIS_OK) return false;
  }
  return true;
}

std::optional<std::vector<RedisValue>> RedisConnection::arrived() {
  if (redisBufferRead(context_) != REDIS_OK) return std::nullopt;
  std::vector<RedisValue> values;
  while (true) {
    void* raw = nullptr;
    if (redisGetReplyFromReader(context_, &raw) != REDIS_OK) return std::nullopt;
    const std::unique_ptr<redisReply, FreeReply> reply(static_cast<redisReply*>(raw));
    if (!reply) return values;
    values.push_back(value_from(*reply));
  }
}

int RedisConnection::descriptor() const { return context_->fd; }

}  // namespace slotwire::cluster
