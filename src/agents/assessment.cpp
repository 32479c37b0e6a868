#include "agents/assessment.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::agents {

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::approved:
      return "approved";
    case Verdict::conditional:
      return "conditional";
    case Verdict::rejected:
      return "rejected";
  }
  return {};
}

Verdict worse(Verdict a, Verdict b) { return std::max(a, b); }

void write_strings(JsonWriter& json, const std::vector<std::string>& strings) {
  json.begin_array();
  for (const std::string& text : strings) json.string(text);
  json.end_array();
}

void write_assessment(JsonWriter& json, const AgentAssessment& assessment) {
  json.begin_object()
      .member("agent_name", std::string_view(assessment.agent_name))
      .member("status", name_of(assessment.status))
      .member("confidence", assessment.confidence_percent / 100.0)
      .member("reasoning", std::string_view(assessment.reasoning))
      .key("constraints");
  write_strings(json, assessment.constraints);
  json.key("recommendations");
  write_strings(json, assessment.recommendations);
  json.end_object();
}

bool Opinion::wants(bool known, std::string_view what) {
  ++wanted_;
  if (known) return true;
  assessment_.missing_facts.emplace_back(what);
  limit(Verdict::conditional);
  return false;
}

void Opinion::say(std::string_view sentence) {
  if (!assessment_.reasoning.empty()) assessment_.reasoning += ' ';
  assessment_.reasoning += sentence;
}

AgentAssessment Opinion::finish() && {
  const auto missing = static_cast<std::int32_t>(assessment_.missing_facts.size());
  if (missing > 0) say(fmt::format("Missing: {}.", fmt::join(assessment_.missing_facts, "; ")));
  // Never certain, as the words of a prompt are not a flight's papers; never nothing, as a verdict was found.
  const std::int32_t share = wanted_ == 0 ? 100 : 100 * (wanted_ - missing) / wanted_;
  assessment_.confidence_percent = std::clamp(share, 10, 95);
  return std::move(assessment_);
}

std::string flight_text(const Facts& facts) { return facts.flight ? facts.flight->value : "the flight"; }

std::string aircraft_text(const Facts& facts) {
  return facts.registration ? facts.registration->value : "the aircraft";
}

const Airline* airline_of(const Facts& facts) {
  return facts.flight ? find_airline(std::string_view(facts.flight->value).substr(0, 2)) : nullptr;
}

const Airport* origin_of(const Facts& facts) {
  return facts.origin ? find_airport(facts.origin->value) : nullptr;
}

const Airport* destination_of(const Facts& facts) {
  return facts.destination ? find_airport(facts.destination->value) : nullptr;
}

std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  for (std::size_t i = text.size(); i > first + 3;) text.insert(i -= 3, 1, ',');
  return text;
}

}  // namespace skymarshal::agents
