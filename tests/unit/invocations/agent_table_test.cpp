// What the agents said, put together.
#include "invocations/agent_table.hpp"

#include "base/json_reader.hpp"
#include "invocations/agents_of_skymarshal.hpp"
#include "support/json_text.hpp"

#include <deque>

#include <gtest/gtest.h>

namespace skymarshal::invocations::agent_table_test {

using test::keys_of;
using test::text_at;
using test::value_at;

/// A table whose texts live as long as it does.
class Table {
 public:
  Table& chunk(std::string data) {
    table_.add_chunk(keep(std::move(data)));
    return *this;
  }
  Table& says(const std::string& agent, const std::string& status, const std::string& partial = "") {
    return chunk(R"({"agent":")" + agent + R"(","status":")" + status + "\"" +
                 (partial.empty() ? "" : ",\"partial_result\":" + partial) + "}");
  }
  Table& phase(std::string phase) {
    table_.add_phase(keep(std::move(phase)));
    return *this;
  }
  Table& all_say(const std::string& status) {
    for (const auto name : safety_agents) says(std::string(name), status);
    for (const auto name : business_agents) says(std::string(name), status);
    return *this;
  }
  std::string safety() const { return table_.phase(safety_agents); }
  std::string business() const { return table_.phase(business_agents); }
  const AgentTable& operator*() const { return table_; }
  const AgentTable* operator->() const { return &table_; }

 private:
  std::string_view keep(std::string text) { return pad_json(texts_.emplace_back(std::move(text))); }

  std::deque<std::string> texts_;
  AgentTable table_;
};

TEST(AgentTable, KnowsTheSevenByPhase) {
  EXPECT_EQ(safety_agents.size() + business_agents.size(), 7u);
  EXPECT_TRUE(is_safety_agent("crew_compliance"));
  EXPECT_FALSE(is_safety_agent("finance"));
  EXPECT_TRUE(is_business_agent("finance"));
  EXPECT_FALSE(is_business_agent("Finance"));
}

TEST(AgentTable, WritesAnEmptyPhaseForSilence) {
  const Table table;
  EXPECT_EQ(table.safety(), R"({"agents":{},"phase_status":"unknown","constraints":[]})");
  EXPECT_EQ(table->decision(), "conditional");
  EXPECT_EQ(table->recommendations(), "[]");
  EXPECT_EQ(table->others(), "");
}

TEST(AgentTable, TakesTheNewestWordOfEachAgent) {
  Table table;
  table.says("maintenance", "analyzing");
  table.says("maintenance", "approved", R"({"confidence":0.90,"reasoning":"no fault","constraints":["c1"]})");
  EXPECT_EQ(value_at(table.safety(), {"agents", "maintenance"}),
            R"({"agent_name":"maintenance","status":"approved","confidence":0.90,"reasoning":"no fault",)"
            R"("constraints":["c1"],"recommendations":[]})");
  EXPECT_EQ(value_at(table.safety(), {"constraints"}), R"(["c1"])");
}

TEST(AgentTable, KeepsAResultWhenLaterChunksCarryNone) {
  Table table;
  table.says("cargo", "conditional", R"({"confidence":0.5})");
  table.says("cargo", "complete");
  table.chunk(R"({"agent":"cargo","partial_result":null})");
  EXPECT_EQ(value_at(table.business(), {"agents", "cargo", "confidence"}), "0.5");
  EXPECT_EQ(text_at(table.business(), {"agents", "cargo", "status"}), "complete");
}

TEST(AgentTable, DoesNotRepeatWhatTheResultSaysItself) {
  Table table;
  table.says("cargo", "complete", R"({"agent_name":"Cargo Agent","status":"approved"})");
  EXPECT_EQ(value_at(table.business(), {"agents", "cargo"}),
            R"({"agent_name":"Cargo Agent","status":"approved","constraints":[],"recommendations":[]})");
}

TEST(AgentTable, AddsTheListsThatHaveADefaultAndInventsNothingElse) {
  Table table;
  table.says("regulatory", "done", R"({"constraints":null})").says("crew_compliance", "approved");
  EXPECT_EQ(value_at(table.safety(), {"agents", "regulatory"}),
            R"({"agent_name":"regulatory","status":"done","constraints":null,"recommendations":[]})")
      << "a status that is no verdict stays as it came, and so does what stands in a list's place";
  EXPECT_EQ(value_at(table.safety(), {"agents", "crew_compliance"}),
            R"({"agent_name":"crew_compliance","status":"approved","constraints":[],"recommendations":[]})")
      << "neither confidence nor reasoning";
  EXPECT_EQ(text_at(table.safety(), {"phase_status"}), "conditional");
}

TEST(AgentTable, PutsResultsThatAreNoObjectsAside) {
  Table table;
  table.says("network", "approved", R"("all is well")").says("finance", "approved", "[1, 2]");
  EXPECT_EQ(text_at(table.business(), {"agents", "network", "result"}), "all is well");
  EXPECT_EQ(value_at(table.business(), {"agents", "finance", "result"}), "[1, 2]");
}

TEST(AgentTable, PassesOverChunksThatNameNobody) {
  Table table;
  for (const auto* chunk : {"1", "null", "[]", "\"cargo\"", "{}", R"({"agent":""})", R"({"agent":7})",
                            R"({"status":"rejected"})"}) {
    table.chunk(chunk);
  }
  EXPECT_EQ(table->others(), "");
  EXPECT_EQ(table->decision(), "conditional");
}

TEST(AgentTable, KeepsStrangersApart) {
  Table table;
  table.says("weather", "approved", R"({"wind":12.50})").says("cargo", "approved");
  EXPECT_EQ(table->others(), R"({"weather":{"agent_name":"weather","status":"approved","wind":12.50,)"
                             R"("constraints":[],"recommendations":[]}})");
  EXPECT_EQ(keys_of(value_at(table.business(), {"agents"})), (std::vector<std::string>{"cargo"}));
}

TEST(AgentTable, NamesAPhaseByItsAgents) {
  const auto status = [](auto&&... verdicts) {
    Table table;
    std::size_t i = 0;
    ((table.says(std::string(safety_agents[i++]), verdicts)), ...);
    return text_at(table.safety(), {"phase_status"});
  };
  EXPECT_EQ(status("approved", "approved", "approved"), "approved");
  EXPECT_EQ(status("approved", "approved"), "conditional") << "one has not spoken";
  EXPECT_EQ(status("approved", "conditional", "approved"), "conditional");
  EXPECT_EQ(status("approved", "analyzing", "approved"), "conditional");
  EXPECT_EQ(status("approved", "rejected", "approved"), "rejected");
  EXPECT_EQ(status("rejected"), "rejected");
}

TEST(AgentTable, DecidesAsTheSpecificationSays) {
  EXPECT_EQ(Table().all_say("approved")->decision(), "approved");
  EXPECT_EQ(Table().all_say("approved").says("regulatory", "rejected")->decision(), "rejected");
  EXPECT_EQ(Table().all_say("approved").says("cargo", "rejected")->decision(), "conditional")
      << "a business agent alone does not reject";
  EXPECT_EQ(Table().all_say("approved").says("cargo", "conditional")->decision(), "conditional");
  EXPECT_EQ(Table().all_say("approved").says("cargo", "failed")->decision(), "conditional");
  EXPECT_EQ(Table().says("maintenance", "approved")->decision(), "conditional");
}

TEST(AgentTable, FindsTheVerdictInsideTheResult) {
  Table table;
  table.all_say("approved").says("regulatory", "complete", R"({"status":"rejected"})");
  EXPECT_EQ(table->decision(), "rejected");
  Table fine;
  fine.all_say("complete");
  EXPECT_EQ(fine->decision(), "conditional") << "nobody gave a verdict";
}

TEST(AgentTable, GathersRecommendationsInTheOrderOfFirstWords) {
  Table table;
  table.says("finance", "analyzing").says("cargo", "approved", R"({"recommendations":["c"]})");
  table.says("finance", "approved", R"({"recommendations":[{"f": 1},2.0]})");
  table.says("network", "approved", R"({"recommendations":"not a list"})");
  EXPECT_EQ(table->recommendations(), R"([{"f": 1},2.0,"c"])");
}

TEST(AgentTable, BelievesThePhasesMoreThanTheChunks) {
  Table table;
  table.all_say("approved");
  table.phase(R"({"agents":{"regulatory":{"status":"rejected","constraints":["night ban"]},"weather":{}}})");
  EXPECT_EQ(table->decision(), "rejected");
  EXPECT_EQ(value_at(table.safety(), {"constraints"}), R"(["night ban"])");
  EXPECT_EQ(keys_of(table->others()), (std::vector<std::string>{"weather"}));
}

TEST(AgentTable, TakesPhasesOfOddShapesForSilence) {
  Table table;
  for (const auto* phase : {"{}", R"({"agents":[]})", R"({"agents":null})", R"({"agents":{"cargo":7}})"}) {
    table.phase(phase);
  }
  EXPECT_EQ(value_at(table.business(), {"agents", "cargo", "result"}), "7");
}

}  // namespace skymarshal::invocations::agent_table_test
