#include "runtime_answer.hpp"

#include "websocket_frames.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace skymarshal::bench {
namespace {

constexpr std::array<std::string_view, 7> agents = {
    "crew_compliance", "maintenance", "regulatory", "network", "guest_experience", "cargo", "finance"};
constexpr std::size_t safety_agents = 3;
constexpr std::string_view stamp_key = "\"sent_ns\":\"";
constexpr std::size_t stamp_digits = 19;

constexpr std::string_view reasoning =
    "The rotation is late by three hours; the crew stays within its duty limit if the report time moves too, "
    "connections under ninety minutes are lost, and the standby aircraft is free from 14:20 UTC. ";

/// Readable text of exactly `bytes`.
std::string text_of(std::size_t bytes) {
  std::string text;
  text.reserve(bytes + reasoning.size());
  while (text.size() < bytes) text += reasoning;
  text.resize(bytes);
  return text;
}

std::string chunk_json(std::size_t index, bool stamp, std::size_t text_bytes) {
  const std::string agent(agents[index % agents.size()]);
  std::string json =
      R"({"type":"chunk","data":{"agent":")" + agent + R"(","status":"analyzing","partial_result":{)";
  json += R"("agent_name":")" + agent + R"(","step":)" + std::to_string(index + 1);
  if (stamp) json += "," + std::string(stamp_key) + std::string(stamp_digits, '0') + "\"";
  return json + R"(,"confidence":0.82,"reasoning":")" + text_of(text_bytes) + R"("}}})";
}

std::string assessment_json(std::string_view agent, std::size_t text_bytes) {
  return "\"" + std::string(agent) + R"(":{"agent_name":")" + std::string(agent) +
         R"(","status":"conditional","confidence":0.82,"reasoning":")" + text_of(text_bytes) +
         R"(","constraints":["Report time moves by 3 hours"],"recommendations":["Use the standby crew"]})";
}

std::string phase_json(std::size_t first, std::size_t last, std::size_t text_bytes) {
  std::string json = R"({"agents":{)";
  for (std::size_t agent = first; agent < last; ++agent) {
    if (agent > first) json += ",";
    json += assessment_json(agents[agent], text_bytes);
  }
  return json + R"(},"phase_status":"completed","constraints":[]})";
}

/// `text_bytes` for each agent's reasoning, `rest_bytes` more in the summary.
std::string complete_json(std::size_t text_bytes, std::size_t rest_bytes) {
  return R"({"type":"complete","data":{"final_decision":"conditional","assessment":{"summary":")" +
         text_of(rest_bytes) + R"(","flight":"EY283","delay_minutes":180},"safety_phase":)" +
         phase_json(0, safety_agents, text_bytes) + R"(,"business_phase":)" +
         phase_json(safety_agents, agents.size(), text_bytes) +
         R"(,"recommendations":["Rebook 51 connecting passengers",")" + std::string(answer_end_mark) +
         R"("]}})";
}

}  // namespace

RuntimeAnswer::RuntimeAnswer(const AnswerOptions& options) {
  for (std::size_t index = 0; index < options.chunks; ++index) {
    const std::size_t smallest = chunk_json(index, options.stamp, 0).size();
    const std::size_t filling = std::max(options.chunk_bytes, smallest) - smallest;
    chunks_.push_back(websocket_frame(Opcode::text, chunk_json(index, options.stamp, filling)));
    const std::size_t key = chunks_.back().find(stamp_key);
    stamp_positions_.push_back(key == std::string::npos ? 0 : key + stamp_key.size());
  }
  const std::size_t smallest = complete_json(0, 0).size();
  const std::size_t filling = std::max(options.complete_bytes, smallest) - smallest;
  complete_ = websocket_frame(Opcode::text, complete_json(filling / agents.size(), filling % agents.size()));
}

std::string_view RuntimeAnswer::chunk(std::size_t index, std::int64_t now_ns) {
  std::string& frame = chunks_[index];
  if (stamp_positions_[index] == 0) return frame;
  // Written from the right, so that the width stays as it is.
  for (std::size_t digit = stamp_digits; digit > 0; --digit, now_ns /= 10) {
    frame[stamp_positions_[index] + digit - 1] = static_cast<char>('0' + now_ns % 10);
  }
  return frame;
}

std::int64_t read_stamp(std::string_view chunk) {
  const std::size_t key = chunk.find(stamp_key);
  if (key == std::string_view::npos) return 0;
  const std::string_view digits = chunk.substr(key + stamp_key.size(), stamp_digits);
  std::int64_t stamp_ns = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), stamp_ns);
  return stamp_ns;
}

}  // namespace skymarshal::bench
