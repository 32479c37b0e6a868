#include "invocations/agent_table.hpp"

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "invocations/agents_of_skymarshal.hpp"

#include <algorithm>

namespace skymarshal::invocations {
namespace {

bool is_verdict(std::string_view status) {
  return status == "approved" || status == "rejected" || status == "conditional";
}

}  // namespace

void AgentTable::add_chunk(std::string_view data) {
  const JsonObject members = json_object(data);
  std::string name = members.text("agent");
  if (name.empty()) return;
  Agent& speaker = agent(std::move(name));
  if (std::string status = members.text("status"); !status.empty()) speaker.status = std::move(status);
  const auto partial = members.find("partial_result");
  if (!partial || json_kind(*partial) == JsonKind::null) return;
  speaker.partial_result = *partial;
  speaker.members = json_object(*partial);
}

void AgentTable::add_phase(std::string_view phase) {
  const JsonObject members = json_object(phase);
  const auto agents = members.find("agents");
  if (!agents) return;
  for (const JsonMember& entry : json_object(*agents)) {
    JsonObject fields = json_object(entry.value);
    Agent& speaker = agent(entry.key);
    speaker.status = fields.text("status");
    speaker.partial_result = entry.value;
    speaker.members = std::move(fields);
  }
}

std::string AgentTable::phase(std::span<const std::string_view> names) const {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("agents").begin_object();
  std::string constraints = "[";
  std::size_t heard = 0;
  std::size_t approved = 0;
  bool rejected = false;
  for (const std::string_view name : names) {
    const Agent* const speaker = find(name);
    if (speaker == nullptr) continue;
    ++heard;
    approved += verdict(name) == "approved" ? 1 : 0;
    rejected = rejected || verdict(name) == "rejected";
    json.raw_member(name, assessment(*speaker));
    append_elements(constraints, *speaker, "constraints");
  }
  json.end_object();
  std::string_view status = "conditional";
  if (heard == 0) status = "unknown";
  if (heard == names.size() && approved == heard) status = "approved";
  if (rejected) status = "rejected";
  json.member("phase_status", status).raw_member("constraints", constraints + "]").end_object();
  return out;
}

std::string AgentTable::others() const {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  bool any = false;
  for (const Agent& speaker : agents_) {
    if (is_safety_agent(speaker.name) || is_business_agent(speaker.name)) continue;
    json.raw_member(speaker.name, assessment(speaker));
    any = true;
  }
  json.end_object();
  return any ? out : std::string();
}

std::string_view AgentTable::decision() const {
  const auto said = [this](std::string_view what) {
    return [this, what](std::string_view name) { return verdict(name) == what; };
  };
  if (std::ranges::any_of(safety_agents, said("rejected"))) return "rejected";
  const bool all = std::ranges::all_of(safety_agents, said("approved")) &&
                   std::ranges::all_of(business_agents, said("approved"));
  return all ? "approved" : "conditional";
}

std::string AgentTable::recommendations() const {
  std::string list = "[";
  for (const Agent& speaker : agents_) append_elements(list, speaker, "recommendations");
  return list + "]";
}

AgentTable::Agent& AgentTable::agent(std::string name) {
  for (Agent& known : agents_) {
    if (known.name == name) return known;
  }
  agents_.push_back({std::move(name), {}, {}, {}});
  return agents_.back();
}

const AgentTable::Agent* AgentTable::find(std::string_view name) const {
  for (const Agent& known : agents_) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

std::string_view AgentTable::verdict(std::string_view name) const {
  const Agent* const speaker = find(name);
  if (speaker == nullptr) return {};
  if (is_verdict(speaker->status)) return speaker->status;
  // Some runtimes say "complete" in the chunk and the verdict inside it.
  const auto inner = speaker->members.find("status");
  for (const std::string_view known : {"approved", "rejected", "conditional"}) {
    if (inner && json_string(*inner) == known) return known;
  }
  return {};
}

std::string AgentTable::assessment(const Agent& speaker) const {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  if (!speaker.members.find("agent_name")) json.member("agent_name", speaker.name);
  if (!speaker.members.find("status") && !speaker.status.empty()) json.member("status", speaker.status);
  for (const JsonMember& member : speaker.members) json.raw_member(member.key, member.value);
  // The members of an assessment that have a default; the others are the runtime's to say.
  for (const std::string_view list : {"constraints", "recommendations"}) {
    if (!speaker.members.has(list)) json.raw_member(list, "[]");
  }
  const bool is_object =
      !speaker.partial_result.empty() && json_kind(speaker.partial_result) == JsonKind::object;
  if (!is_object && !speaker.partial_result.empty()) json.raw_member("result", speaker.partial_result);
  json.end_object();
  return out;
}

void AgentTable::append_elements(std::string& list, const Agent& speaker, std::string_view key) const {
  const auto value = speaker.members.find(key);
  if (!value) return;
  for (const std::string_view element : json_elements(*value)) {
    if (list.size() > 1) list += ',';
    list += element;
  }
}

}  // namespace skymarshal::invocations
