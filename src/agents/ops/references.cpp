#include "agents/ops/references.hpp"

#include "agents/ops/tables.hpp"
#include "agents/reference/airports.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

#include <fmt/format.h>

namespace skymarshal::agents::ops {
namespace {

constexpr std::chrono::minutes flight_minutes_max{24 * 60};

std::string flight_key(const std::string& number, Date date) {
  return fmt::format("{} of {}", number, reference::date_text(date));
}

/// The rows of one sheet by their key; a key that comes twice is a problem.
template <typename Row>
class Index {
 public:
  template <typename Key>
  Index(const Sheet<Row>& sheet, std::string_view column, Key key, Problems& problems) {
    rows_.reserve(sheet.rows.size());
    for (std::size_t i = 0; i < sheet.rows.size(); ++i) {
      const auto [place, is_new] = rows_.emplace(key(sheet.rows[i]), Place{&sheet.rows[i], sheet.lines[i]});
      if (is_new) continue;
      problems.add(Table<Row>::file, sheet.lines[i], column,
                   fmt::format("{} is already in line {}", place->first, place->second.line));
    }
  }

  const Row* find(const std::string& key) const {
    const auto found = rows_.find(key);
    return found == rows_.end() ? nullptr : found->second.row;
  }

 private:
  struct Place {
    const Row* row;
    std::size_t line;
  };
  std::unordered_map<std::string, Place> rows_;
};

class Check {
 public:
  Check(const Sheets& sheets, Problems& problems)
      : sheets_(sheets),
        problems_(problems),
        airports_(
            sheet_of<Airport>(sheets), "iata", [](const Airport& row) { return row.iata; }, problems),
        operators_(
            sheet_of<Operator>(sheets), "designator", [](const Operator& row) { return row.designator; },
            problems),
        fleet_(
            sheet_of<Aircraft>(sheets), "registration", [](const Aircraft& row) { return row.registration; },
            problems),
        flights_(
            sheet_of<Flight>(sheets), "number",
            [](const Flight& row) { return flight_key(row.number, row.date); }, problems),
        crew_(
            sheet_of<CrewMember>(sheets), "id", [](const CrewMember& row) { return row.id; }, problems),
        duties_(sheet_of<Duty>(sheets), "id", [](const Duty& row) { return row.id; }, problems) {}

  void run() {
    each<Airport>([this](const Airport& row) { check(row); });
    each<Aircraft>([this](const Aircraft& row) { check(row); });
    each<Flight>([this](const Flight& row) { check(row); });
    each<CrewMember>([this](const CrewMember& row) { airport("base", row.base); });
    each<Duty>([this](const Duty& row) { check(row); });
    each<DutyFlight>([this](const DutyFlight& row) { check(row); });
    each<Roster>([this](const Roster& row) { check(row); });
    each<MaintenanceItem>([this](const MaintenanceItem& row) { check(row); });
    each<Booking>([this](const Booking& row) { check(row); });
    each<Consignment>([this](const Consignment& row) { check(row); });
    check_uniqueness();
    check_rotations();
  }

 private:
  template <typename Row, typename Look>
  void each(Look look) {
    const Sheet<Row>& sheet = sheet_of<Row>(sheets_);
    file_ = Table<Row>::file;
    for (std::size_t i = 0; i < sheet.rows.size(); ++i) {
      line_ = sheet.lines[i];
      look(sheet.rows[i]);
    }
  }

  void refuse(std::string_view column, std::string_view problem) {
    problems_.add(file_, line_, column, problem);
  }

  void absent(std::string_view column, std::string_view value, std::string_view file) {
    refuse(column, fmt::format("{} is in no row of {}", value, file));
  }

  /// Its time zone, or empty if the airport is nowhere.
  std::string airport(std::string_view column, const std::string& iata) {
    if (const Airport* own = airports_.find(iata)) return own->time_zone;
    if (const reference::Airport* known = reference::find_airport(iata)) return std::string(known->time_zone);
    absent(column, iata, Table<Airport>::file);
    return "";
  }

  const Flight* flight(std::string_view column, const std::string& number, Date date) {
    const Flight* found = flights_.find(flight_key(number, date));
    if (found == nullptr) absent(column, flight_key(number, date), Table<Flight>::file);
    return found;
  }

  void aircraft(std::string_view column, const std::string& registration) {
    if (fleet_.find(registration) == nullptr) absent(column, registration, Table<Aircraft>::file);
  }

  void check(const Airport& row) {
    if (row.curfew_begin_minute.has_value() != row.curfew_end_minute.has_value())
      refuse("curfew_begin", "curfew_begin and curfew_end go together: write both or none");
    else if (row.curfew_begin_minute && row.curfew_begin_minute == row.curfew_end_minute)
      refuse("curfew_begin", "the curfew begins when it ends");
  }

  void check(const Aircraft& row) {
    const std::string& designator = row.operator_designator;
    if (operators_.find(designator) != nullptr || reference::find_airline(designator) != nullptr) return;
    absent("operator", designator, Table<Operator>::file);
  }

  void check(const Flight& row) {
    const std::string zone = airport("origin", row.origin);
    airport("destination", row.destination);
    aircraft("registration", row.registration);
    if (row.origin == row.destination) refuse("destination", "is the origin");
    const auto local = reference::to_local(zone, row.scheduled_departure);
    if (local && reference::date_of(*local) != row.date) {
      refuse("date", fmt::format("{} is not the local date of the departure at {}, {}",
                                 reference::date_text(row.date), row.origin,
                                 reference::date_text(reference::date_of(*local))));
    }
    const auto block = row.scheduled_arrival - row.scheduled_departure;
    if (block <= std::chrono::minutes(0)) refuse("scheduled_arrival", "is not after the departure");
    if (block > flight_minutes_max) refuse("scheduled_arrival", "is more than 24 hours after the departure");
  }

  void check(const Duty& row) {
    airport("report_airport", row.report_airport);
    if (!row.acclimatised_to.empty()) airport("acclimatised_to", row.acclimatised_to);
    const bool standby = row.kind == "standby";
    if (standby && !row.standby_until) refuse("standby_until", "is empty: a standby ends at some time");
    if (!standby && row.standby_until) refuse("standby_until", "is for standbys only");
    if (row.standby_until && *row.standby_until <= row.report)
      refuse("standby_until", "is not after the start of the standby");
  }

  void check(const DutyFlight& row) {
    const Duty* duty = duties_.find(row.duty);
    if (duty == nullptr) absent("duty", row.duty, Table<Duty>::file);
    const Flight* found = flight("flight", row.flight, row.date);
    if (duty == nullptr || found == nullptr) return;
    if (duty->kind != "flight") refuse("duty", fmt::format("{} is a standby", row.duty));
    if (duty->report > found->scheduled_departure)
      refuse("duty", fmt::format("{} begins after the departure of {}", row.duty, row.flight));
  }

  void check(const Roster& row) {
    if (duties_.find(row.duty) == nullptr) absent("duty", row.duty, Table<Duty>::file);
    if (crew_.find(row.crew_member) == nullptr)
      absent("crew_member", row.crew_member, Table<CrewMember>::file);
  }

  void check(const MaintenanceItem& row) {
    aircraft("registration", row.registration);
    const bool states_days = row.interval_days > 0;
    if (row.mel_category == 'A' && !states_days)
      refuse("interval_days", "is empty: the MEL states the days of a category A item");
    if (row.mel_category != 'A' && states_days)
      refuse("interval_days", "is for category A only: those of B, C and D are fixed");
    if (row.mel_category != 0 && row.reference.empty())
      refuse("reference", "is empty: a deferred item has its MEL reference");
  }

  void check(const Booking& row) {
    airport("final_destination", row.final_destination);
    const Flight* first = flight("flight", row.flight, row.date);
    if (row.onward_flight.empty() != !row.onward_date) {
      refuse("onward_flight", "onward_flight and onward_date go together: write both or none");
      return;
    }
    if (first == nullptr) return;
    if (row.onward_flight.empty()) {
      if (row.final_destination != first->destination)
        refuse("final_destination", fmt::format("{} is not where {} goes, and there is no onward flight",
                                                row.final_destination, row.flight));
      return;
    }
    const Flight* onward = flight("onward_flight", row.onward_flight, *row.onward_date);
    if (onward == nullptr) return;
    if (onward->origin != first->destination) {
      refuse("onward_flight", fmt::format("{} leaves from {}, not from {}", row.onward_flight, onward->origin,
                                          first->destination));
    } else if (onward->scheduled_departure < first->scheduled_arrival) {
      refuse("onward_flight", fmt::format("{} leaves before {} arrives", row.onward_flight, row.flight));
    }
  }

  void check(const Consignment& row) {
    flight("flight", row.flight, row.date);
    const bool dangerous = row.kind == "dangerous_goods";
    if (dangerous && row.un_number.empty()) refuse("un_number", "is empty: dangerous goods have one");
    if (!dangerous && !row.un_number.empty()) refuse("un_number", "is for dangerous_goods only");
    if (row.celsius_min && row.celsius_max && *row.celsius_min > *row.celsius_max)
      refuse("celsius_min", "is above celsius_max");
    if (!row.for_registration.empty()) aircraft("for_registration", row.for_registration);
  }

  /// Keys of the tables that nothing refers to.
  void check_uniqueness() {
    const auto flight_of_duty = [](const DutyFlight& row) { return flight_key(row.flight, row.date); };
    const auto member_of_duty = [](const Roster& row) { return row.crew_member + " of " + row.duty; };
    const Index<DutyFlight> flights(sheet_of<DutyFlight>(sheets_), "flight", flight_of_duty, problems_);
    const Index<Roster> members(sheet_of<Roster>(sheets_), "crew_member", member_of_duty, problems_);
    const Index<Booking> bookings(
        sheet_of<Booking>(sheets_), "id", [](const Booking& row) { return row.id; }, problems_);
    const auto consignment = [](const Consignment& row) {
      return row.waybill + " on " + flight_key(row.flight, row.date);
    };
    const Index<Consignment> consignments(sheet_of<Consignment>(sheets_), "waybill", consignment, problems_);
  }

  void check_rotations() {
    const Sheet<Flight>& sheet = sheet_of<Flight>(sheets_);
    std::vector<std::size_t> order(sheet.rows.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      const Flight& first = sheet.rows[a];
      const Flight& second = sheet.rows[b];
      return std::tie(first.registration, first.scheduled_departure, a) <
             std::tie(second.registration, second.scheduled_departure, b);
    });
    file_ = Table<Flight>::file;
    for (std::size_t i = 1; i < order.size(); ++i) {
      const Flight& before = sheet.rows[order[i - 1]];
      const Flight& after = sheet.rows[order[i]];
      if (before.registration != after.registration || before.scheduled_arrival <= after.scheduled_departure)
        continue;
      line_ = sheet.lines[order[i]];
      refuse("registration", fmt::format("{} has not landed as {} when {} departs", after.registration,
                                         before.number, after.number));
    }
  }

  const Sheets& sheets_;
  Problems& problems_;
  Index<Airport> airports_;
  Index<Operator> operators_;
  Index<Aircraft> fleet_;
  Index<Flight> flights_;
  Index<CrewMember> crew_;
  Index<Duty> duties_;
  std::string_view file_;
  std::size_t line_ = 0;
};

}  // namespace

void check_references(const Sheets& sheets, Problems& problems) { Check(sheets, problems).run(); }

}  // namespace skymarshal::agents::ops
