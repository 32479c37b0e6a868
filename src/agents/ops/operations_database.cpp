#include "agents/ops/operations_database.hpp"

#include "agents/ops/import.hpp"
#include "agents/ops/schema.hpp"
#include "agents/ops/sqlite_rows.hpp"

#include <sys/stat.h>

namespace skymarshal::agents::ops {
namespace {

/// What agents make use of is bounded; so is what one look-up brings.
constexpr std::int64_t rows_max = 2'000;

}  // namespace

Result<OperationsDatabase> OperationsDatabase::open(const std::filesystem::path& path) {
  const auto file = file_at(path);
  if (!file) return unusable_database("is not there: make it with 'skymarshal ops import'");
  auto database = SqliteDatabase::open(path, {.access = SqliteDatabase::Access::read_only});
  if (!database) return database.error();
  const auto owner = owner_of(*database);
  if (!owner) return owner.error();
  if (*owner != FileOwner::ours) {
    return unusable_database(
        "holds no operations data of this version: make another with 'skymarshal ops import'");
  }
  OperationsDatabase opened(std::move(*database));
  opened.path_ = path;
  opened.file_ = file;
  return opened;
}

std::optional<OperationsDatabase::FileId> OperationsDatabase::file_at(const std::filesystem::path& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return FileId(found.st_dev, found.st_ino);
}

Result<OperationsDatabase> OperationsDatabase::sample() {
  auto database = sample_in_memory();
  if (!database) return database.error();
  return OperationsDatabase(std::move(*database));
}

Result<void> OperationsDatabase::begin_snapshot() {
  if (database_.in_transaction()) return {};
  const auto file = path_.empty() ? file_ : file_at(path_);
  if (file && file != file_) {
    auto other = open(path_);
    if (!other) return other.error();
    *this = *std::move(other);
  }
  return database_.run("BEGIN");
}

Result<void> OperationsDatabase::end_snapshot() {
  if (!database_.in_transaction()) return {};
  return database_.run("COMMIT");
}

Result<std::optional<Airport>> OperationsDatabase::airport(std::string_view iata) {
  SqliteStatement rows = database_.statement("SELECT * FROM airports WHERE iata = ?");
  return load_next<Airport>(rows.bind(iata));
}

Result<std::optional<Operator>> OperationsDatabase::operator_of(std::string_view designator) {
  SqliteStatement rows = database_.statement("SELECT * FROM operators WHERE designator = ?");
  return load_next<Operator>(rows.bind(designator));
}

Result<std::optional<Aircraft>> OperationsDatabase::aircraft(std::string_view registration) {
  SqliteStatement rows = database_.statement("SELECT * FROM fleet WHERE registration = ?");
  return load_next<Aircraft>(rows.bind(registration));
}

Result<std::vector<Flight>> OperationsDatabase::flights(std::string_view number) {
  SqliteStatement rows = database_.statement("SELECT * FROM flights WHERE number = ? ORDER BY date LIMIT ?");
  return load_rows<Flight>(rows.bind(number).bind(rows_max));
}

Result<std::optional<Flight>> OperationsDatabase::flight(std::string_view number, Date date) {
  SqliteStatement rows = database_.statement("SELECT * FROM flights WHERE number = ? AND date = ?");
  return load_next<Flight>(rows.bind(number).bind(days_of(date)));
}

Result<std::vector<Flight>> OperationsDatabase::rotation(std::string_view registration, UtcMinutes from,
                                                         UtcMinutes until) {
  SqliteStatement rows = database_.statement(
      "SELECT * FROM flights WHERE registration = ? AND scheduled_departure >= ? AND scheduled_departure < ? "
      "ORDER BY scheduled_departure, number LIMIT ?");
  rows.bind(registration).bind(minutes_of(from)).bind(minutes_of(until)).bind(rows_max);
  return load_rows<Flight>(rows);
}

Result<std::optional<Flight>> OperationsDatabase::previous_flight(std::string_view registration,
                                                                  UtcMinutes before) {
  SqliteStatement rows = database_.statement(
      "SELECT * FROM flights WHERE registration = ? AND scheduled_departure < ? "
      "ORDER BY scheduled_departure DESC, number LIMIT 1");
  return load_next<Flight>(rows.bind(registration).bind(minutes_of(before)));
}

Result<std::vector<Flight>> OperationsDatabase::flights_between(std::string_view origin,
                                                                std::string_view destination, UtcMinutes from,
                                                                UtcMinutes until) {
  SqliteStatement rows = database_.statement(
      "SELECT * FROM flights WHERE origin = ? AND destination = ? AND scheduled_departure >= ? "
      "AND scheduled_departure < ? ORDER BY scheduled_departure, number LIMIT ?");
  rows.bind(origin).bind(destination).bind(minutes_of(from)).bind(minutes_of(until)).bind(rows_max);
  return load_rows<Flight>(rows);
}

Result<std::vector<Aircraft>> OperationsDatabase::fleet(std::string_view operator_designator) {
  SqliteStatement rows =
      database_.statement("SELECT * FROM fleet WHERE operator = ? ORDER BY registration LIMIT ?");
  return load_rows<Aircraft>(rows.bind(operator_designator).bind(rows_max));
}

Result<std::vector<MaintenanceItem>> OperationsDatabase::maintenance(std::string_view registration) {
  SqliteStatement rows = database_.statement(
      "SELECT * FROM maintenance WHERE registration = ? ORDER BY discovered, reference, rowid LIMIT ?");
  return load_rows<MaintenanceItem>(rows.bind(registration).bind(rows_max));
}

Result<CrewDuty> OperationsDatabase::whole_duty(Duty duty) {
  CrewDuty whole;
  whole.duty = std::move(duty);
  SqliteStatement flight_rows = database_.statement(
      "SELECT f.* FROM duty_flights d JOIN flights f ON f.number = d.flight AND f.date = d.date "
      "WHERE d.duty = ? ORDER BY f.scheduled_departure, f.number LIMIT ?");
  auto flights = load_rows<Flight>(flight_rows.bind(whole.duty.id).bind(rows_max));
  if (!flights) return flights.error();
  whole.flights = std::move(*flights);
  SqliteStatement member_rows = database_.statement(
      "SELECT c.* FROM rosters r JOIN crew c ON c.id = r.crew_member WHERE r.duty = ? "
      "ORDER BY CASE c.rank WHEN 'CPT' THEN 1 WHEN 'FO' THEN 2 WHEN 'SCC' THEN 3 ELSE 4 END, c.id LIMIT ?");
  auto members = load_rows<CrewMember>(member_rows.bind(whole.duty.id).bind(rows_max));
  if (!members) return members.error();
  whole.members = std::move(*members);
  return whole;
}

Result<std::optional<CrewDuty>> OperationsDatabase::duty_of(std::string_view number, Date date) {
  std::optional<Duty> duty;
  {
    SqliteStatement rows = database_.statement(
        "SELECT d.* FROM duty_flights s JOIN duties d ON d.id = s.duty WHERE s.flight = ? AND s.date = ?");
    auto found = load_next<Duty>(rows.bind(number).bind(days_of(date)));
    if (!found) return found.error();
    duty = std::move(*found);
  }
  if (!duty) return std::optional<CrewDuty>();
  auto whole = whole_duty(std::move(*duty));
  if (!whole) return whole.error();
  return std::optional<CrewDuty>(std::move(*whole));
}

Result<std::vector<CrewDuty>> OperationsDatabase::standbys(std::string_view airport, UtcMinutes at) {
  constexpr std::int64_t standbys_max = 16;
  std::vector<Duty> duties;
  {
    SqliteStatement rows = database_.statement(
        "SELECT * FROM duties WHERE kind = 'standby' AND report_airport = ?1 AND report <= ?2 "
        "AND standby_until > ?2 ORDER BY call_out_minutes, id LIMIT ?3");
    auto found = load_rows<Duty>(rows.bind(airport).bind(minutes_of(at)).bind(standbys_max));
    if (!found) return found.error();
    duties = std::move(*found);
  }
  std::vector<CrewDuty> standbys;
  for (Duty& duty : duties) {
    auto whole = whole_duty(std::move(duty));
    if (!whole) return whole.error();
    standbys.push_back(std::move(*whole));
  }
  return standbys;
}

Result<std::vector<Booking>> OperationsDatabase::bookings(std::string_view number, Date date) {
  SqliteStatement rows =
      database_.statement("SELECT * FROM bookings WHERE flight = ? AND date = ? ORDER BY id LIMIT ?");
  return load_rows<Booking>(rows.bind(number).bind(days_of(date)).bind(rows_max));
}

Result<std::int32_t> OperationsDatabase::booked(std::string_view number, Date date) {
  SqliteStatement rows =
      database_.statement("SELECT coalesce(sum(passengers), 0) FROM bookings WHERE flight = ? AND date = ?");
  const Result<bool> stepped = rows.bind(number).bind(days_of(date)).step();
  if (!stepped) return stepped.error();
  return static_cast<std::int32_t>(rows.integer(0));
}

Result<std::vector<Consignment>> OperationsDatabase::cargo(std::string_view number, Date date) {
  SqliteStatement rows =
      database_.statement("SELECT * FROM cargo WHERE flight = ? AND date = ? ORDER BY waybill LIMIT ?");
  return load_rows<Consignment>(rows.bind(number).bind(days_of(date)).bind(rows_max));
}

}  // namespace skymarshal::agents::ops
