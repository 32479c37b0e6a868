#include "agents/ops/schema.hpp"

#include <fmt/format.h>

namespace skymarshal::agents::ops {
namespace {

// Columns stand in the order of tables.hpp. Each table is clustered by the key that agents ask for.
constexpr const char* tables = R"sql(
DROP TABLE IF EXISTS cargo;
DROP TABLE IF EXISTS bookings;
DROP TABLE IF EXISTS maintenance;
DROP TABLE IF EXISTS rosters;
DROP TABLE IF EXISTS duty_flights;
DROP TABLE IF EXISTS duties;
DROP TABLE IF EXISTS crew;
DROP TABLE IF EXISTS flights;
DROP TABLE IF EXISTS fleet;
DROP TABLE IF EXISTS operators;
DROP TABLE IF EXISTS airports;

CREATE TABLE airports (
  iata TEXT PRIMARY KEY, icao TEXT NOT NULL, city TEXT NOT NULL, country TEXT NOT NULL,
  time_zone TEXT NOT NULL, latitude_deg REAL NOT NULL, longitude_deg REAL NOT NULL,
  curfew_begin INTEGER, curfew_end INTEGER, night_quota_left INTEGER, connecting_minutes_min INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE operators (
  designator TEXT PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, duty_regime TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE fleet (
  registration TEXT PRIMARY KEY, type TEXT NOT NULL, operator TEXT NOT NULL,
  seats_first INTEGER NOT NULL, seats_business INTEGER NOT NULL, seats_economy INTEGER NOT NULL,
  cargo_kg_max INTEGER NOT NULL, etops_minutes INTEGER NOT NULL, rest_facility INTEGER NOT NULL,
  turnaround_minutes_min INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX fleet_of_operator ON fleet (operator, registration);

CREATE TABLE flights (
  number TEXT NOT NULL, date INTEGER NOT NULL, origin TEXT NOT NULL, destination TEXT NOT NULL,
  scheduled_departure INTEGER NOT NULL, scheduled_arrival INTEGER NOT NULL, registration TEXT NOT NULL,
  slot_latest INTEGER, overflight_until INTEGER,
  PRIMARY KEY (number, date)
) STRICT, WITHOUT ROWID;
CREATE INDEX rotation ON flights (registration, scheduled_departure);
CREATE INDEX flights_of_route ON flights (origin, destination, scheduled_departure);

CREATE TABLE crew (
  id TEXT PRIMARY KEY, rank TEXT NOT NULL, base TEXT NOT NULL, types TEXT NOT NULL,
  duty_7_days INTEGER NOT NULL, duty_14_days INTEGER NOT NULL, duty_28_days INTEGER NOT NULL,
  flight_28_days INTEGER NOT NULL, flight_calendar_year INTEGER NOT NULL, flight_12_months INTEGER NOT NULL,
  previous_duty INTEGER NOT NULL, previous_duty_end INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE duties (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, report_airport TEXT NOT NULL, report INTEGER NOT NULL,
  standby_until INTEGER, call_out_minutes INTEGER NOT NULL, acclimatised_to TEXT NOT NULL,
  split_break_minutes INTEGER NOT NULL, planned_extension INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX standbys ON duties (report_airport, report) WHERE kind = 'standby';

CREATE TABLE duty_flights (
  duty TEXT NOT NULL, flight TEXT NOT NULL, date INTEGER NOT NULL,
  PRIMARY KEY (flight, date)
) STRICT, WITHOUT ROWID;
CREATE INDEX flights_of_duty ON duty_flights (duty);

CREATE TABLE rosters (
  duty TEXT NOT NULL, crew_member TEXT NOT NULL,
  PRIMARY KEY (duty, crew_member)
) STRICT, WITHOUT ROWID;

CREATE TABLE maintenance (
  registration TEXT NOT NULL, reference TEXT NOT NULL, ata_chapter INTEGER NOT NULL,
  description TEXT NOT NULL, mel_category INTEGER NOT NULL, discovered INTEGER NOT NULL,
  interval_days INTEGER NOT NULL, conditions TEXT NOT NULL, bars_etops INTEGER NOT NULL,
  repair_minutes INTEGER NOT NULL, grounding INTEGER NOT NULL
) STRICT;
CREATE INDEX maintenance_of_aircraft ON maintenance (registration);

CREATE TABLE bookings (
  id TEXT PRIMARY KEY, flight TEXT NOT NULL, date INTEGER NOT NULL, cabin TEXT NOT NULL,
  passengers INTEGER NOT NULL, special_need TEXT NOT NULL, onward_flight TEXT NOT NULL,
  onward_date INTEGER, final_destination TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX bookings_of_flight ON bookings (flight, date, passengers);

CREATE TABLE cargo (
  waybill TEXT NOT NULL, flight TEXT NOT NULL, date INTEGER NOT NULL, kind TEXT NOT NULL,
  weight_kg INTEGER NOT NULL, celsius_min INTEGER, celsius_max INTEGER, good_until INTEGER,
  un_number TEXT NOT NULL, hazard_class TEXT NOT NULL, cargo_aircraft_only INTEGER NOT NULL,
  for_registration TEXT NOT NULL,
  PRIMARY KEY (flight, date, waybill)
) STRICT, WITHOUT ROWID;

PRAGMA application_id = 0x534B594F;
PRAGMA user_version = 1;
)sql";

}  // namespace

Result<FileOwner> owner_of(SqliteDatabase& database) {
  const auto id = database.number("PRAGMA application_id");
  if (!id) return id.error();
  const auto version = database.number("PRAGMA user_version");
  if (!version) return version.error();
  const auto objects = database.number("SELECT count(*) FROM sqlite_schema");
  if (!objects) return objects.error();
  if (*id == 0 && *objects == 0) return FileOwner::nobody;
  if (*id != application_id) return FileOwner::another_program;
  if (*version > schema_version) return FileOwner::newer_version;
  return *version < schema_version ? FileOwner::older_version : FileOwner::ours;
}

Result<void> renew_tables(SqliteDatabase& database) { return database.execute(tables); }

Error unusable_database(std::string_view problem) {
  return make_error(Errc::store_unavailable, fmt::format("the operations database {}", problem));
}

}  // namespace skymarshal::agents::ops
