#include "agents/ops/import.hpp"

#include "agents/ops/operations_database.hpp"
#include "agents/ops/sample.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace skymarshal::agents::ops::import_test {

namespace fs = std::filesystem;

class Import : public ::testing::Test {
 protected:
  fs::path database() const { return folder_.file("ops.db"); }
  fs::path csv() const { return folder_.file("csv"); }

  void write(const std::string& name, const std::string& content) const {
    fs::create_directory(csv());
    std::ofstream(csv() / name, std::ios::binary) << content;
  }
  void write_sample() const {
    for (const SampleFile& file : sample_files()) write(std::string(file.name), std::string(file.content));
  }

 private:
  test::TemporaryFolder folder_;
};

TEST_F(Import, TheSampleIsAWholeDay) {
  const auto report = import_sample(database());
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_EQ(report->rows.size(), 11U);
  EXPECT_EQ(report->rows[0].first, "airports.csv");
  for (const auto& [file, rows] : report->rows) {
    EXPECT_GT(rows, 0U) << file;
    if (file == "flights.csv") EXPECT_GE(rows, 60U);
    if (file == "fleet.csv") EXPECT_GE(rows, 20U);
  }
}

TEST_F(Import, AFolderGivesWhatItsFilesSay) {
  write_sample();
  const auto of_folder = import_folder(csv(), database());
  ASSERT_TRUE(of_folder) << of_folder.error().message;
  EXPECT_EQ(of_folder->rows, import_sample(database())->rows);
}

TEST_F(Import, AByteOrderMarkInFrontOfAFileSaysNothing) {
  for (const SampleFile& file : sample_files()) {
    write(std::string(file.name), "\xEF\xBB\xBF" + std::string(file.content));
  }
  const auto marked = import_folder(csv(), database());
  ASSERT_TRUE(marked) << marked.error().message;
  EXPECT_EQ(marked->rows, import_sample(database())->rows);
}

TEST_F(Import, LeavesTheDatabaseAsItWasIfAnythingIsWrong) {
  ASSERT_TRUE(import_sample(database()));
  write_sample();
  write("cargo.csv", "waybill,flight,date,kind,weight_kg\nW1,EY9,2026-06-15,general,10\n");
  const auto refused = import_folder(csv(), database());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::invalid_request);
  EXPECT_EQ(refused.error().message, "cargo.csv:2: flight: EY9 of 2026-06-15 is in no row of flights.csv");
  auto opened = OperationsDatabase::open(database());
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->cargo("EY283", *reference::parse_date("2026-06-15"))->size(), 4U);
}

TEST_F(Import, MakesNoDatabaseOfWrongFiles) {
  write("airports.csv", "iata\n");
  EXPECT_FALSE(import_folder(csv(), database()));
  EXPECT_FALSE(fs::exists(database()));
}

TEST_F(Import, BlamesNoRowForAnotherThatCouldNotBeRead) {
  write_sample();
  std::string fleet;
  for (const SampleFile& file : sample_files()) {
    if (file.name == "fleet.csv") fleet = file.content;
  }
  const std::size_t row = fleet.find("A6-BNC,B789");
  ASSERT_NE(row, std::string::npos);
  write("fleet.csv", fleet.replace(row, 11, "A6-BNC,b789"));
  const std::string problem = import_folder(csv(), database()).error().message;
  EXPECT_EQ(problem.find('\n'), std::string::npos) << problem;
  EXPECT_NE(problem.find("type: 'b789' is not an ICAO type designator"), std::string::npos) << problem;
}

TEST_F(Import, PutsNoControlCharactersIntoItsMessages) {
  write_sample();
  write("\x1b[31m.csv", "");
  const auto refused = import_folder(csv(), database());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message.find('\x1b'), std::string::npos);
}

TEST_F(Import, RefusesAFolderThatIsNotThere) {
  const auto refused = import_folder(csv(), database());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("folder cannot be read"), std::string::npos);
}

TEST_F(Import, RefusesFilesOfOtherProgramsAndOfNewerVersions) {
  {
    auto other = SqliteDatabase::open(database(), {});
    ASSERT_TRUE(other->execute("CREATE TABLE t (x)"));
  }
  const fs::perms shared = fs::perms::owner_read | fs::perms::owner_write | fs::perms::others_read;
  fs::permissions(database(), shared);
  const auto refused = import_sample(database());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("another program"), std::string::npos);
  EXPECT_EQ(fs::status(database()).permissions(), shared) << "others can no longer read their file";
  fs::remove(database());
  ASSERT_TRUE(import_sample(database()));
  {
    auto newer = SqliteDatabase::open(database(), {});
    ASSERT_TRUE(newer->execute("PRAGMA user_version = 99"));
  }
  EXPECT_NE(import_sample(database()).error().message.find("newer SkyMarshal"), std::string::npos);
  EXPECT_FALSE(OperationsDatabase::open(database()));
}

}  // namespace skymarshal::agents::ops::import_test
