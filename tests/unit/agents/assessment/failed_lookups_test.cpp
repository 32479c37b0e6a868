// What becomes of a disruption when the operations database fails in the middle of it: nothing that could not
// be looked up counts as absent.
#include "agents/assessment/orchestrator.hpp"
#include "agents/assessment/understanding.hpp"
#include "base/sqlite_database.hpp"
#include "support/manual_clock.hpp"
#include "unit/agents/assessment/situations.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace skymarshal::agents::assessment::failed_lookups_test {

constexpr std::string_view demo = "EY283 on 2026-06-15 is 3 hours late: hydraulic fault on A6-BNC";
constexpr std::string_view told = " (the look-up failed)";

/// The sample day with something broken in it.
class BrokenDay {
 public:
  explicit BrokenDay(const std::string& breaking_sql) : path_(folder_.file("ops.db")) {
    std::filesystem::copy_file(imported(), path_);
    SqliteDatabase::open(path_, {}).value().execute(breaking_sql.c_str()).value();
    database_ = std::make_unique<ops::OperationsDatabase>(ops::OperationsDatabase::open(path_).value());
  }

  Situation situation_of(std::string_view prompt) {
    return understand(facts::read_facts(prompt), database_.get());
  }

 private:
  static const std::filesystem::path& imported() { return test::imported_sample(); }

  skymarshal::test::TemporaryFolder folder_;
  std::filesystem::path path_;
  std::unique_ptr<ops::OperationsDatabase> database_;
};

/// SQL that makes every look-up fail that comes across one flight.
std::string unreadable_flight(std::string_view number) {
  return "ALTER TABLE flights RENAME TO readable; CREATE VIEW flights AS SELECT number, date, "
         "CASE WHEN number = '" +
         std::string(number) +
         "' THEN abs(-9223372036854775807 - (length(number) > 0)) ELSE origin END AS origin, destination, "
         "scheduled_departure, "
         "scheduled_arrival, registration, slot_latest, overflight_until FROM readable;";
}

std::set<std::string> failed_of(const Situation& situation) {
  std::set<std::string> names;
  for (const FailedLookup& failed : situation.failed_lookups) names.emplace(name_of(failed.lookup));
  return names;
}

AgentAssessment asked(std::string_view name, const Situation& situation, const Plan& plan) {
  for (const Agent& agent : seven_agents()) {
    if (agent.name == name) return ask(agent, situation, plan);
  }
  return {};
}

bool names_missing(const AgentAssessment& said, Lookup lookup) {
  const std::string fact = std::string(name_of(lookup)) + std::string(told);
  return std::find(said.missing_facts.begin(), said.missing_facts.end(), fact) != said.missing_facts.end();
}

struct LostTable {
  std::string table;
  std::vector<Lookup> failed;
  /// Who names the first of them as missing.
  std::vector<std::string> agents;
};
void PrintTo(const LostTable& lost, std::ostream* out) { *out << lost.table; }

class FailedLookups : public testing::TestWithParam<LostTable> {};

TEST_P(FailedLookups, AreToldAndNobodyTakesThemForNothing) {
  const LostTable& lost = GetParam();
  BrokenDay day("DROP TABLE " + lost.table);
  const Situation situation = day.situation_of(demo);
  std::set<std::string> expected;
  for (const Lookup lookup : lost.failed) expected.emplace(name_of(lookup));
  EXPECT_EQ(failed_of(situation), expected);
  for (const FailedLookup& failed : situation.failed_lookups) EXPECT_FALSE(failed.reason.empty());
  EXPECT_EQ(situation.database, DatabaseUse::matched) << "what can be read is still used";
  for (const Lookup lookup : lost.failed) {
    EXPECT_TRUE(std::any_of(situation.notes.begin(), situation.notes.end(), [&](const std::string& note) {
      return note.find("could not be asked for the " + std::string(name_of(lookup))) != std::string::npos;
    })) << name_of(lookup);
  }
  for (const std::string& agent : lost.agents) {
    const AgentAssessment said = asked(agent, situation, plan_in_question(situation));
    EXPECT_NE(said.status, Verdict::approved) << agent;
    EXPECT_TRUE(names_missing(said, lost.failed.front())) << agent << ": " << said.reasoning;
    EXPECT_FALSE(said.failed()) << said.failure;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Tables, FailedLookups,
    testing::Values(LostTable{"airports", {Lookup::airports}, {"regulatory", "network"}},
                    LostTable{"operators",
                              {Lookup::operators},
                              {"crew_compliance", "regulatory", "guest_experience", "finance"}},
                    LostTable{"fleet",
                              {Lookup::fleet, Lookup::later_flights, Lookup::candidates},
                              {"maintenance", "network", "finance"}},
                    LostTable{"crew", {Lookup::duties, Lookup::standbys}, {"crew_compliance"}},
                    LostTable{"duties", {Lookup::duties, Lookup::standbys}, {"crew_compliance"}},
                    LostTable{"rosters", {Lookup::duties, Lookup::standbys}, {"crew_compliance"}},
                    LostTable{"maintenance", {Lookup::maintenance, Lookup::candidates}, {"maintenance"}},
                    LostTable{"bookings",
                              {Lookup::bookings, Lookup::later_flights},
                              {"network", "guest_experience", "finance"}},
                    LostTable{"cargo", {Lookup::cargo}, {"cargo"}}),
    [](const testing::TestParamInfo<LostTable>& info) { return info.param.table; });

TEST(FailedLookupsOfADay, NothingIsToldWhereAllCouldBeRead) {
  test::SampleDay day;
  const Situation situation = day.situation_of(demo);
  EXPECT_TRUE(situation.failed_lookups.empty());
  EXPECT_TRUE(situation.notes.empty());
}

TEST(FailedLookupsOfADay, WithoutTheFlightItselfNoAgentApproves) {
  BrokenDay day("DROP TABLE flights");
  const Situation situation =
      day.situation_of("EY283 from BKK to AUH, no cargo, fog, 3 hours delay, A6-BNC is released to service");
  EXPECT_EQ(situation.database, DatabaseUse::failed);
  EXPECT_EQ(failed_of(situation), std::set<std::string>{"flight"});
  for (const char* name : {"crew_compliance", "maintenance", "regulatory"}) {
    const AgentAssessment said = asked(name, situation, plan_in_question(situation));
    EXPECT_NE(said.status, Verdict::approved) << name;
    EXPECT_TRUE(names_missing(said, Lookup::flights)) << name;
  }
}

TEST(FailedLookupsOfADay, PassengersWhoseOnwardFlightCannotBeReadDoNotVanish) {
  BrokenDay day(unreadable_flight("EY31"));
  const Situation situation = day.situation_of(demo);
  EXPECT_TRUE(situation.failed(Lookup::connections));
  EXPECT_EQ(situation.connecting_passengers->value, 51);
  const Plan plan = plan_in_question(situation);
  EXPECT_FALSE(network_impact(situation, plan).connections_known);
  for (const char* name : {"network", "guest_experience", "finance"}) {
    const AgentAssessment said = asked(name, situation, plan);
    EXPECT_NE(said.status, Verdict::approved) << name;
    EXPECT_TRUE(names_missing(said, Lookup::connections)) << name;
  }
  const AgentAssessment network = asked("network", situation, test::delayed(5));
  EXPECT_EQ(network.reasoning.find("reach their onward flights"), std::string::npos)
      << "nobody says so of passengers of whom he does not know: " << network.reasoning;
}

TEST(FailedLookupsOfADay, PassengersWithoutAnOnwardFlightOnFileAreNoted) {
  BrokenDay day("DELETE FROM flights WHERE number = 'EY31'");
  const Situation situation = day.situation_of(demo);
  EXPECT_TRUE(situation.failed_lookups.empty());
  ASSERT_EQ(situation.notes.size(), 1U);
  EXPECT_EQ(situation.notes[0],
            "9 passengers go on with EY31 of 2026-06-15, which is not in the operations database: their "
            "connection is not judged.");
}

TEST(FailedLookupsOfADay, ALostRotationIsNoEmptyRotation) {
  BrokenDay day(unreadable_flight("EY207"));
  const Situation situation = day.situation_of(demo);
  EXPECT_TRUE(situation.failed(Lookup::rotation));
  const Plan plan = plan_in_question(situation);
  EXPECT_FALSE(network_impact(situation, plan).rotation_known);
  EXPECT_TRUE(names_missing(asked("network", situation, plan), Lookup::rotation));
}

TEST(FailedLookupsOfADay, AnAircraftWhoseItemsCannotBeReadIsNotTakenForSound) {
  BrokenDay day("DROP TABLE maintenance");
  const Situation situation = day.situation_of("EY283 on 2026-06-15 is late, swap A6-BNC to A6-BND");
  ASSERT_FALSE(situation.candidates.empty());
  EXPECT_FALSE(situation.candidates.front().items_known);
  const AgentAssessment said =
      asked("maintenance", situation, swap_plan(situation, situation.candidates.front()));
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_TRUE(names_missing(said, Lookup::candidates));
  EXPECT_EQ(said.reasoning.find("no open maintenance items"), std::string::npos) << said.reasoning;
}

TEST(FailedLookupsOfADay, WaysOutAreNotBarredForWantOfAnAnswer) {
  const auto first_of = [](const Situation& situation, PlanKind kind) {
    std::vector<PossiblePlan> plans = possible_plans(situation);
    const auto found =
        std::find_if(plans.begin(), plans.end(), [&](const PossiblePlan& p) { return p.plan.kind == kind; });
    return *found;
  };
  BrokenDay no_fleet("DROP TABLE fleet");
  const PossiblePlan swap = first_of(no_fleet.situation_of(demo), PlanKind::swap_aircraft);
  EXPECT_EQ(swap.barred_by, "");
  EXPECT_EQ(swap.assumptions.at(0), "Which aircraft is free, where and when, could not be looked up.");
  BrokenDay no_crew("DROP TABLE crew");
  const PossiblePlan relief = first_of(no_crew.situation_of(demo), PlanKind::change_crew);
  EXPECT_EQ(relief.assumptions.at(0), "That a rested crew is on standby, and where, could not be looked up.");
}

TEST(FailedLookupsOfADay, TheAnswerSaysWhichLookupFailedAndTheDriverHearsWhy) {
  BrokenDay day("DROP TABLE maintenance");
  const skymarshal::test::ManualClock clock;
  const Orchestrator orchestrator(seven_agents(), {}, clock);
  Assessment assessment = orchestrator.begin(day.situation_of(demo));
  for (std::string message; assessment.next(message);) continue;
  const boost::json::value data = boost::json::parse(assessment.data());
  EXPECT_NE(data.at("final_decision"), "approved");
  std::string notes;
  for (const auto& note : data.at("assessment").at("notes").as_array()) notes += note.as_string();
  EXPECT_NE(notes.find("open maintenance items"), std::string::npos) << notes;
  const std::vector<Failure> failures = assessment.take_failures();
  ASSERT_EQ(failures.size(), 2U);
  EXPECT_EQ(failures[0].what, "look-up of the open maintenance items");
  EXPECT_NE(failures[0].reason.find("SQL logic error"), std::string::npos) << failures[0].reason;
}

}  // namespace skymarshal::agents::assessment::failed_lookups_test
