// Every scenario file is a test: the prompts go through the agents as the embedded runtime would take them,
// and what comes out is held against what the file expects, and against what holds for every answer.
#include "scenarios/scenario.hpp"

#include "agents/assessment/orchestrator.hpp"
#include "agents/assessment/session_memory.hpp"
#include "agents/ops/import.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

#include <cctype>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace skymarshal::test::scenario_test {

namespace json = boost::json;
using agents::assessment::Orchestrator;

class ScenarioTest : public testing::TestWithParam<std::filesystem::path> {
 protected:
  void SetUp() override {
    scenario_ = read_scenario(GetParam());
    const std::filesystem::path database = imported_day(scenario_);
    if (!database.empty()) database_.emplace(agents::ops::OperationsDatabase::open(database).value());
  }

  /// The scenario's day as an operations database, which nobody may write to: scenarios of the same day share
  /// it. Empty: it has none.
  static std::filesystem::path imported_day(const Scenario& scenario) {
    static const TemporaryFolder folder;
    static std::map<std::string, std::filesystem::path> databases;
    const auto [known, added] = databases.try_emplace(json::serialize(scenario.database));
    if (!added) return known->second;
    const std::string number = std::to_string(databases.size());
    const std::filesystem::path day = folder.file("day" + number);
    std::filesystem::create_directory(day);
    if (!write_day(scenario, day)) return {};
    const std::filesystem::path database = folder.file("ops" + number + ".db");
    const auto imported = agents::ops::import_folder(day, database);
    if (!imported) throw std::runtime_error(imported.error().message);
    return known->second = database;
  }

  /// The data of the last prompt's "complete" message.
  std::string assess() {
    const Orchestrator orchestrator(agents::assessment::seven_agents(), {}, clock_);
    agents::assessment::SessionMemory memory({}, clock_);
    std::string data;
    for (const std::string& prompt : scenario_.prompts) {
      agents::assessment::Assessment assessment = orchestrator.begin(agents::assessment::understand(
          memory.add_turn("session", prompt), database_ ? &*database_ : nullptr));
      std::string message;
      while (assessment.next(message)) continue;
      EXPECT_TRUE(assessment.take_failures().empty());
      data = assessment.data();
    }
    return data;
  }

  ManualClock clock_;
  Scenario scenario_;
  std::optional<agents::ops::OperationsDatabase> database_;
};

/// The runs of digits of a text, thousands separators left out.
std::set<std::string> numbers_in(std::string_view text) {
  std::set<std::string> numbers;
  std::string digits;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    const auto is_digit = [](char d) { return std::isdigit(static_cast<unsigned char>(d)) != 0; };
    const bool separator = c == ',' && !digits.empty() && i + 3 < text.size() && is_digit(text[i + 1]) &&
                           is_digit(text[i + 2]) && is_digit(text[i + 3]);
    if (separator) continue;
    if (is_digit(c)) {
      digits += c;
    } else if (!digits.empty()) {
      numbers.insert(digits);
      digits.clear();
    }
  }
  return numbers;
}

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

std::string joined(const json::array& texts) {
  std::string all;
  for (const json::value& text : texts) all += text_of(text) + "\n";
  return all;
}

/// What an agent says, in one text.
std::string speech_of(const json::object& agent) {
  return text_of(agent.at("reasoning")) + "\n" + joined(agent.at("constraints").as_array()) +
         joined(agent.at("recommendations").as_array());
}

void expect_numbers_are_explained(const json::object& agent) {
  const std::string explanation = json::serialize(agent.at("explanation"));
  const std::set<std::string> explained = numbers_in(explanation);
  for (const std::string& number : numbers_in(speech_of(agent))) {
    EXPECT_TRUE(explained.contains(number))
        << text_of(agent.at("agent_name")) << " says " << number << " and explains it nowhere:\n"
        << speech_of(agent) << explanation;
  }
}

std::vector<const json::object*> agents_of(const json::object& data) {
  std::vector<const json::object*> agents;
  for (const char* phase : {"safety_phase", "business_phase"}) {
    for (const auto& agent : data.at(phase).as_object().at("agents").as_object()) {
      agents.push_back(&agent.value().as_object());
    }
  }
  return agents;
}

/// What holds for every answer, whatever was asked.
void expect_sound(const json::object& data) {
  bool rejected = false;
  for (const auto& agent : data.at("safety_phase").as_object().at("agents").as_object()) {
    rejected = rejected || agent.value().at("status") == "rejected";
  }
  EXPECT_EQ(rejected, data.at("final_decision") == "rejected") << "a safety rejection decides, and only it";
  for (const json::object* agent : agents_of(data)) {
    EXPECT_FALSE(agent->at("reasoning").as_string().empty()) << text_of(agent->at("agent_name"));
    expect_numbers_are_explained(*agent);
  }
  for (const json::value& option : data.at("assessment").at("recovery_options").as_array()) {
    double sum = 0;
    const json::object& costs = option.at("costs").as_object();
    for (const json::value& line : costs.at("lines").as_array()) sum += line.at("amount").to_number<double>();
    EXPECT_NEAR(sum, costs.at("total").to_number<double>(), 0.001) << text_of(option.at("title"));
    EXPECT_EQ(option.at("feasible").as_bool(), option.at("binding_constraint").is_null());
    EXPECT_FALSE(option.at("recovery_plan").as_array().empty());
  }
}

std::optional<json::value> fact_value(const json::object& data, std::string_view name) {
  for (const json::value& fact : data.at("assessment").at("facts").as_array()) {
    if (fact.at("name").as_string() == name) return fact.at("value");
  }
  return std::nullopt;
}

void expect_facts(const json::object& data, const json::object& expect) {
  if (const auto* facts = expect.if_contains("facts")) {
    for (const auto& expected : facts->as_object()) {
      const auto value = fact_value(data, expected.key());
      if (!value) {
        ADD_FAILURE() << expected.key() << " is absent";
      } else {
        EXPECT_EQ(*value, expected.value()) << expected.key();
      }
    }
  }
  if (const auto* absent = expect.if_contains("absent")) {
    for (const json::value& name : absent->as_array()) {
      EXPECT_FALSE(fact_value(data, name.as_string()).has_value()) << text_of(name) << " is there";
    }
  }
  const std::string missing = joined(data.at("assessment").at("missing_facts").as_array());
  if (const auto* contradictory = expect.if_contains("contradictory")) {
    for (const json::value& name : contradictory->as_array()) {
      EXPECT_NE(missing.find(text_of(name) + " (contradictory"), std::string::npos) << missing;
    }
  }
  if (const auto* expected = expect.if_contains("missing")) {
    for (const json::value& name : expected->as_array()) {
      EXPECT_NE(missing.find(text_of(name)), std::string::npos) << missing;
    }
  }
}

const json::object* agent_of(const json::object& data, std::string_view name) {
  for (const json::object* agent : agents_of(data)) {
    if (agent->at("agent_name").as_string() == name) return agent;
  }
  return nullptr;
}

void expect_agents(const json::object& data, const json::object& expect) {
  if (const auto* verdicts = expect.if_contains("verdicts")) {
    for (const auto& expected : verdicts->as_object()) {
      const json::object* agent = agent_of(data, expected.key());
      const std::string status = agent != nullptr ? text_of(agent->at("status")) : "not asked";
      EXPECT_EQ(status, text_of(expected.value()))
          << expected.key() << ": " << (agent != nullptr ? speech_of(*agent) : "");
    }
  }
  const auto expect_texts = [&](const char* section, auto text_from) {
    const auto* texts = expect.if_contains(section);
    if (texts == nullptr) return;
    for (const auto& expected : texts->as_object()) {
      const json::object* agent = agent_of(data, expected.key());
      ASSERT_NE(agent, nullptr) << expected.key() << " was not asked";
      const std::string said = text_from(*agent);
      for (const json::value& text : expected.value().as_array()) {
        EXPECT_NE(said.find(text_of(text)), std::string::npos)
            << expected.key() << " does not say: " << text_of(text) << "\nbut:\n"
            << said;
      }
    }
  };
  expect_texts("constraints",
               [](const json::object& agent) { return joined(agent.at("constraints").as_array()); });
  expect_texts("says", [](const json::object& agent) {
    return speech_of(agent) + json::serialize(agent.at("explanation"));
  });
}

void expect_options(const json::object& data, const json::object& expect) {
  const json::array& options = data.at("assessment").at("recovery_options").as_array();
  if (const auto* expected = expect.if_contains("options")) {
    json::array feasible;
    for (const json::value& option : options) {
      if (option.at("feasible").as_bool()) feasible.push_back(option.at("option"));
    }
    EXPECT_EQ(json::serialize(feasible), json::serialize(*expected)) << json::serialize(options);
  }
  if (const auto* titles = expect.if_contains("titles")) {
    std::string all;
    for (const json::value& option : options) all += text_of(option.at("title")) + "\n";
    for (const json::value& title : titles->as_array()) {
      EXPECT_NE(all.find(text_of(title)), std::string::npos) << all;
    }
  }
  if (const auto* barred = expect.if_contains("barred")) {
    for (const auto& expected : barred->as_object()) {
      bool found = false;
      std::string all;
      for (const json::value& option : options) {
        if (option.at("option").as_string() != expected.key() || option.at("feasible").as_bool()) continue;
        const std::string binding = text_of(option.at("binding_constraint"));
        all += binding + "\n";
        found = found || binding.find(text_of(expected.value())) != std::string::npos;
      }
      EXPECT_TRUE(found) << expected.key() << " is not barred by: " << text_of(expected.value())
                         << "\nbut by:\n"
                         << all;
    }
  }
}

TEST_P(ScenarioTest, ComesOutAsExpected) {
  const std::string text = assess();
  const json::object data = json::parse(text).as_object();
  const json::object& expect = scenario_.expect;
  expect_sound(data);
  expect_facts(data, expect);
  expect_agents(data, expect);
  expect_options(data, expect);
  if (const auto* decision = expect.if_contains("final_decision")) {
    EXPECT_EQ(data.at("final_decision"), *decision)
        << joined(data.at("assessment").at("missing_facts").as_array());
  }
  if (const auto* notes = expect.if_contains("notes")) {
    const std::string all = joined(data.at("assessment").at("notes").as_array());
    for (const json::value& note : notes->as_array()) {
      EXPECT_NE(all.find(text_of(note)), std::string::npos) << all;
    }
  }
  EXPECT_EQ(assess(), text) << "the same input gives the same bytes";
}

std::string test_name(const testing::TestParamInfo<std::filesystem::path>& info) {
  std::string name = info.param.stem().string();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Files, ScenarioTest, testing::ValuesIn(scenario_files()), test_name);

TEST(Scenarios, ThereAreAtLeastForty) { EXPECT_GE(scenario_files().size(), 40U); }

}  // namespace skymarshal::test::scenario_test
