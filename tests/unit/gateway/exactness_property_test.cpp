// Property 19, through the whole gateway: what enters from the runtime leaves byte for byte, in both modes
// and in the history.
#include "http/sse.hpp"
#include "support/gateway_rig.hpp"
#include "support/json_text.hpp"
#include "unit/base/json_oracle.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::gateway::exactness_property_test {

using test::FakeRuntime;
using test::GatewayRig;
using test::minified;
using test::text_at;
using test::value_at;

/// An answer of the runtime and where its value must be found again.
struct Shape {
  std::string data;
  std::vector<std::string> path;
};

Shape random_shape(const std::string& value, const std::string& space) {
  const auto around = [&](const std::string& before, const std::string& after) {
    return before + space + value + space + after;
  };
  switch (*rc::gen::inRange(0, 8)) {
    case 0:
      return {around(R"({"assessment":{"v":)", "}}"), {"assessment", "v"}};
    case 1:
      return {around(R"({"assessment":{},"extra":)", "}"), {"extra"}};
    case 2:
      return {around(R"({"assessment":{},"metadata":)", "}"), {"metadata", "runtime_fields", "metadata"}};
    case 3:
      return {around(R"({"v":)", "}"), {"assessment", "v"}};
    case 4:
      return {around(R"({"safety_phase":{"v":)", "}}"), {"safety_phase", "v"}};
    case 5:
      return {around(R"({"assessment":{"business_phase":{"v":)", "}}}"), {"business_phase", "v"}};
    case 6:
      return {around(R"({"safety_phase":{"agents":{"cargo":{"status":"approved","reasoning":)", "}}}}"),
              {"safety_phase", "agents", "cargo", "reasoning"}};
    default:
      return {around(R"([)", "]"), {"assessment", "result"}};
  }
}

std::string at_path(std::string json, const std::vector<std::string>& path) {
  for (const std::string& key : path) json = value_at(json, {key});
  return json;
}

std::string expected_at(const Shape& shape, const std::string& value) {
  const std::string plain = minified(value);
  return shape.path.back() == "result" ? "[" + plain + "]" : plain;
}

RC_GTEST_PROP(Property19Exactness, EveryWayOutGivesTheSameBytes, ()) {
  test::JsonBuilder builder(*rc::gen::scale(8.0, rc::gen::arbitrary<std::vector<std::uint8_t>>()));
  const std::string value =
      *rc::gen::arbitrary<bool>() ? builder.value() : R"({"deep":)" + builder.value() + "}";
  const std::string space = *rc::gen::element<std::string>("", " ", "\n", "\r\n\t", "\n    ");
  const Shape shape = random_shape(value, space);
  GatewayRig rig;
  rig.runtime.play = [&](const invocations::RuntimeRequest&) {
    const std::string chunk =
        "{" + space + R"("agent":"cargo","partial_result":)" + space + value + space + "}";
    return FakeRuntime::Play{{chunk, value}, FakeRuntime::Play::End::complete, shape.data};
  };
  const std::string id = SessionId::generate(rig.random).str();
  const std::string buffered = rig.ask(test::invoke_request(test::invoke_body(id)))->writer.body;
  const std::string stream = rig.ask(test::invoke_request(test::invoke_body(id, true)))->writer.body;

  http::SseParser parser;
  parser.feed(stream);
  std::vector<std::string> events;
  while (const auto event = parser.next()) events.push_back(event->data);
  RC_ASSERT(events.size() == 4u);
  RC_ASSERT(minified(value_at(events[1], {"data", "partial_result"})) == minified(value));
  RC_ASSERT(minified(value_at(events[2], {"data"})) == minified(value));
  const std::string streamed = value_at(events[3], {"data"});

  RC_ASSERT(minified(at_path(buffered, shape.path)) == expected_at(shape, value));
  RC_ASSERT(minified(at_path(streamed, shape.path)) == expected_at(shape, value));
  RC_ASSERT(text_at(buffered, {"status"}) == "success");
  // The history holds the very answers.
  const std::string history = rig.ask(test::request_of("GET", "/api/v1/sessions/" + id))->writer.body;
  const auto interactions = test::elements_of(value_at(history, {"interactions"}));
  RC_ASSERT(value_at(interactions.at(0), {"response"}) == buffered);
  RC_ASSERT(value_at(interactions.at(1), {"response"}) == streamed);
}

}  // namespace skymarshal::gateway::exactness_property_test
