#include "scenarios/scenario.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include <boost/json/parse.hpp>

namespace skymarshal::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A misspelt member would expect nothing, and the scenario would pass without testing anything.
void refuse_unknown(const json::object& object, const std::set<std::string_view>& known,
                    const fs::path& file) {
  for (const auto& member : object) {
    if (!known.contains(std::string_view(member.key()))) {
      throw std::runtime_error(file.filename().string() + ": \"" + std::string(member.key()) +
                               "\" means nothing");
    }
  }
}

bool contains_one_of(const std::string& line, const json::value* texts) {
  if (texts == nullptr) return false;
  return std::any_of(texts->as_array().begin(), texts->as_array().end(), [&](const json::value& text) {
    return line.find(std::string_view(text.as_string())) != std::string::npos;
  });
}

const json::value* member_of(const json::object& object, std::string_view section, std::string_view name) {
  const json::value* found = object.if_contains(section);
  return found != nullptr ? found->as_object().if_contains(name) : nullptr;
}

}  // namespace

Scenario read_scenario(const fs::path& file) {
  const json::object root = json::parse(read_file(file)).as_object();
  refuse_unknown(root, {"title", "prompts", "database", "expect"}, file);
  Scenario scenario;
  scenario.name = file.stem().string();
  for (const json::value& prompt : root.at("prompts").as_array()) {
    // A prompt may be given in pieces with a number of times to repeat them: long noise stays readable.
    if (prompt.is_string()) {
      scenario.prompts.emplace_back(prompt.as_string());
      continue;
    }
    std::string text;
    for (const json::value& piece : prompt.as_array()) {
      const json::object& part = piece.as_object();
      for (std::int64_t i = 0; i < part.at("times").as_int64(); ++i) text += part.at("text").as_string();
    }
    scenario.prompts.push_back(std::move(text));
  }
  scenario.database = root.at("database").as_object();
  refuse_unknown(scenario.database, {"base", "remove", "add"}, file);
  scenario.expect = root.at("expect").as_object();
  refuse_unknown(scenario.expect,
                 {"facts", "absent", "contradictory", "final_decision", "verdicts", "constraints", "says",
                  "options", "barred", "notes", "missing", "titles"},
                 file);
  return scenario;
}

std::vector<fs::path> scenario_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(SKYMARSHAL_SOURCE_DIR) / "tests" / "scenarios")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool write_day(const Scenario& scenario, const fs::path& folder) {
  const std::string base(scenario.database.at("base").as_string());
  if (base == "none") return false;
  for (const auto& entry : fs::directory_iterator(fs::path(SKYMARSHAL_SOURCE_DIR) / "data" / "sample")) {
    if (entry.path().extension() != ".csv") continue;
    const std::string name = entry.path().filename().string();
    const json::value* removed = member_of(scenario.database, "remove", name);
    std::ifstream in(entry.path());
    std::ofstream out(folder / name);
    std::string line;
    for (bool header = true; std::getline(in, line); header = false) {
      if (header || (base == "sample" && !contains_one_of(line, removed))) out << line << '\n';
    }
    if (const json::value* added = member_of(scenario.database, "add", name)) {
      for (const json::value& row : added->as_array()) out << std::string_view(row.as_string()) << '\n';
    }
  }
  return true;
}

}  // namespace skymarshal::test
