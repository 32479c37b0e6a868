#include "agents/ops/cells.hpp"
#include "cli/commands.hpp"
#include "cli/ops_text.hpp"
#include "cli/terminal.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

/// The value of the setting that stands for the built-in sample day.
constexpr std::string_view sample_day = "sample";

ExitCode refuse_ops(std::string_view message, ExitCode code) {
  print_error(std::string(message));
  return code;
}

ExitCode exit_code_for(const Error& error) {
  return error.code == Errc::invalid_request ? ExitCode::usage : ExitCode::failed;
}

/// Where the setting says that the data are; nowhere is an error here.
Result<std::string> database_named(const SettingArguments& arguments, const Environment& environment) {
  const auto loaded = read_settings(arguments, environment, settings::used_by_ops);
  if (!loaded) return loaded.error();
  if (loaded->values.get<"ops_database">().empty()) {
    return make_error(
        Errc::invalid_request,
        "no operations database is named: give --ops-database FILE, or SKYMARSHAL_OPS_DATABASE");
  }
  return loaded->values.get<"ops_database">();
}

/// "ey 283" is EY283.
std::string flight_number_of(std::string_view text) {
  std::string number;
  for (const char c : text) {
    if (c == ' ') continue;
    number += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return number;
}

/// All of them, or the first and the last of many.
std::string dates_text(const std::vector<agents::ops::Flight>& flights) {
  constexpr std::size_t dates_max = 14;
  if (flights.size() > dates_max) {
    return fmt::format("{} dates from {} to {}", flights.size(),
                       agents::reference::date_text(flights.front().date),
                       agents::reference::date_text(flights.back().date));
  }
  std::string dates;
  for (const agents::ops::Flight& flight : flights)
    dates += (dates.empty() ? "" : ", ") + agents::reference::date_text(flight.date);
  return dates;
}

Result<agents::ops::Flight> find_flight(agents::ops::OperationsDatabase& database,
                                        const OpsShowCommand& command) {
  const std::string number = flight_number_of(command.flight);
  if (!agents::ops::is_flight_number(number))
    return make_error(Errc::invalid_request,
                      fmt::format("'{}' is no flight number such as EY283", command.flight));
  if (!command.date.empty() && !agents::reference::parse_date(command.date))
    return make_error(Errc::invalid_request, fmt::format("'{}' is no date such as 2026-06-15", command.date));
  auto found = database.flights(number);
  if (!found) return found.error();
  std::vector<agents::ops::Flight>& flights = *found;
  const std::string dates = dates_text(flights);
  if (!command.date.empty())
    std::erase_if(flights, [&](const agents::ops::Flight& flight) {
      return agents::reference::date_text(flight.date) != command.date;
    });
  if (flights.size() == 1) return std::move(flights.front());
  if (dates.empty())
    return make_error(Errc::not_found, fmt::format("{} is not in the operations database", number));
  if (flights.empty())
    return make_error(Errc::not_found, fmt::format("{} of {} is not in the operations database; it has {}",
                                                   number, command.date, dates));
  return make_error(Errc::invalid_request,
                    fmt::format("{} flies on several days, name one with --date: {}", number, dates));
}

Result<FlightView> look_up(const OpsShowCommand& command, const std::string& path) {
  auto database = path == sample_day ? agents::ops::OperationsDatabase::sample()
                                     : agents::ops::OperationsDatabase::open(path);
  if (!database) return database.error();
  if (auto begun = database->begin_snapshot(); !begun) return begun.error();
  auto flight = find_flight(*database, command);
  if (!flight) return flight.error();
  return collect_flight(*database, std::move(*flight));
}

}  // namespace

ExitCode run_ops_import(const OpsImportCommand& command, const Environment& environment) {
  const auto path = database_named(command.settings, environment);
  if (!path) return refuse_ops(path.error().message, ExitCode::usage);
  if (*path == sample_day) {
    return refuse_ops("the sample day is built in and takes no import: name a file with --ops-database",
                      ExitCode::usage);
  }
  const auto report =
      command.sample ? agents::ops::import_sample(*path) : agents::ops::import_folder(command.folder, *path);
  if (!report) return refuse_ops(report.error().message, exit_code_for(report.error()));
  fmt::print("{}imported into {}\n", import_text(*report), *path);
  return ExitCode::done;
}

ExitCode run_ops_show(const OpsShowCommand& command, const Environment& environment) {
  const auto path = database_named(command.settings, environment);
  if (!path) return refuse_ops(path.error().message, ExitCode::usage);
  const auto view = look_up(command, *path);
  if (!view) return refuse_ops(view.error().message, exit_code_for(view.error()));
  fmt::print("{}", command.json ? flight_json(*view) + "\n" : flight_text(*view, Terminal().width));
  return ExitCode::done;
}

}  // namespace skymarshal::cli
