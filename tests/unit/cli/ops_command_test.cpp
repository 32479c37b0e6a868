#include "app/run_command.hpp"
#include "cli/cli.hpp"
#include "support/captured_output.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace skymarshal::cli::ops_command_test {

struct OpsOutcome {
  ExitCode code{};
  std::string out;
  std::string error;
};

OpsOutcome run(const std::vector<std::string>& arguments) {
  OpsOutcome outcome;
  test::CapturedOutput output =
      test::captured([&] { outcome.code = app::run_command(parse_command_line(arguments), {}); });
  outcome.out = std::move(output.out);
  outcome.error = std::move(output.error);
  return outcome;
}

TEST(OpsCommand, ImportsTheSampleAndShowsAFlightOfIt) {
  const test::TemporaryFolder folder;
  const std::string database = folder.file("ops.db").string();
  const OpsOutcome imported = run({"ops", "import", "--sample", "--ops-database", database});
  EXPECT_EQ(imported.code, ExitCode::done) << imported.error;
  EXPECT_EQ(imported.out.find("airports.csv      "), 0U) << imported.out;
  EXPECT_NE(imported.out.find("imported into " + database), std::string::npos);

  const OpsOutcome shown = run({"ops", "show", "ey 283", "--ops-database", database});
  EXPECT_EQ(shown.code, ExitCode::done) << shown.error;
  EXPECT_NE(shown.out.find("2026-06-15 09:30 (02:30 UTC)"), std::string::npos) << shown.out;
  EXPECT_EQ(run({"ops", "show", "EY283", "--date", "2026-06-15", "--ops-database", database}).out, shown.out);
  EXPECT_EQ(run({"ops", "show", "EY283", "--ops-database", "sample"}).out, shown.out);
  EXPECT_EQ(run({"ops", "show", "EY283", "--json", "--ops-database", database}).out.substr(0, 28),
            R"({"flight":{"flight":"EY283",)");
}

TEST(OpsCommand, ReportsProblemsLineByLineAndImportsNothing) {
  const test::TemporaryFolder folder;
  const auto csv = folder.file("csv");
  std::filesystem::create_directory(csv);
  std::ofstream(csv / "airports.csv") << "iata\n";
  const std::string database = folder.file("ops.db").string();
  const OpsOutcome outcome = run({"ops", "import", csv.string(), "--ops-database", database});
  EXPECT_EQ(outcome.code, ExitCode::usage);
  EXPECT_NE(outcome.error.find("skymarshal: airports.csv:1: icao: the column is missing\n"),
            std::string::npos);
  EXPECT_NE(outcome.error.find("skymarshal: flights.csv: is missing\n"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(database));
}

TEST(OpsCommand, SaysWhatIsWrongWithTheQuestion) {
  const auto error = [](const std::vector<std::string>& arguments, ExitCode code) {
    const OpsOutcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, code) << outcome.error;
    return outcome.error;
  };
  const auto show = [&](const std::string& flight, const std::string& date, ExitCode code) {
    return error({"ops", "show", flight, "--date", date, "--ops-database", "sample"}, code);
  };
  EXPECT_NE(show("283", "", ExitCode::usage).find("'283' is no flight number"), std::string::npos);
  EXPECT_NE(show("EY283", "15 June", ExitCode::usage).find("'15 June' is no date"), std::string::npos);
  EXPECT_NE(show("EY999", "", ExitCode::failed).find("EY999 is not in the operations database"),
            std::string::npos);
  EXPECT_NE(show("EY283", "2026-06-16", ExitCode::failed).find("it has 2026-06-15"), std::string::npos);
  EXPECT_NE(error({"ops", "show", "EY283"}, ExitCode::usage).find("--ops-database FILE"), std::string::npos);
  EXPECT_NE(
      error({"ops", "import", "--sample", "--ops-database", "sample"}, ExitCode::usage).find("built in"),
      std::string::npos);
  EXPECT_NE(error({"ops", "show", "EY283", "--ops-database", "/nowhere/ops.db"}, ExitCode::failed)
                .find("skymarshal ops import"),
            std::string::npos);
}

TEST(OpsCommand, ImportTakesAFolderOrTheSample) {
  const auto is_refused = [](const std::vector<std::string>& arguments) {
    const Command command = parse_command_line(arguments);
    return std::holds_alternative<ShowText>(command) && std::get<ShowText>(command).is_error;
  };
  EXPECT_TRUE(is_refused({"ops"}));
  EXPECT_TRUE(is_refused({"ops", "import"}));
  EXPECT_TRUE(is_refused({"ops", "import", "folder", "--sample"}));
  EXPECT_TRUE(is_refused({"ops", "show"}));
  EXPECT_EQ(
      std::get<OpsImportCommand>(parse_command_line(std::vector<std::string>{"ops", "import", "folder"}))
          .folder,
      "folder");
}

/// What `ops show EY283` says if it flies on the first `days` days from 2026-06-15 on.
OpsOutcome show_without_a_date(int days) {
  const test::TemporaryFolder folder;
  const auto csv = folder.file("csv");
  std::filesystem::create_directory(csv);
  std::ofstream(csv / "airports.csv") << "iata,icao,city,country,time_zone,latitude_deg,longitude_deg\n";
  std::ofstream(csv / "fleet.csv")
      << "registration,type,operator,cargo_kg_max,turnaround_minutes_min\nA6-BNC,B789,EY,16000,75\n";
  std::ofstream flights(csv / "flights.csv");
  flights << "number,date,origin,destination,scheduled_departure,scheduled_arrival,registration\n";
  for (int day = 15; day < 15 + days; ++day) {
    flights << fmt::format("EY283,2026-06-{0},BKK,AUH,2026-06-{0}T02:30Z,2026-06-{0}T08:55Z,A6-BNC\n", day);
  }
  flights.close();
  const std::string database = folder.file("ops.db").string();
  EXPECT_EQ(run({"ops", "import", csv.string(), "--ops-database", database}).code, ExitCode::done);
  return run({"ops", "show", "EY283", "--ops-database", database});
}

TEST(OpsCommand, AFlightOfSeveralDaysNeedsADate) {
  const OpsOutcome outcome = show_without_a_date(2);
  EXPECT_EQ(outcome.code, ExitCode::usage);
  EXPECT_NE(outcome.error.find("--date: 2026-06-15, 2026-06-16"), std::string::npos) << outcome.error;
}

TEST(OpsCommand, ListsNoMoreDatesThanCanBeRead) {
  const OpsOutcome outcome = show_without_a_date(15);
  EXPECT_EQ(outcome.code, ExitCode::usage);
  EXPECT_NE(outcome.error.find("15 dates from 2026-06-15 to 2026-06-29"), std::string::npos) << outcome.error;
}

}  // namespace skymarshal::cli::ops_command_test
