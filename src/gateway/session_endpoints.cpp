#include "gateway/session_endpoints.hpp"

#include "base/json_writer.hpp"
#include "gateway/content_negotiation.hpp"
#include "gateway/query_parameters.hpp"
#include "gateway/request_validation.hpp"
#include "invocations/session_errors.hpp"

namespace skymarshal::gateway {
namespace {

namespace asio = boost::asio;

Result<invocations::SessionFilter> read_filter(const http::Target& target) {
  const std::string_view text = target.parameter("status").value_or("all");
  if (text == "all") return invocations::SessionFilter::all;
  if (text == "active") return invocations::SessionFilter::active;
  if (text == "expired") return invocations::SessionFilter::expired;
  return bad_parameter("status", "must be active or expired, or be left out for both");
}

void write_session_members(JsonWriter& json, const invocations::Session& session) {
  json.member("session_id", session.id.view()).member("status", session.expired ? "expired" : "active");
  json.member("created_at", unix_ms(session.created_at));
  json.member("last_interaction_at", unix_ms(session.last_activity_at));
  json.member("interaction_count", session.interaction_count);
}

void write_interaction(JsonWriter& json, const invocations::Interaction& interaction) {
  json.begin_object().member("session_id", interaction.session_id.view());
  json.member("request_id", interaction.request_id.view());
  json.member("timestamp", unix_ms(interaction.timestamp));
  json.member("prompt", std::string_view(interaction.prompt)).raw_member("response", *interaction.response);
  json.member("status", to_text(interaction.status));
  json.member("execution_time_ms", interaction.execution_time_ms);
  if (!interaction.error_message.empty()) {
    json.member("error_message", std::string_view(interaction.error_message));
  }
  json.end_object();
}

}  // namespace

asio::awaitable<Result<void>> SessionEndpoints::create(Exchange& exchange) {
  const http::Request& request = exchange.request();
  if (!request.body.empty()) {
    const Result<void> acceptable = check_body_headers(request.headers);
    if (!acceptable) co_return acceptable.error();
  }
  if (const auto fields = expect_no_fields(request.body); !fields) co_return fields.error();
  const auto session = co_await parts_.store.create(SessionId::generate(parts_.random), exchange.principal);
  if (!session) co_return session.error();
  exchange.session_id = session->id;
  http::ResponseHead head;
  head.status = 201;
  head.headers.add("Content-Type", "application/json");
  head.headers.add("Location", "/api/v1/sessions/" + session->id.str());
  std::string body;
  JsonWriter json(body);
  json.begin_object();
  write_session_members(json, *session);
  json.end_object();
  co_await exchange.send(std::move(head), body);
  co_return Result<void>();
}

asio::awaitable<Result<void>> SessionEndpoints::list(Exchange& exchange) {
  const auto known = expect_parameters(exchange.target, {"status", "limit", "cursor"});
  if (!known) co_return known.error();
  const auto filter = read_filter(exchange.target);
  if (!filter) co_return filter.error();
  const auto page = read_page(exchange.target);
  if (!page) co_return page.error();
  const auto found = co_await parts_.store.list(exchange.principal, *filter, *page);
  if (!found) co_return found.error();
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("sessions").begin_array();
  for (const invocations::Session& session : found->sessions) {
    json.begin_object();
    write_session_members(json, session);
    json.end_object();
  }
  json.end_array();
  write_next_cursor(json, found->next_cursor);
  json.end_object();
  co_await exchange.send_json(200, std::move(body));
  co_return Result<void>();
}

asio::awaitable<Result<void>> SessionEndpoints::history(Exchange& exchange) {
  const auto known = expect_parameters(exchange.target, {"limit", "cursor"});
  if (!known) co_return known.error();
  const auto page = read_page(exchange.target);
  if (!page) co_return page.error();
  // What is no UUID names no session: the same answer as for one that never was.
  exchange.session_id = SessionId::parse(exchange.parameters.at(0));
  if (!exchange.session_id) co_return invocations::session_not_found();
  const auto found = co_await parts_.store.history(*exchange.session_id, exchange.principal, *page);
  if (!found) co_return found.error();
  std::string body;
  JsonWriter json(body);
  json.begin_object();
  write_session_members(json, found->session);
  json.key("interactions").begin_array();
  for (const invocations::Interaction& interaction : found->interactions)
    write_interaction(json, interaction);
  json.end_array();
  write_next_cursor(json, found->next_cursor);
  json.end_object();
  co_await exchange.send_json(200, std::move(body));
  co_return Result<void>();
}

/// One that cannot be given back runs out.
asio::awaitable<void> SessionEndpoints::give_turn_back(SessionId session, RequestId request) {
  (void)co_await parts_.fleet.give_turn_back(session, request);
}

asio::awaitable<Result<void>> SessionEndpoints::erase(Exchange& exchange) {
  exchange.session_id = SessionId::parse(exchange.parameters.at(0));
  if (!exchange.session_id) co_return invocations::session_not_found();
  const auto turn = parts_.turns.take(*exchange.session_id, exchange.principal);
  // A turn of somebody else must not show: the store answers then, as it does for a session that never was.
  if (!turn && turn.error().code == Errc::session_busy) co_return turn.error();
  const SessionId session = *exchange.session_id;
  const auto shared = co_await parts_.fleet.take_turn(session, exchange.principal, exchange.request_id());
  if (!shared) co_return shared.error();
  if (!*shared) co_return invocations::session_busy();
  const auto erased = co_await parts_.store.erase(session, exchange.principal);
  if (!erased) co_await give_turn_back(session, exchange.request_id());
  if (!erased) co_return erased.error();
  // While its turn is held: nobody begins anew with it meanwhile.
  const auto forgotten = co_await parts_.runtime.forget(*exchange.session_id);
  if (!forgotten) {
    parts_.log.warning("session_not_forgotten_by_runtime",
                       {{"session_id", exchange.session_id->view()},
                        {"error_message", std::string_view(forgotten.error().message)}});
  }
  http::ResponseHead head;
  head.status = 204;
  co_await exchange.send(std::move(head), std::string_view());
  co_return Result<void>();
}

}  // namespace skymarshal::gateway
