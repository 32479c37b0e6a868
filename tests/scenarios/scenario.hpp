// One scenario file: what is asked, of which airline's day, and what must come out. See README.md beside it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

namespace skymarshal::test {

struct Scenario {
  /// The file's name without its ending.
  std::string name;
  std::vector<std::string> prompts;
  boost::json::object database;
  boost::json::object expect;
};

/// Throws std::runtime_error that names the file if it cannot be read or has members that mean nothing.
Scenario read_scenario(const std::filesystem::path& file);

/// The scenario files of the project, by name.
std::vector<std::filesystem::path> scenario_files();

/// Writes the scenario's day as CSV files into `folder`; false if it has none ("base": "none").
/// The day is that of data/sample, with the rows of "remove" (lines that contain one of the texts) taken out
/// and those of "add" put in; with "base": "empty" only the rows of "add" are there.
bool write_day(const Scenario& scenario, const std::filesystem::path& folder);

}  // namespace skymarshal::test
