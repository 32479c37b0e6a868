#include "cli/answer_text.hpp"
#include "cli/json_view.hpp"
#include "cli/progress_view.hpp"
#include "cli/text_layout.hpp"

#include <array>
#include <vector>

#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

namespace json = boost::json;

/// Writes one answer, part by part.
class ResultWriter {
 public:
  ResultWriter(const json::object& response, const ResultContext& context)
      : response_(&response),
        assessment_(object_in(&response, "assessment")),
        context_(context),
        painter_(context.terminal.color) {}

  std::string write() {
    write_decision();
    write_phase("Safety", "safety_phase");
    write_phase("Business", "business_phase");
    write_list("Constraints", constraints());
    write_list("Recommendations", texts(array_in(response_, "recommendations")));
    write_recovery_options();
    write_list("Not known", texts(array_in(assessment_, "missing_facts")));
    write_footer();
    return std::move(out_);
  }

 private:
  void heading(std::string_view title) {
    out_ += '\n';
    out_ += painter_.paint(Tone::bold, title);
  }

  void paragraph(std::string_view text, std::string_view first, std::string_view rest) {
    const Indents indents{std::string(first), std::string(rest)};
    out_ += wrap(text, context_.terminal.width, indents);
  }

  void write_decision() {
    const std::string decision = text_in(response_, "final_decision");
    out_ += painter_.paint(Tone::bold, "Decision: ");
    out_ += painter_.paint(tone_of(decision), decision.empty() ? "none" : decision) + "\n";
    const std::string summary = text_in(assessment_, "summary");
    if (!summary.empty()) paragraph(summary, "", "");
  }

  void write_phase(std::string_view title, std::string_view key) {
    const json::object* const phase = object_in(response_, key);
    const json::object* const agents = object_in(phase, "agents");
    const std::string status = text_in(phase, "phase_status");
    if (phase == nullptr || (status.empty() && agents == nullptr)) return;
    heading(title);
    if (!status.empty()) out_ += ": " + painter_.paint(tone_of(status), status);
    out_ += '\n';
    if (agents == nullptr) return;
    for (const auto& [name, agent] : *agents) write_agent(words(json::value(name)), agent.if_object());
  }

  void write_agent(const std::string& name, const json::object* agent) {
    const std::string status = text_in(agent, "status");
    out_ += "  " + painter_.paint(Tone::bold, name) + "  " + painter_.paint(tone_of(status), status);
    if (const auto confidence = number_in(agent, "confidence")) {
      out_ += painter_.paint(Tone::dim, fmt::format("  confidence {:.2f}", *confidence));
    }
    out_ += '\n';
    const std::string reasoning = text_in(agent, "reasoning");
    if (!reasoning.empty()) paragraph(reasoning, "    ", "    ");
  }

  std::vector<std::string> constraints() const {
    std::vector<std::string> all;
    for (const std::string_view phase : {"safety_phase", "business_phase"}) {
      for (std::string& text : texts(array_in(object_in(response_, phase), "constraints"))) {
        all.push_back(std::move(text));
      }
    }
    return all;
  }

  void write_list(std::string_view title, const std::vector<std::string>& items) {
    if (items.empty()) return;
    heading(title);
    out_ += '\n';
    for (const std::string& item : items) paragraph(item, "  - ", "    ");
  }

  void write_recovery_options() {
    const json::array* const options = array_in(assessment_, "recovery_options");
    if (options == nullptr || options->empty()) return;
    heading("Recovery options");
    out_ += '\n';
    for (const json::value& value : *options) write_recovery_option(value);
  }

  void write_recovery_option(const json::value& value) {
    const json::object* const option = value.if_object();
    std::string title = text_in(option, "title");
    if (title.empty()) title = text_in(option, "option");
    if (title.empty()) return paragraph(words(value), "  - ", "    ");
    const json::value* const feasible = option->if_contains("feasible");
    const bool barred = feasible != nullptr && feasible->is_bool() && !feasible->get_bool();
    std::string rank = text_in(option, "rank");
    if (rank.empty()) rank = "-";
    std::string line = title;
    if (const auto score = number_in(option, "score")) line += fmt::format(", score {:g}", *score);
    if (const std::string scores = scores_text(object_in(option, "scores")); !scores.empty()) {
      line += " (" + scores + ")";
    }
    if (barred) line += ": not open. " + text_in(option, "binding_constraint");
    paragraph(line, fmt::format("  {:>2}. ", rank), "      ");
  }

  static std::string scores_text(const json::object* scores) {
    std::string text;
    if (scores == nullptr) return text;
    for (const auto& [name, score] : *scores) {
      if (!text.empty()) text += ", ";
      text += words(json::value(name)) + " " + words(score);
    }
    return text;
  }

  void write_footer() {
    std::string line;
    const auto add = [&line](std::string_view name, const std::string& value) {
      if (value.empty()) return;
      if (!line.empty()) line += "   ";
      line += fmt::format("{} {}", name, value);
    };
    add("request", text_in(response_, "request_id"));
    add("session", text_in(response_, "session_id"));
    if (const auto time = number_in(response_, "execution_time_ms")) {
      add("took", time_taken(Milliseconds(static_cast<std::int64_t>(*time))));
    }
    if (!line.empty()) out_ += "\n" + painter_.paint(Tone::dim, line) + "\n";
    if (!context_.next_command.empty()) {
      out_ += painter_.paint(Tone::dim, "Go on: " + context_.next_command + " \"…\"") + "\n";
    }
  }

  const json::object* response_;
  const json::object* assessment_;
  const ResultContext& context_;
  Painter painter_;
  std::string out_;
};

}  // namespace

std::string result_text(std::string_view response, const ResultContext& context) {
  const auto value = parse_json(response);
  const json::object* const object = value ? value->if_object() : nullptr;
  if (object == nullptr) return one_line(response) + "\n";
  return ResultWriter(*object, context).write();
}

std::string response_field(std::string_view response, std::string_view name) {
  const auto value = parse_json(response);
  return value ? text_in(value->if_object(), name) : std::string();
}

}  // namespace skymarshal::cli
