// The airline's day as the agents ask for it: indexed look-ups in an SQLite file, made by import_folder().
// Belongs to one thread. Reads only; an import by another process is seen by the next snapshot, and so is
// another file in the place of this one. A file that is gone is read on until there is another.
#pragma once

#include "agents/ops/records.hpp"
#include "base/error.hpp"
#include "base/sqlite_database.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skymarshal::agents::ops {

/// Every look-up fails with Errc::store_unavailable if the file cannot be read; what is not there is no
/// error.
class OperationsDatabase {
 public:
  /// Fails with Errc::store_unavailable if there is no such file, or it holds no operations data of this
  /// version (the message says how to import some).
  static Result<OperationsDatabase> open(const std::filesystem::path& path);

  /// The sample day in memory.
  static Result<OperationsDatabase> sample();

  /// Look-ups between these two see one state of the data. Both are cheap.
  Result<void> begin_snapshot();
  Result<void> end_snapshot();

  Result<std::optional<Airport>> airport(std::string_view iata);
  Result<std::optional<Operator>> operator_of(std::string_view designator);
  Result<std::optional<Aircraft>> aircraft(std::string_view registration);
  /// All dates of a flight number, in order of departure.
  Result<std::vector<Flight>> flights(std::string_view number);
  Result<std::optional<Flight>> flight(std::string_view number, Date date);
  /// The flights of an aircraft that depart at `from` or later and before `until`, in order of departure.
  Result<std::vector<Flight>> rotation(std::string_view registration, UtcMinutes from, UtcMinutes until);
  /// The last flight of an aircraft that departs before `before`.
  Result<std::optional<Flight>> previous_flight(std::string_view registration, UtcMinutes before);
  /// Flights between two airports that depart in [from, until), in order of departure.
  Result<std::vector<Flight>> flights_between(std::string_view origin, std::string_view destination,
                                              UtcMinutes from, UtcMinutes until);
  /// Aircraft of an operator, by registration.
  Result<std::vector<Aircraft>> fleet(std::string_view operator_designator);
  Result<std::vector<MaintenanceItem>> maintenance(std::string_view registration);
  /// The duty that serves a flight, with its flights and members.
  Result<std::optional<CrewDuty>> duty_of(std::string_view number, Date date);
  /// Standby duties at an airport that are available at `at`, by call-out time.
  Result<std::vector<CrewDuty>> standbys(std::string_view airport, UtcMinutes at);
  Result<std::vector<Booking>> bookings(std::string_view number, Date date);
  /// Seats booked on a flight.
  Result<std::int32_t> booked(std::string_view number, Date date);
  Result<std::vector<Consignment>> cargo(std::string_view number, Date date);

 private:
  /// The device and the number of a file, whatever its name.
  using FileId = std::pair<std::uint64_t, std::uint64_t>;

  explicit OperationsDatabase(SqliteDatabase database) : database_(std::move(database)) {}

  static std::optional<FileId> file_at(const std::filesystem::path& path);

  Result<CrewDuty> whole_duty(Duty duty);

  SqliteDatabase database_;
  /// Empty: in memory.
  std::filesystem::path path_;
  std::optional<FileId> file_;
};

}  // namespace skymarshal::agents::ops
