#include "cli/answer_text.hpp"
#include "cli/json_view.hpp"
#include "cli/text_layout.hpp"

#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

namespace json = boost::json;

class ExplanationWriter {
 public:
  ExplanationWriter(const json::object& response, const Terminal& terminal)
      : response_(response), terminal_(terminal), painter_(terminal.color) {}

  std::string write() {
    for (const std::string_view phase : {"safety_phase", "business_phase"}) {
      const json::object* const agents = object_in(object_in(&response_, phase), "agents");
      if (agents == nullptr) continue;
      for (const auto& [name, agent] : *agents) {
        write_agent(words(json::value(name)), object_in(agent.if_object(), "explanation"));
      }
    }
    write_notes();
    const json::array* const options = array_in(object_in(&response_, "assessment"), "recovery_options");
    if (options != nullptr) {
      for (const json::value& option : *options) write_option(option.if_object());
    }
    if (out_.empty()) out_ = "\nThe runtime explains none of its numbers.\n";
    return std::move(out_);
  }

 private:
  void heading(std::string_view title) { out_ += "\n" + painter_.paint(Tone::bold, title) + "\n"; }

  void item(std::string_view text, std::string_view first = "    ") {
    out_ += wrap(text, terminal_.width, Indents{std::string(first), "        "});
  }

  template <typename Write>
  void write_items(const json::array* items, std::string_view title, Write write) {
    if (items == nullptr || items->empty()) return;
    item(title, "  ");
    for (const json::value& value : *items) write(value.if_object());
  }

  void write_agent(const std::string& name, const json::object* explanation) {
    if (explanation == nullptr) return;
    heading(fmt::format("How {} came to it", name));
    write_items(array_in(explanation, "facts"), "Facts", [&](const json::object* fact) {
      item(fmt::format("{} = {} [{}]", text_in(fact, "name"), text_in(fact, "value"),
                       text_in(fact, "source")));
    });
    write_items(array_in(explanation, "rules"), "Rules", [&](const json::object* rule) {
      const std::string effective = text_in(rule, "effective");
      const std::string citation = text_in(rule, "citation");
      // Rules that begin with their own citation need not name it twice.
      std::string text = text_in(rule, "rule");
      if (text.starts_with(citation + ": ")) text.erase(0, citation.size() + 2);
      item(fmt::format("{} [{}{}]", text, citation, effective.empty() ? "" : ", since " + effective));
    });
    write_items(array_in(explanation, "arithmetic"), "Arithmetic", [&](const json::object* step) {
      item(fmt::format("{}: {} = {}", text_in(step, "what"), text_in(step, "expression"),
                       text_in(step, "result")));
    });
  }

  void write_notes() {
    const auto notes = texts(array_in(object_in(&response_, "assessment"), "notes"));
    if (notes.empty()) return;
    heading("About the data");
    for (const std::string& note : notes) item(note, "  ");
  }

  void write_option(const json::object* option) {
    heading(fmt::format("Option {}: {}", text_in(option, "rank"), text_in(option, "title")));
    for (const std::string& basis : texts(array_in(option, "basis"))) item(basis, "  ");
    for (const std::string& assumption : texts(array_in(option, "assumptions"))) {
      item("Assumed: " + assumption, "  ");
    }
    write_costs(object_in(option, "costs"));
    write_items(array_in(option, "recovery_plan"), "Steps", [&](const json::object* step) {
      std::string after;
      for (const std::string& before : texts(array_in(step, "depends_on"))) {
        after += (after.empty() ? ", after " : " and ") + before;
      }
      item(fmt::format("{}. {}: {} ({} min{}). Done when: {}.", text_in(step, "step"), text_in(step, "who"),
                       text_in(step, "what"), text_in(step, "minutes"), after,
                       text_in(step, "success_criterion")));
    });
  }

  void write_costs(const json::object* costs) {
    const std::string currency = text_in(costs, "currency");
    write_items(array_in(costs, "lines"), "Costs", [&](const json::object* line) {
      out_ += amount(text_in(line, "item"), number_in(line, "amount"), currency, text_in(line, "expression"));
    });
    const auto total = number_in(costs, "total");
    if (total) out_ += amount("total", total, currency, {});
    for (const std::string& unknown : texts(array_in(costs, "unknown"))) item("not reckoned: " + unknown);
  }

  /// A line of a table: amounts stand below each other.
  static std::string amount(std::string_view name, std::optional<double> value, std::string_view currency,
                            std::string_view expression) {
    std::string line = fmt::format("    {:<14} {:>14.2f} {}", name, value.value_or(0), currency);
    if (!expression.empty()) line += fmt::format("  = {}", expression);
    return line + "\n";
  }

  const json::object& response_;
  const Terminal& terminal_;
  Painter painter_;
  std::string out_;
};

}  // namespace

std::string explanation_text(std::string_view response, const Terminal& terminal) {
  const auto value = parse_json(response);
  const json::object* const object = value ? value->if_object() : nullptr;
  return object != nullptr ? ExplanationWriter(*object, terminal).write() : std::string();
}

}  // namespace skymarshal::cli
