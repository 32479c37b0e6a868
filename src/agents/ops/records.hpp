// What an airline knows of its day, as rows: airports, fleet, flights, crews, maintenance, bookings, cargo.
// Plain values with the units of docs/agents.md; one struct a CSV file and a table. Times are UTC.
#pragma once

#include "agents/reference/calendar.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace skymarshal::agents::ops {

using reference::Date;
using reference::LocalMinutes;
using reference::UtcMinutes;

/// airports.csv
struct Airport {
  /// IATA and ICAO codes.
  std::string iata;
  std::string icao;
  std::string city;
  /// ISO 3166-1 alpha-2.
  std::string country;
  /// IANA name.
  std::string time_zone;
  double latitude_deg = 0;
  double longitude_deg = 0;
  /// Local minutes of the day, from `begin` to before `end`, over midnight if begin > end; both or none.
  std::optional<std::int32_t> curfew_begin_minute = {};
  std::optional<std::int32_t> curfew_end_minute = {};
  /// Movements that are left in tonight's quota, where the airport has one.
  std::optional<std::int32_t> night_quota_left = {};
  /// Minimum connecting time between two flights here, minutes.
  std::optional<std::int32_t> connecting_minutes_min = {};
};

/// operators.csv: what binds an airline beyond what its state tells.
struct Operator {
  /// IATA designator.
  std::string designator;
  std::string name;
  /// State of the operating licence, ISO 3166-1 alpha-2.
  std::string country;
  /// "easa" or "faa117": whose flight time limitations its approved scheme follows.
  std::string duty_regime;
};

/// fleet.csv
struct Aircraft {
  std::string registration;
  /// ICAO Doc 8643 designator.
  std::string type;
  std::string operator_designator;
  std::int32_t seats_first = 0;
  std::int32_t seats_business = 0;
  std::int32_t seats_economy = 0;
  std::int32_t cargo_kg_max = 0;
  /// Approved diversion time, minutes; 0: none.
  std::int32_t etops_minutes = 0;
  /// Class of its crew rest facility, 1 to 3; 0: none.
  std::int32_t rest_facility = 0;
  /// Minimum time on the ground between two flights, minutes.
  std::int32_t turnaround_minutes_min = 0;

  std::int32_t seats() const { return seats_first + seats_business + seats_economy; }
};

/// flights.csv
struct Flight {
  /// "EY283" and the local date of departure at the origin name a flight.
  std::string number;
  Date date;
  std::string origin;
  std::string destination;
  UtcMinutes scheduled_departure;
  UtcMinutes scheduled_arrival;
  /// The aircraft that is planned; its flights in order of departure are its rotation.
  std::string registration;
  /// Slots and overflight permissions, where there are any: the flight may not leave after these.
  std::optional<UtcMinutes> slot_latest = {};
  std::optional<UtcMinutes> overflight_until = {};
};

/// crew.csv: a crew member, with what the rosters say at the beginning of the day. Minutes.
struct CrewMember {
  std::string id;
  /// "CPT", "FO", "SCC", "CC".
  std::string rank;
  /// IATA code of the home base.
  std::string base;
  /// ICAO designators of the types that this member may operate, in one text: "B789 B788".
  std::string types;
  std::int32_t duty_7_days = 0;
  std::int32_t duty_14_days = 0;
  std::int32_t duty_28_days = 0;
  std::int32_t flight_28_days = 0;
  std::int32_t flight_calendar_year = 0;
  std::int32_t flight_12_months = 0;
  /// Minutes of the preceding duty, and its end.
  std::int32_t previous_duty = 0;
  std::optional<UtcMinutes> previous_duty_end = {};
};

/// duties.csv: a duty of a crew, or a standby.
struct Duty {
  std::string id;
  /// "flight" or "standby".
  std::string kind;
  std::string report_airport;
  /// Start of duty; for a standby the start of availability.
  UtcMinutes report;
  /// Standby: end of availability.
  std::optional<UtcMinutes> standby_until = {};
  /// Standby: from the call to reporting, minutes.
  std::int32_t call_out_minutes = 0;
  /// Airport whose local time the crew is acclimatised to; empty: not acclimatised to any that is known.
  std::string acclimatised_to;
  /// Split duty: the break on the ground, minutes; 0: none.
  std::int32_t split_break_minutes = 0;
  /// An extension of the daily limit was planned in advance (ORO.FTL.205(d)).
  bool planned_extension = false;
};

/// duty_flights.csv: which flights a duty consists of, in order of departure.
struct DutyFlight {
  std::string duty;
  std::string flight;
  Date date;
};

/// rosters.csv: who serves a duty.
struct Roster {
  std::string duty;
  std::string crew_member;
};

/// A duty with everything that belongs to it.
struct CrewDuty {
  Duty duty;
  /// In order of departure.
  std::vector<Flight> flights;
  std::vector<CrewMember> members;

  /// Members of rank CPT or FO.
  std::int32_t pilots() const;
};

/// maintenance.csv: an open item of an aircraft.
struct MaintenanceItem {
  std::string registration;
  /// MEL reference ("29-11-01"), or empty for a defect that is not deferred.
  std::string reference;
  /// ATA chapter.
  std::int32_t ata_chapter = 0;
  std::string description;
  /// 'A' to 'D', or 0 where the item is not deferred.
  char mel_category = 0;
  Date discovered;
  /// Category A: calendar days that the MEL states; 0 otherwise.
  std::int32_t interval_days = 0;
  /// Dispatch under the MEL needs operational or maintenance procedures, or has limits: in words, or empty.
  std::string conditions;
  /// The item bars ETOPS flights.
  bool bars_etops = false;
  /// Estimated work to close it, minutes; 0: not known.
  std::int32_t repair_minutes = 0;
  /// The aircraft may not fly with it.
  bool grounding = false;
};

/// bookings.csv: passengers who travel together on a flight.
struct Booking {
  std::string id;
  std::string flight;
  Date date;
  /// "first", "business", "economy".
  std::string cabin;
  std::int32_t passengers = 0;
  /// Wheelchair, stretcher, unaccompanied_minor, medical, … or empty.
  std::string special_need;
  /// The next flight of the journey, if there is one.
  std::string onward_flight;
  std::optional<Date> onward_date = {};
  /// IATA code of the end of the journey.
  std::string final_destination;
};

/// cargo.csv: a consignment on a flight.
struct Consignment {
  /// Air waybill number.
  std::string waybill;
  std::string flight;
  Date date;
  /// "general", "pharma", "perishables", "live_animals", "dangerous_goods", "aog_parts".
  std::string kind;
  std::int32_t weight_kg = 0;
  std::optional<std::int32_t> celsius_min = {};
  std::optional<std::int32_t> celsius_max = {};
  /// Until when packaging or species allow it to be on the way.
  std::optional<UtcMinutes> good_until = {};
  /// Dangerous goods: UN number ("UN3480") and hazard class; may only travel on cargo aircraft.
  std::string un_number;
  std::string hazard_class;
  bool cargo_aircraft_only = false;
  /// AOG parts: the aircraft that waits for them.
  std::string for_registration;
};

}  // namespace skymarshal::agents::ops
