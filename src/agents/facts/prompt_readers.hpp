// The readers of a prompt, by what they read; each is in the file of its name (read_cargo: prompt_cargo.cpp).
// read_facts() (prompt_facts.hpp) calls them one after the other on one FactCollector.
// Pure and linear in the prompt's length. No guesses: what could mean two things is left out.
#pragma once

#include "agents/facts/fact_collector.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace skymarshal::agents::facts {

// prompt_flight.cpp: codes that could be ordinary words count only where their neighbours say so.

/// The first flight is the one in trouble, further ones are other flights. A clause whose subject is another
/// flight is set aside, up to the end of its sentence. Must run before the other readers.
void read_flight_numbers(FactCollector& collector);
/// True if token `i` follows words of connecting or rebooking in its clause: what it names is where
/// passengers go, not the flight in trouble.
bool is_about_connection(const PromptTokens& tokens, std::size_t i);

// prompt_places.cpp: origin, destination and diversion, by codes and by names of cities and airports. A city
// with several airports is left out, and so are codes that could be words.

void read_airports(FactCollector& collector);
/// IATA code of the known airport that is named at token `i` ("FRA", "Frankfurt"); empty if none is.
std::string airport_at(const PromptTokens& tokens, std::size_t i);
/// The same of a name that ends just before token `i`.
std::string airport_before(const PromptTokens& tokens, std::size_t i);

// prompt_aircraft.cpp: registrations and types, and which of them a swap would bring in. Marks of letters
// alone count only in capitals; "787" alone may count anything.

void read_aircraft(FactCollector& collector);
/// The type that the one word at `i` names ("A320", "B789"), as answers write it; empty if it names none.
std::string type_designation(const PromptTokens& tokens, std::size_t i);

// prompt_dates.cpp: the date of departure. It counts only with its year: "15 June 2026", "15JUN26",
// "2026-06-15", "15.06.2026". "05/06/2026" may be in May or June and is left out.

void read_date(FactCollector& collector);

// prompt_times.cpp: times of day. One counts only behind its label ("STD", "new ETA", "delayed until", "crew
// reports at"); one in a zone whose abbreviation means several zones is left out.

/// A time of day in words: "08:30", "0830Z", "8:30 pm", "14h30", "14:00 UTC+4", "06:15+1".
struct TimeSpan {
  TimeOfDay time;
  /// Its last token.
  std::size_t last = 0;
};
/// The time of day that starts at token `i`, if one does.
std::optional<TimeSpan> read_time(const PromptTokens& tokens, std::size_t i);
void read_times(FactCollector& collector);

// prompt_delay.cpp: a duration counts only where a word of delay or repair stands beside it.

/// "3 hours delay", "delayed by 2-3 h", "up to 2 hours late" (0 to 2 hours), "retard de 3 heures"; and
/// "repair takes 2 hours", "back in service in 90 minutes".
void read_delay_and_repair(FactCollector& collector);

// prompt_passengers.cpp: a number counts only where its noun or label stands beside it.

void read_passengers(FactCollector& collector);
void read_connection_time(FactCollector& collector);
void read_cabins(FactCollector& collector);
void read_special_passengers(FactCollector& collector);

// prompt_crew.cpp: how many, sectors, duty periods, rest, augmentation, split duty. Limits and minima that a
// prompt cites ("max FDP 13 h") are no facts of this crew.

void read_crew_numbers(FactCollector& collector);
void read_crew_duty(FactCollector& collector);

// prompt_causes.cpp: what happened, and the phase of the flight. Names of systems count as causes only beside
// a word of failure; negated words never do.

void read_causes(FactCollector& collector);
void read_phase(FactCollector& collector);

// prompt_maintenance.cpp: the state of the aircraft and its MEL items. What is only hoped for ("once released
// to service") is not yet so.

void read_maintenance(FactCollector& collector);
void read_mel(FactCollector& collector);

// prompt_cargo.cpp: kinds of cargo, UN numbers, temperatures, how long it may be on the way. A temperature
// counts only beside words of cargo: the weather has one too.

void read_cargo(FactCollector& collector);

}  // namespace skymarshal::agents::facts
