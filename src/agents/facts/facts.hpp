// What is known of one disruption: facts, each with the words that state it, as a session collects them.
// Plain values. A fact that nobody stated is absent; one that was stated in two ways at once is
// contradictory.
#pragma once

#include "agents/reference/calendar.hpp"
#include "base/json_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skymarshal::agents::facts {

/// A piece of a prompt: `text` stands at byte `offset` of the prompt of turn `turn` (the first turn is 1).
struct Words {
  std::string text;
  std::size_t offset = 0;
  std::int32_t turn = 1;

  bool operator==(const Words&) const = default;
};

template <typename T>
struct Fact {
  T value;
  Words words;

  bool operator==(const Fact&) const = default;
};

/// "2 to 3 hours" is 120 to 180; "3 hours" is 180 to 180. Safety and duties reckon with the most.
struct Delay {
  std::int32_t least_minutes = 0;
  std::int32_t most_minutes = 0;

  bool operator==(const Delay&) const = default;
};

enum class FlightPhase { before_departure, in_flight, diverted };
std::string_view name_of(FlightPhase phase);

enum class CauseKind {
  technical,
  weather,
  crew,
  atc,
  airport_closure,
  security,
  medical,
  bird_strike,
  strike,
};
std::string_view name_of(CauseKind kind);

struct Cause {
  CauseKind kind = CauseKind::technical;
  /// For technical causes the system ("hydraulic"), for weather the phenomenon; may be empty. Constant text.
  std::string_view detail = {};
  /// ATA iSpec 2200 chapter of the system, or 0.
  std::int32_t ata_chapter = 0;
  /// IATA code of where weather or a closure is ("fog at Frankfurt"); empty if that is not stated.
  std::string place = {};

  bool operator==(const Cause&) const = default;
};

/// A time of day, local at the place it is about unless it was given in a zone.
struct TimeOfDay {
  /// 0 to 1439.
  std::int32_t minute = 0;
  /// Minutes ahead of UTC of the zone it was given in ("0830Z", "14:00 CET", "09:00 UTC+4"); nullopt: local.
  std::optional<std::int32_t> utc_offset_minutes = {};
  /// "+1", "next day".
  std::int32_t days_later = 0;

  bool operator==(const TimeOfDay&) const = default;
};

enum class MaintenanceState { released, grounded };
std::string_view name_of(MaintenanceState state);

enum class CargoKind { none, general, dangerous_goods, pharma, perishables, live_animals, aog_parts };
std::string_view name_of(CargoKind kind);

enum class SpecialNeed {
  wheelchair,
  stretcher,
  unaccompanied_minor,
  medical,
  infant,
  sensory,
  deportee,
  vip
};
std::string_view name_of(SpecialNeed need);

struct SpecialPassengers {
  SpecialNeed need = SpecialNeed::wheelchair;
  /// 0: stated without a number.
  std::int32_t count = 0;

  bool operator==(const SpecialPassengers&) const = default;
};

enum class Cabin { first, business, premium_economy, economy };
std::string_view name_of(Cabin cabin);

struct CabinCount {
  Cabin cabin = Cabin::economy;
  std::int32_t passengers = 0;

  bool operator==(const CabinCount&) const = default;
};

/// Degrees Celsius, as labelled: "2-8 °C", "15 to 25C", "-20".
struct TemperatureRange {
  std::int32_t least_celsius = 0;
  std::int32_t most_celsius = 0;

  bool operator==(const TemperatureRange&) const = default;
};

/// The name under which two different numbers of one kind are contradictory: "business passengers".
std::string contradiction_name(const CabinCount& cabin);
std::string contradiction_name(const SpecialPassengers& passengers);

/// Class of the in-flight rest facility, CS FTL.1.205(c) and 14 CFR 117.3: 1 is the best.
enum class RestFacility { class_1 = 1, class_2 = 2, class_3 = 3 };

/// One fact stated in different ways within one prompt. The fact itself is then absent.
struct Contradiction {
  std::string fact;
  std::vector<Words> statements;

  bool operator==(const Contradiction&) const = default;
};

struct Facts {
  /// At most this many values of a fact that may have several (causes, other flights, cargo, contradictions).
  static constexpr std::size_t several_max = 8;

  template <typename T>
  using Maybe = std::optional<Fact<T>>;

  Maybe<std::string> flight;
  std::vector<Fact<std::string>> other_flights;
  /// IATA codes; not every code that was stated is in the table of airports.
  Maybe<std::string> origin;
  Maybe<std::string> destination;
  Maybe<std::string> diversion_airport;
  Maybe<std::string> registration;
  /// The aircraft that a swap would bring in.
  Maybe<std::string> replacement_registration;
  Maybe<std::string> aircraft_type;
  /// The type that a swap would bring in, where it is stated.
  Maybe<std::string> replacement_type;
  Maybe<FlightPhase> phase;
  /// The date of departure, local at the origin.
  Maybe<reference::Date> date;
  std::vector<Fact<Cause>> causes;
  Maybe<Delay> delay;
  Maybe<std::int32_t> passengers;
  Maybe<std::int32_t> connecting_passengers;
  /// Minutes that the connecting passengers have by the timetable.
  Maybe<std::int32_t> connection_minutes;
  std::vector<Fact<CabinCount>> cabins;
  std::vector<Fact<SpecialPassengers>> special_passengers;
  Maybe<TimeOfDay> scheduled_departure;
  Maybe<TimeOfDay> scheduled_arrival;
  /// "new ETD 14:30".
  Maybe<TimeOfDay> estimated_departure;
  Maybe<TimeOfDay> estimated_arrival;
  /// "repair takes 2 to 3 hours", "estimated back in service in 90 minutes".
  Maybe<Delay> repair_minutes;
  Maybe<TimeOfDay> crew_report;
  Maybe<std::int32_t> sectors;
  Maybe<std::int32_t> pilots;
  Maybe<std::int32_t> cabin_crew;
  Maybe<RestFacility> rest_facility;
  /// The break on the ground of a split duty (ORO.FTL.220).
  Maybe<std::int32_t> split_duty_break_minutes;
  /// Rest before this duty.
  Maybe<std::int32_t> rest_minutes;
  Maybe<std::int32_t> planned_fdp_minutes;
  Maybe<std::int32_t> crew_on_duty_minutes;
  Maybe<bool> augmented_crew;
  Maybe<char> mel_category;
  Maybe<std::int32_t> mel_open_days;
  /// "MEL 29-11-01".
  Maybe<std::string> mel_reference;
  Maybe<MaintenanceState> maintenance_state;
  std::vector<Fact<CargoKind>> cargo;
  Maybe<TemperatureRange> cargo_temperature;
  /// How much longer, or in all, the cargo may be on the way: "max 24 hours transit", "8 h of dry ice left".
  Maybe<std::int32_t> cargo_hold_minutes;
  /// UN numbers of dangerous goods: "UN3480".
  std::vector<Fact<std::string>> un_numbers;
  std::vector<Contradiction> contradictions;
  /// How many prompts these facts come from.
  std::int32_t turns = 0;

  const Cause* cause_of(CauseKind kind) const;
  bool contradicts(std::string_view fact) const;
  bool operator==(const Facts&) const = default;
};

/// `earlier` and then `newer`: newer words win, a newer contradiction removes what was known. A newer prompt
/// about another flight starts afresh, so that facts of two flights never mix.
Facts merge_facts(Facts earlier, Facts newer);

/// A JSON array of {"name", "value", "words", "offset", "turn"}, in a fixed order.
void write_facts(JsonWriter& json, const Facts& facts);

/// "3 h", "2 h 30 min", "45 min".
std::string duration_text(std::int32_t minutes);
/// "3 h", or "2 h to 3 h".
std::string delay_text(const Delay& delay);
/// "06:05", "06:05 UTC", "06:05 UTC+5:30", "06:05 (+1)".
std::string time_text(const TimeOfDay& time);
/// "technical (hydraulic, ATA 29)".
std::string cause_text(const Cause& cause);

}  // namespace skymarshal::agents::facts
