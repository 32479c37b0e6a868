// The specification's properties of whole requests: 1, 3, 4, 5, 6, 7, 11, 12, 14 and 15.
#include "base/time_format.hpp"
#include "http/problem.hpp"
#include "http/sse.hpp"
#include "support/gateway_rig.hpp"
#include "support/json_text.hpp"
#include "unit/base/json_oracle.hpp"
#include "unit/gateway/random_bodies.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::gateway::gateway_properties_test {

using test::elements_of;
using test::FakeRuntime;
using test::GatewayRig;
using test::keys_of;
using test::minified;
using test::request_of;
using test::text_at;
using test::value_at;
using End = FakeRuntime::Play::End;

std::vector<std::string> events_of(std::string_view stream) {
  http::SseParser parser;
  parser.feed(stream);
  std::vector<std::string> events;
  while (const auto event = parser.next()) events.push_back(event->data);
  return events;
}

bool is_timestamp(const std::string& text) {
  return text.size() == 24 && text[10] == 'T' && text[19] == '.' && text[23] == 'Z';
}

Errc random_errc() {
  return static_cast<Errc>(*rc::gen::inRange(0, static_cast<int>(Errc::interrupted) + 1));
}

/// A runtime that says anything at all.
FakeRuntime::Play random_play() {
  test::JsonBuilder builder(*rc::gen::scale(3.0, rc::gen::arbitrary<std::vector<std::uint8_t>>()));
  static const std::vector<std::string> agents = {"crew_compliance", "maintenance", "finance", "weather"};
  FakeRuntime::Play play;
  const auto count = *rc::gen::inRange<std::size_t>(0, 40);
  for (std::size_t i = 0; i < count; ++i) {
    const bool plain = *rc::gen::inRange(0, 3) == 0;
    play.chunks.push_back(plain ? builder.value()
                                : R"({"agent":")" + *rc::gen::elementOf(agents) +
                                      R"(","status":"approved","partial_result":)" + builder.value() + "}");
  }
  play.data =
      *rc::gen::arbitrary<bool>() ? R"({"assessment":{"x":)" + builder.value() + "}}" : builder.value();
  return play;
}

/// Ends well or with any error.
FakeRuntime::Play random_ending() {
  FakeRuntime::Play play = random_play();
  if (*rc::gen::inRange(0, 3) > 0) return play;
  play.end = *rc::gen::element(End::fail, End::fail, End::raise);
  play.error = make_error(random_errc(), *rc::gen::element<std::string>("slow", "a \"b\"\nc"),
                          *rc::gen::element<std::string>("", R"({"stage":"total"})"));
  return play;
}

void plays(GatewayRig& rig, const FakeRuntime::Play& play) {
  rig.runtime.play = [play](const invocations::RuntimeRequest&) { return play; };
}

RC_GTEST_PROP(Property01RequestValidation, NothingInvalidReachesTheRuntime, ()) {
  GatewayRig rig;
  const bool broken = *rc::gen::inRange(0, 4) == 0;
  test::RandomBody body;
  if (broken)
    body.text = test::random_broken_body();
  else
    body = test::random_body();
  const auto call = rig.ask(test::invoke_request(body.text));
  if (broken || !body.wrong.empty()) {
    RC_ASSERT(call->writer.status == 400u);
    RC_ASSERT(text_at(call->writer.body, {"error_code"}) == (broken ? "INVALID_JSON" : "INVALID_REQUEST"));
    RC_ASSERT(rig.runtime.requests.empty());
    RC_ASSERT(rig.store.claims == 0);
    RC_ASSERT(rig.store.saved.empty());
    std::multiset<std::string> named;
    for (const auto& entry : elements_of(value_at(call->writer.body, {"details", "errors"}))) {
      named.insert(text_at(entry, {"field"}));
    }
    if (!broken) RC_ASSERT(named == body.wrong);
    return;
  }
  RC_ASSERT(call->writer.status == 200u);
  RC_ASSERT(call->writer.streamed == body.streaming);
  RC_ASSERT(rig.runtime.requests.size() == 1u);
  RC_ASSERT(rig.runtime.requests[0].prompt == body.prompt);
  if (body.session_id) RC_ASSERT(rig.runtime.requests[0].session_id.str() == *body.session_id);
}

RC_GTEST_PROP(Property03SessionIdConsistency, OneSessionHasOneNameEverywhere, ()) {
  GatewayRig rig;
  plays(rig, random_ending());
  std::string id = *rc::gen::arbitrary<bool>() ? test::random_uuid_text() : std::string();
  const auto turns = *rc::gen::inRange<std::size_t>(1, 5);
  for (std::size_t turn = 0; turn < turns; ++turn) {
    const bool streaming = *rc::gen::arbitrary<bool>();
    std::string body = R"({"prompt":"EY283 is three hours late","streaming":)";
    body += streaming ? "true" : "false";
    body += id.empty() ? "}" : R"(,"session_id":")" + id + "\"}";
    const auto call = rig.ask(test::invoke_request(body));
    const SessionId asked = rig.runtime.requests.back().session_id;
    if (!id.empty()) RC_ASSERT(SessionId::parse(id) == asked);
    RC_ASSERT(rig.store.saved.back().session_id == asked);
    const auto events = events_of(call->writer.body);
    if (streaming) RC_ASSERT(text_at(events.at(0), {"session_id"}) == asked.str());
    const std::string response = streaming ? value_at(events.back(), {"data"}) : call->writer.body;
    const std::string told = text_at(response, {"session_id"});
    if (text_at(response, {"status"}) == "success") RC_ASSERT(told == asked.str());
    // Whatever letter case it came in, it is told in lower case; the conversation goes on with that.
    id = asked.str();
  }
  const auto history = rig.ask(request_of("GET", "/api/v1/sessions/" + id));
  const auto interactions = elements_of(value_at(history->writer.body, {"interactions"}));
  RC_ASSERT(interactions.size() == turns);
  for (const auto& interaction : interactions) RC_ASSERT(text_at(interaction, {"session_id"}) == id);
}

RC_GTEST_PROP(Property04ResponseFormat, EverySuccessHasAllFieldsOfItsSchema, ()) {
  GatewayRig rig;
  const FakeRuntime::Play play = random_play();
  plays(rig, play);
  const auto call = rig.ask(test::invoke_request());
  const std::string& body = call->writer.body;
  RC_ASSERT(call->writer.status == 200u);
  RC_ASSERT(test::is_json(body));
  RC_ASSERT(text_at(body, {"status"}) == "success");
  RC_ASSERT(text_at(body, {"request_id"}) == *call->writer.headers.find("X-Request-Id"));
  RC_ASSERT(SessionId::parse(text_at(body, {"session_id"})).has_value());
  RC_ASSERT(json_kind(value_at(body, {"execution_time_ms"})) == JsonKind::number);
  RC_ASSERT(is_timestamp(text_at(body, {"timestamp"})));
  for (const auto* object : {"assessment", "safety_phase", "business_phase", "metadata"}) {
    RC_ASSERT(json_kind(value_at(body, {object})) == JsonKind::object);
  }
  RC_ASSERT(json_kind(value_at(body, {"recommendations"})) == JsonKind::array);
  const std::string decision = text_at(body, {"final_decision"});
  RC_ASSERT(decision == "approved" || decision == "rejected" || decision == "conditional");
  for (const auto* member : {"api_version", "runtime", "queue_ms", "connect_ms", "first_message_ms",
                             "attempts", "final_decision_source"}) {
    RC_ASSERT(!value_at(body, {"metadata", member}).empty());
  }
}

/// The runtime's details as they came, what had come until then, and nothing else.
void require_details(const std::string& details, const FakeRuntime::Play& play) {
  const std::string count = play.chunks.empty() ? std::string() : std::to_string(play.chunks.size());
  RC_ASSERT(value_at(details, {"n"}) == value_at(play.error.details, {"n"}));
  RC_ASSERT(value_at(details, {"received", "count"}) == count);
  const std::size_t members = (play.error.details.empty() ? 0U : 1U) + (play.chunks.empty() ? 0U : 1U);
  RC_ASSERT(test::keys_of(details).size() == members);
}

RC_GTEST_PROP(Property05ErrorResponse, EveryErrorIsTheSameShape, ()) {
  GatewayRig rig;
  FakeRuntime::Play play = random_play();
  play.end = End::fail;
  play.error =
      make_error(random_errc(), *rc::gen::element<std::string>("why", "a \"b\"\\\n\x01", "\xE2\x82\xAC"),
                 *rc::gen::element<std::string>("", R"({"n":1.0})"));
  plays(rig, play);
  const bool streaming = *rc::gen::arbitrary<bool>();
  const auto call = rig.ask(test::invoke_request(test::invoke_body(test::random_uuid_text(), streaming)));
  const std::string id(*call->writer.headers.find("X-Request-Id"));
  const std::string code(http::error_code(play.error.code));
  if (streaming) {
    const auto events = events_of(call->writer.body);
    RC_ASSERT(events.size() == play.chunks.size() + 2);
    const std::string& event = events.back();
    RC_ASSERT(text_at(event, {"type"}) == "error");
    RC_ASSERT(text_at(event, {"error_code"}) == code);
    RC_ASSERT(text_at(event, {"error_message"}) == play.error.message);
    RC_ASSERT(text_at(event, {"request_id"}) == id);
    RC_ASSERT(text_at(event, {"error", "code"}) == code);
    RC_ASSERT(text_at(event, {"error", "message"}) == play.error.message);
    require_details(value_at(event, {"error", "details"}), play);
    return;
  }
  const std::string& body = call->writer.body;
  RC_ASSERT(call->writer.status == http::http_status(play.error.code));
  RC_ASSERT(call->writer.headers.find("Content-Type") == "application/json");
  RC_ASSERT(text_at(body, {"status"}) == "error");
  RC_ASSERT(text_at(body, {"request_id"}) == id);
  RC_ASSERT(text_at(body, {"error_code"}) == code);
  RC_ASSERT(text_at(body, {"error_message"}) == play.error.message);
  require_details(value_at(body, {"details"}), play);
  RC_ASSERT(is_timestamp(text_at(body, {"timestamp"})));
}

RC_GTEST_PROP(Property06TimeoutEnforcement, ARuntimeOutOfTimeIsA504AndSavedAsOne, ()) {
  GatewayRig rig;
  FakeRuntime::Play play = random_play();
  play.end = End::fail;
  play.error = make_error(Errc::timeout, "the runtime did not finish in time", R"({"stage":"total"})");
  plays(rig, play);
  const auto call = rig.ask(test::invoke_request());
  RC_ASSERT(call->writer.status == 504u);
  RC_ASSERT(text_at(call->writer.body, {"error_code"}) == "TIMEOUT");
  RC_ASSERT(rig.store.saved.size() == 1u);
  RC_ASSERT(rig.store.saved[0].status == invocations::InteractionStatus::timeout);
  RC_ASSERT(rig.runtime.open == 0);
  RC_ASSERT(rig.gateway.idle());
}

RC_GTEST_PROP(Property07Persistence, EveryEndIsSavedWholeBeforeItIsTold, ()) {
  GatewayRig rig;
  const FakeRuntime::Play play = random_ending();
  plays(rig, play);
  const bool streaming = *rc::gen::arbitrary<bool>();
  const std::string prompt = test::random_text(test::random_valid_length());
  const auto call = rig.begin(test::invoke_request("{\"prompt\":" + test::json_quoted(prompt) +
                                                   (streaming ? ",\"streaming\":true}" : "}")));
  bool told_before = false;
  rig.store.on_save = [&](const invocations::Interaction&) {
    told_before = call->writer.finished ||
                  call->writer.body.find("\"type\":\"complete\"") != std::string::npos ||
                  call->writer.body.find("\"type\":\"error\"") != std::string::npos;
  };
  rig.finish(call);
  RC_ASSERT(rig.store.saved.size() == 1u);
  RC_ASSERT_FALSE(told_before);
  RC_ASSERT_FALSE(call->writer.headers.find("X-Session-Persisted").has_value());

  const invocations::Interaction& saved = rig.store.saved[0];
  RC_ASSERT(saved.request_id == rig.runtime.requests.at(0).request_id);
  RC_ASSERT(saved.request_id.view() == *call->writer.headers.find("X-Request-Id"));
  RC_ASSERT(saved.session_id == rig.runtime.requests.at(0).session_id);
  RC_ASSERT(saved.principal.id == "alice");
  RC_ASSERT(saved.prompt == prompt);
  RC_ASSERT(saved.timestamp == rig.clock.wall_now());
  RC_ASSERT(saved.execution_time_ms >= 0);
  const bool success = play.end == End::complete;
  const bool timeout = play.end == End::fail && play.error.code == Errc::timeout;
  RC_ASSERT(saved.status == (success   ? invocations::InteractionStatus::success
                             : timeout ? invocations::InteractionStatus::timeout
                                       : invocations::InteractionStatus::error));
  RC_ASSERT(saved.error_message.empty() == success);
  const std::string told =
      streaming && success ? value_at(events_of(call->writer.body).back(), {"data"}) : call->writer.body;
  if (success || !streaming) RC_ASSERT(*saved.response == told);
  RC_ASSERT(text_at(*saved.response, {"request_id"}) == saved.request_id.view());
}

RC_GTEST_PROP(Property11HealthIndependence, HealthNeedsNobodyAndTouchesNothing, ()) {
  GatewayRig rig;
  rig.store.down = *rc::gen::arbitrary<bool>();
  if (*rc::gen::arbitrary<bool>()) rig.runtime.reachable = make_error(Errc::connection_failed, "down");
  if (*rc::gen::arbitrary<bool>()) {
    bool probed = false;
    boost::asio::co_spawn(rig.io, rig.gateway.health().probe(), [&](std::exception_ptr) { probed = true; });
    RC_ASSERT(test::run_until(rig.io, [&] { return probed; }));
  }
  const int probes = rig.runtime.probes + rig.store.probes;
  http::Request request = request_of(*rc::gen::element<std::string>("GET", "HEAD"), "/api/v1/health");
  const auto credentials = *rc::gen::inRange(0, 3);
  if (credentials == 0) request.headers.remove("X-Principal");
  if (credentials == 1) request.headers.set("X-Principal", "banned");
  request.headers.add("Authorization", *rc::gen::arbitrary<std::string>());
  const auto call = rig.ask(request);
  RC_ASSERT(call->writer.status == 200u || call->writer.status == 503u);
  const std::string status = text_at(call->writer.body, {"status"});
  RC_ASSERT(status == "healthy" || status == "degraded" || status == "unhealthy");
  RC_ASSERT((call->writer.status == 503u) == (status == "unhealthy"));
  RC_ASSERT(!value_at(call->writer.body, {"dependencies", "runtime"}).empty());
  RC_ASSERT(!value_at(call->writer.body, {"dependencies", "store"}).empty());
  RC_ASSERT(rig.authorizer.calls == 0);
  RC_ASSERT(rig.runtime.requests.empty());
  RC_ASSERT(rig.runtime.probes + rig.store.probes == probes);
}

/// Each event is "data: ", one line, and a blank line; nothing else is on the stream but comments.
bool is_plain_stream(std::string_view stream) {
  while (!stream.empty()) {
    const std::size_t end = stream.find("\n\n");
    if (end == std::string_view::npos) return false;
    const std::string_view event = stream.substr(0, end);
    if (!event.starts_with("data: {") && event != ": keep-alive") return false;
    if (event.find_first_of("\r\n") != std::string_view::npos) return false;
    stream.remove_prefix(end + 2);
  }
  return true;
}

RC_GTEST_PROP(Property12StreamingFormat, EveryEventIsOneLineOfTheRuntimesOwnJson, ()) {
  GatewayRig rig;
  const FakeRuntime::Play play = random_ending();
  plays(rig, play);
  const int slowness = *rc::gen::inRange(0, 30);
  const auto call = rig.ask(test::invoke_request(test::invoke_body(test::random_uuid_text(), true)),
                            {std::numeric_limits<std::size_t>::max(), slowness});
  RC_ASSERT(call->writer.headers.find("Content-Type") == "text/event-stream; charset=utf-8");
  RC_ASSERT(is_plain_stream(call->writer.body));
  RC_ASSERT(call->writer.finished);
  const auto events = events_of(call->writer.body);
  RC_ASSERT(events.size() == play.chunks.size() + 2);
  for (std::size_t i = 0; i < events.size(); ++i) {
    RC_ASSERT(test::is_json(events[i]));
    RC_ASSERT(value_at(events[i], {"seq"}) == std::to_string(i));
  }
  RC_ASSERT(text_at(events.front(), {"type"}) == "metadata");
  for (std::size_t i = 0; i < play.chunks.size(); ++i) {
    RC_ASSERT(text_at(events[i + 1], {"type"}) == "chunk");
    RC_ASSERT(minified(value_at(events[i + 1], {"data"})) == minified(play.chunks[i]));
  }
  RC_ASSERT(text_at(events.back(), {"type"}) == (play.end == End::complete ? "complete" : "error"));
}

RC_GTEST_PROP(Property14RequestIds, NoTwoRequestsShareOne, ()) {
  GatewayRig rig;
  const auto count = *rc::gen::inRange<std::size_t>(2, 30);
  std::vector<std::shared_ptr<GatewayRig::Call>> calls;
  for (std::size_t i = 0; i < count; ++i) {
    calls.push_back(rig.begin(*rc::gen::elementOf(std::vector<http::Request>{
        test::invoke_request(), test::invoke_request("garbage"), request_of("GET", "/api/v1/health"),
        request_of("GET", "/nothing"), request_of("OPTIONS", "/"), request_of("GET", "/%")})));
  }
  std::set<std::string> ids;
  for (const auto& call : calls) {
    rig.finish(call);
    const std::string id(*call->writer.headers.find("X-Request-Id"));
    RC_ASSERT(RequestId::parse(id).has_value());
    RC_ASSERT(ids.insert(id).second);
    if (!call->writer.body.empty() && call->writer.status != 200u) {
      RC_ASSERT(text_at(call->writer.body, {"request_id"}) == id);
    }
  }
}

RC_GTEST_PROP(Property15Cors, EveryAnswerCarriesItsHeaders, ()) {
  static const std::vector<std::string> origins = {"https://ops.example", "http://localhost:5173",
                                                   "https://evil.example", "null"};
  GatewayOptions options;
  options.allowed_origins =
      *rc::gen::element(std::vector<std::string>{"*"}, std::vector<std::string>{origins[0]},
                        std::vector<std::string>{origins[0], origins[1]});
  GatewayRig rig(options);
  plays(rig, random_ending());
  http::Request request = *rc::gen::elementOf(std::vector<http::Request>{
      test::invoke_request(),
      test::invoke_request(test::invoke_body(SessionId::generate(rig.random).view(), true)),
      test::invoke_request("garbage"), request_of("GET", "/api/v1/health"), request_of("GET", "/nothing"),
      request_of("PUT", "/api/v1/invoke"), request_of("OPTIONS", "/api/v1/invoke"),
      request_of("POST", "/api/v1/sessions"), request_of("GET", "/api/v1/sessions"),
      request_of("GET", "/%")});
  if (*rc::gen::inRange(0, 4) == 0) request.headers.remove("X-Principal");
  const auto origin = *rc::gen::elementOf(origins);
  const bool sent = *rc::gen::arbitrary<bool>();
  if (sent) request.headers.add("Origin", origin);

  const auto call = rig.ask(request);
  const http::Headers& headers = call->writer.headers;
  RC_ASSERT(headers.find("Access-Control-Expose-Headers").has_value());
  const auto allowed = headers.find("Access-Control-Allow-Origin");
  if (options.allowed_origins.front() == "*") {
    RC_ASSERT(allowed == "*");
  } else {
    const bool matches = sent && std::ranges::count(options.allowed_origins, origin) > 0;
    RC_ASSERT(allowed == (matches ? origin : options.allowed_origins.front()));
    RC_ASSERT(headers.find("Vary") == "Origin");
  }
  const auto is_allowance = [](const http::Header& field) {
    return field.name == "Access-Control-Allow-Origin";
  };
  RC_ASSERT(std::ranges::count_if(headers, is_allowance) == 1);
  if (request.method == "OPTIONS") RC_ASSERT(headers.find("Access-Control-Allow-Methods").has_value());
}

}  // namespace skymarshal::gateway::gateway_properties_test
