// What single words mean to the prompt readers, in English, German, French, Spanish and a little Arabic.
// Constant data, one table a language (words_*.hpp); safe from any thread. A word may have several meanings.
// Words are spelled as PromptTokens folds them: small letters, without accents.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace skymarshal::agents::facts {

/// The part a word plays in a sentence of an operations controller. Where a comment says so, a value goes
/// with it.
enum class Term : std::uint8_t {
  /// "three": 3.
  number,
  /// "a", "an": one of what follows.
  one_of,
  half,
  hour,
  minute,
  day,
  /// "June": 6.
  month,
  negation,
  /// Small words that may stand between a label and its value.
  filler,
  conjunction,
  /// "2 to 3", "2 or 3".
  range,
  between,
  from,
  to,
  via,
  /// "of", also between an airline and its flight.
  of,

  flight,
  rebook,
  connecting,
  passenger,
  /// Cabin.
  cabin,
  /// SpecialNeed.
  special_need,
  adjective_of_passengers,

  /// Value 1: stands after its duration only ("late").
  delay,
  postponed,
  until,
  departure,
  arrival,
  scheduled,
  estimated,
  /// "STD", "STA", "ETD", "ETA".
  scheduled_departure,
  scheduled_arrival,
  estimated_departure,
  estimated_arrival,
  report,
  /// Minutes ahead of UTC.
  zone,
  /// An abbreviation of several zones ("IST").
  ambiguous_zone,
  local_time,

  crew,
  pilot,
  cabin_crew,
  sick,
  sector,
  augmented,
  rest,
  duty,

  failure,
  technical,
  /// Index of `systems`.
  system,
  /// Index of `phenomena`.
  weather,
  /// "low", "volcanic": first words of phenomena of two words.
  visibility,
  /// Value 1: only with a word for traffic or air beside it.
  atc,
  airport,
  closed,
  /// Value 1: says by itself that something happened.
  security,
  threat,
  medical,
  emergency,
  bird,
  /// Both the blow of a bird and the walkout.
  strike,
  impact,
  bird_strike,
  labour_strike,
  diverted,
  airborne,
  on_ground,
  repair,
  mel,
  mel_open,
  category,
  grounded,
  swap,
  /// CargoKind.
  cargo,
  cargo_in_general,
  cargo_limit,
  temperature,
};

struct WordMeaning {
  std::string_view word;
  Term term;
  std::int32_t value = 0;
};

/// The meanings of a folded word, neighbours in one table; empty for words that mean nothing here.
std::span<const WordMeaning> meanings_of(std::string_view folded_word);

/// A system of the aircraft, as answers call it, and its chapter of ATA iSpec 2200 (0: several).
struct System {
  std::string_view name;
  std::int32_t ata_chapter;
};
inline constexpr System systems[] = {
    {"hydraulic", 29},      {"engine", 72},
    {"avionics", 0},        {"electrical", 24},
    {"brakes", 32},         {"tyres", 32},
    {"landing gear", 32},   {"flight controls", 27},
    {"fuel", 28},           {"APU", 49},
    {"pneumatic", 36},      {"air conditioning", 21},
    {"pressurisation", 21}, {"doors", 52},
    {"navigation", 34},     {"weather radar", 34},
    {"communications", 23}, {"oxygen", 35},
    {"windows", 56},        {"water and waste", 38},
    {"ice protection", 30}, {"fire protection", 26},
    {"autopilot", 22},      {"airframe", 0},
    {"cabin", 25},
};
/// Places in `systems`, for the tables of words.
enum class SystemIndex : std::int32_t {
  hydraulic,
  engine,
  avionics,
  electrical,
  brakes,
  tyres,
  landing_gear,
  flight_controls,
  fuel,
  apu,
  pneumatic,
  air_conditioning,
  pressurisation,
  doors,
  navigation,
  weather_radar,
  communications,
  oxygen,
  windows,
  water_and_waste,
  ice_protection,
  fire_protection,
  autopilot,
  airframe,
  cabin_equipment,
};

inline constexpr std::string_view phenomena[] = {
    "",
    "thunderstorm",
    "storm",
    "fog",
    "snow",
    "typhoon",
    "hurricane",
    "cyclone",
    "icing",
    "sandstorm",
    "wind",
    "lightning strike",
    "low visibility",
    "volcanic ash",
    "ice",
    "rain",
    "hail",
    "turbulence",
};
/// Places in `phenomena`, for the tables of words.
enum class PhenomenonIndex : std::int32_t {
  weather_in_general,
  thunderstorm,
  storm,
  fog,
  snow,
  typhoon,
  hurricane,
  cyclone,
  icing,
  sandstorm,
  wind,
  lightning,
  low_visibility,
  volcanic_ash,
  ice,
  rain,
  hail,
  turbulence,
};

}  // namespace skymarshal::agents::facts
