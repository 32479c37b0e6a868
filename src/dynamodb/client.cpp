#include "dynamodb/client.hpp"

#include "aws/partition.hpp"
#include "aws/service_error.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/crc.hpp>
#include <fmt/format.h>

namespace skymarshal::dynamodb {

using boost::asio::awaitable;

/// How one attempt went.
struct Client::Attempt {
  std::optional<std::string> answer = {};
  /// Of a failure.
  Error error = {};
  /// Whether, and why, another attempt may succeed; by itself it never does without.
  std::optional<AdaptiveRetry::Trouble> trouble = {};
  /// Signed again it may be let in.
  bool sign_again = false;
};

namespace {

using Trouble = AdaptiveRetry::Trouble;

constexpr std::string_view api_version = "DynamoDB_20120810";
/// A batch of reads ends with 16 MB of items, and leaves out the rest
/// (docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html); an item has 400 KB at
/// most.
constexpr std::size_t full_batch_bytes_min = 15U << 20;
constexpr std::string_view checksum_field = "X-Amz-Crc32";

/// Of an event loop: as many as it has requests under way when it is busy.
constexpr net::HttpClientOptions kept_connections{.idle_per_endpoint_max = 64, .idle_total_max = 64};

SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

awaitable<void> pause_for(Milliseconds duration) {
  if (duration <= Milliseconds(0)) co_return;
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, duration);
  (void)co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

/// True where it names none: not everything that speaks the API does.
bool is_whole(const http::Response& response) {
  const auto stated = response.headers.find(checksum_field);
  if (!stated) return true;
  boost::crc_32_type crc;
  crc.process_bytes(response.body.data(), response.body.size());
  return parse_number<std::uint32_t>(*stated) == crc.checksum();
}

Error unavailable(std::string why) { return {ErrorKind::unavailable, std::move(why)}; }

Error unreadable(std::string_view operation) {
  return unavailable(fmt::format("{}: what DynamoDB answered cannot be understood", operation));
}

std::string described(std::string_view operation, const aws::ServiceError& error) {
  return fmt::format("{}: {} {}: {}", operation, error.status, error.code.empty() ? "no code" : error.code,
                     error.message);
}

ErrorKind kind_of(const aws::ServiceError& error) {
  if (error.code == "ConditionalCheckFailedException") return ErrorKind::condition_failed;
  if (error.code == "ResourceNotFoundException") return ErrorKind::not_found;
  const bool is_invalid = error.code == "ValidationException" || error.code == "SerializationException" ||
                          error.code == "ItemCollectionSizeLimitExceededException";
  return is_invalid ? ErrorKind::invalid : ErrorKind::refused;
}

std::optional<Item> member_item(const JsonObject& answer, std::string_view name) {
  const auto json = answer.find(name, JsonKind::object);
  return json ? read_item(*json) : std::nullopt;
}

/// Whether all that are left out were taken: nothing stands in UnprocessedItems or UnprocessedKeys.
std::optional<std::string> unprocessed(const JsonObject& answer, std::string_view name) {
  const auto left = answer.find(name, JsonKind::object);
  if (!left || json_object(*left).empty()) return std::nullopt;
  return "{\"RequestItems\":" + std::string(*left) + '}';
}

}  // namespace

http::Endpoint regional_endpoint(std::string_view region, bool use_fips) {
  return {"https", aws::service_host_plain_in_govcloud("dynamodb", region, use_fips), 443, "/"};
}

Client::Client(ClientOptions options, std::optional<net::TlsContext> tls, const Parts& parts)
    : Client(std::move(options), net::HttpClient(kept_connections, std::move(tls)), parts) {}

Client::Client(ClientOptions options, net::HttpClient http, const Parts& parts)
    : options_(std::move(options)),
      http_(std::move(http)),
      signer_({options_.region, "dynamodb", {}, false}, parts.credentials, parts.clock),
      retry_(options_.retry, parts.random) {}

awaitable<Result<std::string>> Client::send(std::string operation, std::string body) {
  const SteadyTime until = steady_now() + options_.call_timeout;
  bool was_signed_again = false;
  for (int number = 1;; ++number) {
    const auto left = [until] { return std::chrono::ceil<Milliseconds>(until - steady_now()); };
    const auto brake = retry_.wait_to_send(steady_now(), left() - Milliseconds(1));
    if (!brake) {
      co_return unavailable(
          fmt::format("{}: DynamoDB throttles, and there is no time left to wait", operation));
    }
    co_await pause_for(*brake);
    Attempt outcome = co_await attempt(operation, body, std::min(options_.attempt_timeout, left()));
    if (outcome.answer) {
      retry_.note_success(number, steady_now());
      co_return *std::move(outcome.answer);
    }
    if (outcome.sign_again && !std::exchange(was_signed_again, true)) continue;
    if (!outcome.trouble) co_return std::move(outcome.error);
    const auto pause = retry_.pause_after(*outcome.trouble, number, steady_now());
    if (!pause || *pause >= left()) co_return std::move(outcome.error);
    co_await pause_for(*pause);
  }
}

awaitable<Client::Attempt> Client::attempt(const std::string& operation, const std::string& body,
                                           Milliseconds limit) {
  http::Request request{"POST", "/", {}, body};
  request.headers.add("Host", options_.endpoint.authority());
  request.headers.add("Content-Type", "application/x-amz-json-1.0");
  request.headers.add("X-Amz-Target", fmt::format("{}.{}", api_version, operation));
  const auto used = co_await signer_.sign(request);
  if (!used) co_return Attempt{{}, unavailable(used.error().message)};

  net::FetchOptions limits;
  limits.connect_timeout = limit;
  limits.total_timeout = limit;
  limits.body_bytes_max = options_.answer_bytes_max;
  limits.repeatable = true;
  auto response = co_await net::fetch(http_, options_.endpoint, std::move(request), limits);
  if (!response) {
    const bool is_late = response.error().kind == net::ErrorKind::timed_out;
    co_return Attempt{{},
                      unavailable(operation + ": " + response.error().message),
                      is_late ? Trouble::timed_out : Trouble::broken};
  }
  if (!is_whole(*response)) {
    co_return Attempt{
        {}, unavailable(operation + ": the checksum of the answer does not fit"), Trouble::broken};
  }
  if (response->status == 200) {
    pad_json(response->body);
    if (!validate_json(response->body)) co_return Attempt{{}, unreadable(operation), Trouble::broken};
    co_return Attempt{std::move(response->body)};
  }
  const aws::ServiceError error = aws::read_service_error(*response);
  Attempt failed{{}, {kind_of(error), described(operation, error)}};
  if (aws::is_throttling(error))
    failed.trouble = Trouble::throttled;
  else if (aws::is_transient(error))
    failed.trouble = Trouble::broken;
  if (failed.trouble) failed.error.kind = ErrorKind::unavailable;
  failed.sign_again = co_await signer_.may_sign_again(error, *used);
  if (aws::is_about_credentials(error) || aws::is_about_the_clock(error))
    failed.error.kind = ErrorKind::unavailable;
  co_return failed;
}

/// What a batch leaves out was throttled: it is sent again like anything that was.
awaitable<Result<void>> Client::pause_before_round(int round, std::string_view operation) {
  if (round == 1) co_return Result<void>();
  const auto pause = retry_.pause_after(Trouble::throttled, round - 1, steady_now());
  if (!pause) co_return unavailable(fmt::format("{}: DynamoDB leaves out what it was sent", operation));
  co_await pause_for(*pause);
  co_return Result<void>();
}

awaitable<Result<std::optional<Item>>> Client::get(Call call) {
  const auto answer = co_await send(call.operation(), call.body());
  if (!answer) co_return answer.error();
  const JsonObject members = json_object(*answer);
  if (!members.has("Item")) co_return std::optional<Item>();
  auto item = member_item(members, "Item");
  if (!item) co_return unreadable(call.operation());
  co_return item;
}

awaitable<Result<Item>> Client::write(Call call) {
  const auto answer = co_await send(call.operation(), call.body());
  if (!answer) co_return answer.error();
  co_return member_item(json_object(*answer), "Attributes").value_or(Item());
}

awaitable<Result<Client::Page>> Client::page(Call call) {
  const auto answer = co_await send(call.operation(), call.body());
  if (!answer) co_return answer.error();
  const JsonObject members = json_object(*answer);
  const auto items = members.find("Items", JsonKind::array);
  if (!items) co_return unreadable(call.operation());
  Page page;
  for (const std::string_view json : json_elements(*items)) {
    auto item = read_item(json);
    if (!item) co_return unreadable(call.operation());
    page.items.push_back(*std::move(item));
  }
  page.next = member_item(members, "LastEvaluatedKey");
  co_return page;
}

awaitable<Result<std::vector<Item>>> Client::get_all(std::string table, std::vector<Item> keys,
                                                     bool consistent) {
  std::vector<Item> found;
  for (std::size_t from = 0; from < keys.size(); from += batch_get_items_max) {
    const std::size_t end = std::min(keys.size(), from + batch_get_items_max);
    const std::vector<Item> some(keys.begin() + static_cast<std::ptrdiff_t>(from),
                                 keys.begin() + static_cast<std::ptrdiff_t>(end));
    std::optional<std::string> body = batch_get_body(table, some, consistent);
    for (int round = 1; body; ++round) {
      const auto paused = co_await pause_before_round(round, "BatchGetItem");
      if (!paused) co_return paused.error();
      const auto answer = co_await send("BatchGetItem", *std::move(body));
      if (!answer) co_return answer.error();
      const JsonObject members = json_object(*answer);
      const auto responses = members.find("Responses", JsonKind::object);
      const auto items = responses ? json_object(*responses).find(table, JsonKind::array) : std::nullopt;
      for (const std::string_view json : items ? json_elements(*items) : std::vector<std::string_view>()) {
        auto item = read_item(json);
        if (!item) co_return unreadable("BatchGetItem");
        found.push_back(*std::move(item));
      }
      body = unprocessed(members, "UnprocessedKeys");
      // Nobody throttles where there was no more room: what is left out is a batch of its own.
      if (answer->size() >= full_batch_bytes_min) round = 0;
    }
  }
  co_return found;
}

awaitable<Result<void>> Client::write_all(std::string table, std::vector<Item> puts,
                                          std::vector<Item> deleted_keys) {
  while (!puts.empty() || !deleted_keys.empty()) {
    std::vector<Item> some_puts;
    std::vector<Item> some_keys;
    while (!puts.empty() && some_puts.size() < batch_write_items_max) {
      some_puts.push_back(std::move(puts.back()));
      puts.pop_back();
    }
    while (!deleted_keys.empty() && some_puts.size() + some_keys.size() < batch_write_items_max) {
      some_keys.push_back(std::move(deleted_keys.back()));
      deleted_keys.pop_back();
    }
    std::optional<std::string> body = batch_write_body(table, some_puts, some_keys);
    for (int round = 1; body; ++round) {
      const auto paused = co_await pause_before_round(round, "BatchWriteItem");
      if (!paused) co_return paused.error();
      const auto answer = co_await send("BatchWriteItem", *std::move(body));
      if (!answer) co_return answer.error();
      body = unprocessed(json_object(*answer), "UnprocessedItems");
    }
  }
  co_return Result<void>();
}

}  // namespace skymarshal::dynamodb
