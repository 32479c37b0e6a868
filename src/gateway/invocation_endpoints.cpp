#include "gateway/invocation_endpoints.hpp"

#include "base/json_writer.hpp"
#include "gateway/answers.hpp"
#include "gateway/invocation_url.hpp"
#include "gateway/invoke_mode.hpp"
#include "gateway/preferences.hpp"
#include "gateway/query_parameters.hpp"
#include "invocations/invocation_errors.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace skymarshal::gateway {
namespace {

namespace asio = boost::asio;

using invocations::FoundInvocation;
using invocations::InvocationEnd;
using invocations::InvocationHead;
using invocations::InvocationState;

constexpr invocations::Place its_end{invocations::behind_all};

/// What is no UUID names no invocation: the same answer as for one that never was.
Result<RequestId> named_invocation(const Exchange& exchange) {
  const auto id = RequestId::parse(exchange.parameters.at(0));
  if (!id) return invocations::invocation_not_found();
  return *id;
}

Result<std::optional<InvocationState>> read_state(const http::Target& target) {
  const auto text = target.parameter("status");
  if (!text) return std::optional<InvocationState>();
  const auto state = invocations::parse_invocation_state(*text);
  if (!state) {
    return bad_parameter("status",
                         "must be queued, running, success, error, timeout, cancelled or interrupted, or be "
                         "left out for all");
  }
  return state;
}

void write_head(JsonWriter& json, const InvocationHead& head) {
  json.member("request_id", head.request_id.view()).member("session_id", head.session_id.view());
  json.member("status", to_text(head.state)).member("accepted_at", unix_ms(head.accepted_at));
  if (head.ended_at) json.member("ended_at", unix_ms(*head.ended_at));
  json.member("status_url", std::string_view(status_url(head.request_id)));
  json.member("events_url", std::string_view(events_url(head.request_id)));
}

/// The very bytes that a buffered answer would have had.
void write_end(JsonWriter& json, const InvocationEnd& end) {
  const std::string_view name = end.error ? "error" : "result";
  json.raw_member(name, *end.body);
}

}  // namespace

asio::awaitable<Result<void>> InvocationEndpoints::list(Exchange& exchange) {
  const auto known = expect_parameters(exchange.target, {"status", "limit", "cursor"});
  if (!known) co_return known.error();
  const auto state = read_state(exchange.target);
  if (!state) co_return state.error();
  const auto page = read_page(exchange.target);
  if (!page) co_return page.error();
  const auto found = co_await service_.list(exchange.principal, *state, *page);
  if (!found) co_return found.error();
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("invocations").begin_array();
  for (const InvocationHead& head : found->invocations) {
    json.begin_object();
    write_head(json, head);
    json.end_object();
  }
  json.end_array();
  write_next_cursor(json, found->next_cursor);
  json.end_object();
  co_await exchange.send_json(200, std::move(body));
  co_return Result<void>();
}

asio::awaitable<Result<void>> InvocationEndpoints::state(Exchange& exchange) {
  const auto known = expect_parameters(exchange.target, {});
  if (!known) co_return known.error();
  const auto id = named_invocation(exchange);
  if (!id) co_return id.error();
  auto found = co_await service_.find(*id, exchange.principal, its_end);
  if (!found) co_return found.error();
  const Preferences preferences = read_preferences(exchange.request().headers);
  const Milliseconds wait =
      std::min<Milliseconds>(preferences.wait.value_or(std::chrono::seconds(0)), options_.wait_max);
  if (preferences.wait) exchange.answer_headers.add("Preference-Applied", wait_applied(wait));
  co_return co_await answer_state(exchange, *std::move(found), wait);
}

asio::awaitable<Result<void>> InvocationEndpoints::cancel(Exchange& exchange) {
  const auto known = expect_parameters(exchange.target, {});
  if (!known) co_return known.error();
  const auto id = named_invocation(exchange);
  if (!id) co_return id.error();
  auto found = co_await service_.cancel(*id, exchange.principal);
  if (!found) co_return found.error();
  co_return co_await answer_state(exchange, *std::move(found), options_.cancel_wait);
}

asio::awaitable<Result<void>> InvocationEndpoints::answer_state(Exchange& exchange,
                                                                FoundInvocation invocation,
                                                                Milliseconds wait) {
  exchange.session_id = invocation.head.session_id;
  const SteadyTime deadline = std::chrono::steady_clock::now() + wait;
  const Waited waited = co_await wait_for_end(exchange, invocation.source, deadline);
  if (waited == Waited::client_gone) co_return Result<void>();
  std::optional<FoundInvocation> now;
  if (waited == Waited::deadline) {
    // It may have begun to run meanwhile, or even have ended in this moment.
    auto again = co_await service_.find(invocation.head.request_id, exchange.principal, its_end);
    if (!again) co_return again.error();
    now.emplace(*std::move(again));
  }
  FoundInvocation& told = now ? *now : invocation;
  const invocations::JournalEvent* const end = told.source.journal->end();
  std::string body;
  JsonWriter json(body);
  json.begin_object();
  if (end != nullptr) {
    told.head.state = state_of(*end->end);
    told.head.ended_at = end->end->ended_at;
  } else {
    exchange.answer_headers.add("Retry-After", std::string(poll_seconds));
  }
  write_head(json, told.head);
  if (end != nullptr) write_end(json, *end->end);
  json.end_object();
  co_await exchange.send_json(200, std::move(body));
  co_return Result<void>();
}

asio::awaitable<Result<void>> InvocationEndpoints::events(Exchange& exchange) {
  const auto known = expect_parameters(exchange.target, {"after"});
  if (!known) co_return known.error();
  const auto id = named_invocation(exchange);
  if (!id) co_return id.error();
  const auto after = read_resume_point(exchange.request().headers, exchange.target);
  if (!after) co_return after.error();
  auto found = co_await service_.find(*id, exchange.principal, after->value_or(invocations::Place()));
  if (!found) co_return found.error();
  exchange.session_id = found->head.session_id;
  if (found->is_read_to_the_end) {
    co_await answer_nothing_more(exchange);
    co_return Result<void>();
  }
  StreamOptions options;
  options.keep_alive = options_.keep_alive;
  options.ids = EventIds::yes;
  if (*after) options.after = found->after;
  co_await answer_streamed(exchange, std::move(found->source), options);
  co_return Result<void>();
}

}  // namespace skymarshal::gateway
