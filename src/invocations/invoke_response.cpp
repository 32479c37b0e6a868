#include "invocations/invoke_response.hpp"

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/time_format.hpp"
#include "invocations/agent_table.hpp"
#include "invocations/agents_of_skymarshal.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace skymarshal::invocations {
namespace {

/// The names at the top level that are the gateway's to fill.
constexpr std::array<std::string_view, 11> schema_names = {
    "status",       "request_id",     "session_id",     "execution_time_ms", "timestamp", "assessment",
    "safety_phase", "business_phase", "final_decision", "recommendations",   "metadata"};

bool is_schema_name(std::string_view name) { return std::ranges::count(schema_names, name) > 0; }

/// approved, rejected or conditional in any letter case, else nothing.
std::string_view known_decision(std::string_view json) {
  const std::string text = lower_case(json_string(json).value_or(std::string()));
  for (const std::string_view decision : {"approved", "rejected", "conditional"}) {
    if (text == decision) return decision;
  }
  return {};
}

/// What the runtime's answer holds, and what of it found its place.
class RuntimeAnswer {
 public:
  explicit RuntimeAnswer(std::string_view data) : data_(data) {
    if (json_kind(data) != JsonKind::object) return;
    top_ = json_object(data);
    placed_.resize(top_.size());
    assessment_ = take_top("assessment", JsonKind::object);
    if (assessment_) inner_ = json_object(*assessment_);
    safety_ = take("safety_phase", JsonKind::object);
    business_ = take("business_phase", JsonKind::object);
    recommendations_ = take("recommendations", JsonKind::array);
    take_decision();
  }

  std::optional<std::string_view> safety() const { return safety_; }
  std::optional<std::string_view> business() const { return business_; }
  std::optional<std::string_view> recommendations() const { return recommendations_; }
  /// Empty where the runtime did not say.
  std::string_view decision() const { return decision_; }
  bool lacks_something() const { return !safety_ || !business_ || !recommendations_ || decision_.empty(); }

  void write_assessment(JsonWriter& json) const {
    json.key("assessment");
    if (assessment_) {
      json.raw(*assessment_);
      return;
    }
    json.begin_object();
    if (json_kind(data_) != JsonKind::object) json.raw_member("result", data_);
    for_unplaced([&json](const JsonMember& member) { json.raw_member(member.key, member.value); });
    json.end_object();
  }

  /// Members beside a given assessment that the schema does not know.
  void write_extra_members(JsonWriter& json) const {
    if (!assessment_) return;
    for_unplaced([&json](const JsonMember& member) {
      if (!is_schema_name(member.key)) json.raw_member(member.key, member.value);
    });
  }

  /// Members beside a given assessment whose names the gateway fills itself.
  void write_runtime_fields(JsonWriter& json) const {
    if (!assessment_) return;
    std::string fields;
    JsonWriter inner(fields);
    inner.begin_object();
    bool any = false;
    for_unplaced([&](const JsonMember& member) {
      if (!is_schema_name(member.key)) return;
      inner.raw_member(member.key, member.value);
      any = true;
    });
    inner.end_object();
    if (any) json.raw_member("runtime_fields", fields);
  }

 private:
  std::optional<std::string_view> take_top(std::string_view key, JsonKind kind) {
    for (std::size_t i = 0; i < top_.size(); ++i) {
      if (top_[i].key != key || json_kind(top_[i].value) != kind) continue;
      placed_[i] = true;
      return top_[i].value;
    }
    return std::nullopt;
  }

  std::optional<std::string_view> take(std::string_view key, JsonKind kind) {
    if (const auto top = take_top(key, kind)) return top;
    return inner_.find(key, kind);
  }

  void take_decision() {
    auto value = top_.find("final_decision");
    if (value && !(decision_ = known_decision(*value)).empty()) {
      // Its text may differ in letter case only; anything else about it stays where it was.
      take_top("final_decision", JsonKind::string);
      return;
    }
    if (!value) value = inner_.find("final_decision");
    if (!value) return;
    decision_ = known_decision(*value);
    if (json_kind(*value) != JsonKind::object) return;
    const JsonObject apart = json_object(*value);
    if (const auto nested = apart.find("final_decision")) decision_ = known_decision(*nested);
    if (!recommendations_) recommendations_ = apart.find("recommendations", JsonKind::array);
  }

  template <typename Visit>
  void for_unplaced(Visit visit) const {
    for (std::size_t i = 0; i < top_.size(); ++i) {
      if (!placed_[i]) visit(top_[i]);
    }
  }

  std::string_view data_;
  JsonObject top_;
  std::vector<bool> placed_;
  JsonObject inner_;
  std::optional<std::string_view> assessment_, safety_, business_, recommendations_;
  std::string_view decision_;
};

void write_metadata(JsonWriter& json, const InvokeResponseInput& input, const RuntimeAnswer& answer,
                    const AgentTable& agents) {
  json.key("metadata").begin_object().member("api_version", "v1").member("runtime", input.runtime_name);
  json.member("queue_ms", input.queued.count());
  if (input.timings.connect) json.member("connect_ms", input.timings.connect->count());
  if (input.timings.first_message) json.member("first_message_ms", input.timings.first_message->count());
  json.member("attempts", input.timings.attempts);
  if (input.timings.unreadable_messages > 0)
    json.member("unreadable_messages", input.timings.unreadable_messages);
  json.member("final_decision_source", answer.decision().empty() ? "derived" : "runtime");
  if (const std::string others = agents.others(); !others.empty()) json.raw_member("other_agents", others);
  answer.write_runtime_fields(json);
  json.end_object();
}

}  // namespace

std::string write_invoke_response(const InvokeResponseInput& input) {
  const std::optional<std::string> one_line = json_on_one_line(input.complete_data);
  std::string padded_line = one_line.value_or(std::string());
  const RuntimeAnswer answer(one_line ? pad_json(padded_line) : input.complete_data);

  AgentTable agents;
  if (answer.lacks_something()) {
    for (const std::string_view chunk : input.chunks) agents.add_chunk(chunk);
    if (answer.safety()) agents.add_phase(*answer.safety());
    if (answer.business()) agents.add_phase(*answer.business());
  }

  std::string out;
  out.reserve(input.complete_data.size() + 1024);
  JsonWriter json(out);
  json.begin_object().member("status", "success").member("request_id", input.request_id.view());
  json.member("session_id", input.session_id.view());
  json.member("execution_time_ms", input.execution_time.count());
  json.member("timestamp", iso8601(input.timestamp));
  answer.write_assessment(json);
  const auto phase = [&](std::string_view name, auto given, std::span<const std::string_view> names) {
    if (given)
      json.raw_member(name, *given);
    else
      json.raw_member(name, agents.phase(names));
  };
  phase("safety_phase", answer.safety(), safety_agents);
  phase("business_phase", answer.business(), business_agents);
  json.member("final_decision", answer.decision().empty() ? agents.decision() : answer.decision());
  if (answer.recommendations())
    json.raw_member("recommendations", *answer.recommendations());
  else
    json.raw_member("recommendations", agents.recommendations());
  answer.write_extra_members(json);
  write_metadata(json, input, answer, agents);
  json.end_object();
  return out;
}

}  // namespace skymarshal::invocations
