#include "agents/rules/passenger_rights.hpp"

#include "agents/reference/airports.hpp"

#include <iterator>

namespace skymarshal::agents::rules {
namespace {

constexpr std::int32_t hours(std::int32_t count) { return count * 60; }

/// Art. 7(1) of either regulation: amounts for distances over `beyond_km`.
struct DistanceBand {
  std::int32_t beyond_km;
  std::int32_t eur;
  std::int32_t gbp;
  /// Art. 6(1): departure delay from which care is owed.
  std::int32_t care_after;
};
constexpr DistanceBand distance_bands[] = {
    {0, 250, 220, hours(2)}, {1500, 400, 350, hours(3)}, {3500, 600, 520, hours(4)}};
constexpr std::size_t longest_band = 2;

/// CJEU C-402/07 Sturgeon: from here on an arrival delay is paid like a cancellation.
constexpr std::int32_t long_delay = hours(3);
/// Art. 7(2)(c) as Sturgeon, paragraph 63, applies it: in the longest band half is owed below four hours.
constexpr std::int32_t full_in_longest_band = hours(4);

struct DelayAmount {
  std::int32_t from_minutes;
  std::int32_t amount;
};
/// APPR s. 19(1)(a), a large carrier, CAD.
constexpr DelayAmount appr_amounts[] = {{hours(3), 400}, {hours(6), 700}, {hours(9), 1000}};

// Regulation No. 101 speaks of delays over two, five and ten hours: a minute more.
constexpr std::int32_t thai_care = hours(2) + 1;
constexpr std::int32_t thai_long_delay = hours(5) + 1;
constexpr std::int32_t thai_longest_delay = hours(10) + 1;
/// International flights over ten hours late, and cancelled ones: THB by distance.
constexpr std::int32_t thai_by_distance[] = {2000, 3500, 4500};
constexpr std::int32_t thai_international_long = 1500;
constexpr std::int32_t thai_domestic_long = 1200;
constexpr std::int32_t thai_domestic_cancelled = 1500;

constexpr std::string_view united_kingdom = "GB";
constexpr std::string_view canada = "CA";
constexpr std::string_view thailand_state = "TH";

bool is_european(PassengerRegime regime) {
  return regime == PassengerRegime::eu261 || regime == PassengerRegime::uk261;
}

/// By distance alone.
std::size_t distance_band(std::int32_t km) {
  std::size_t band = 0;
  while (band + 1 < std::size(distance_bands) && km > distance_bands[band + 1].beyond_km) ++band;
  return band;
}

/// Flights within the area never fall into the longest band (Art. 7(1)(b)).
std::size_t band_of(const RouteRights& rights) {
  const std::size_t band = distance_band(rights.distance_km);
  return rights.within_area && band == longest_band ? longest_band - 1 : band;
}

std::int32_t european_amount(const RouteRights& rights) {
  const DistanceBand& band = distance_bands[band_of(rights)];
  return rights.regime == PassengerRegime::eu261 ? band.eur : band.gbp;
}

struct Binding {
  PassengerRegime regime;
  std::string_view ground;
};

/// What the state of departure demands of whoever flies.
Binding of_departure(const Route& route) {
  if (reference::is_eu261_state(route.origin_state)) {
    return {PassengerRegime::eu261,
            "the flight departs from an airport of the EU, the EEA or Switzerland, whoever operates it "
            "(Art. 3(1)(a))"};
  }
  if (route.origin_state == united_kingdom) {
    return {PassengerRegime::uk261,
            "the flight departs from an airport of the United Kingdom, whoever operates it (Art. 3(1)(a))"};
  }
  return {PassengerRegime::none, {}};
}

/// What binds an inbound flight for the carrier's sake.
Binding of_carrier(const Route& route) {
  const bool eu_carrier = reference::is_eu261_state(*route.carrier_state);
  const bool uk_carrier = *route.carrier_state == united_kingdom;
  if (reference::is_eu261_state(route.destination_state) && eu_carrier) {
    return {PassengerRegime::eu261,
            "a carrier licensed in the EU, the EEA or Switzerland flies there from a third country "
            "(Art. 3(1)(b))"};
  }
  if (route.destination_state == united_kingdom && (uk_carrier || eu_carrier)) {
    return {PassengerRegime::uk261,
            "a carrier licensed in the United Kingdom or the EU flies to the United Kingdom "
            "(Art. 3(1)(b)(i) as amended by S.I. 2019/278)"};
  }
  if (reference::is_eu261_state(route.destination_state) && uk_carrier) {
    return {PassengerRegime::uk261,
            "a carrier licensed in the United Kingdom flies to the EU from a third country "
            "(Art. 3(1)(b)(ii) as amended by S.I. 2019/278)"};
  }
  return {PassengerRegime::none, {}};
}

bool hangs_on_carrier(const Route& route) {
  return reference::is_eu261_state(route.destination_state) || route.destination_state == united_kingdom;
}

void add(RouteRights& rights, const Binding& binding) {
  if (binding.regime == PassengerRegime::none || binding.regime == rights.regime) return;
  if (rights.regime == PassengerRegime::none) {
    rights.regime = binding.regime;
    rights.ground = binding.ground;
  } else if (rights.also == PassengerRegime::none) {
    rights.also = binding.regime;
  }
}

bool is_within_area(const Route& route, PassengerRegime regime) {
  if (regime == PassengerRegime::eu261) {
    return reference::is_eu261_state(route.origin_state) &&
           reference::is_eu261_state(route.destination_state);
  }
  return regime == PassengerRegime::uk261 && route.origin_state == united_kingdom &&
         route.destination_state == united_kingdom;
}

std::int32_t appr_amount(std::int32_t delay) {
  std::int32_t amount = 0;
  for (const DelayAmount& row : appr_amounts) {
    if (delay >= row.from_minutes) amount = row.amount;
  }
  return amount;
}

std::int32_t thai_amount(const RouteRights& rights, std::int32_t delay) {
  if (delay < thai_long_delay) return 0;
  if (!rights.international) return thai_domestic_long;
  if (delay < thai_longest_delay) return thai_international_long;
  return thai_by_distance[distance_band(rights.distance_km)];
}

std::int32_t amount_for_delay(const RouteRights& rights, std::int32_t delay) {
  switch (rights.regime) {
    case PassengerRegime::none:
      return 0;
    case PassengerRegime::eu261:
    case PassengerRegime::uk261: {
      if (delay < long_delay) return 0;
      const bool halved = band_of(rights) == longest_band && delay < full_in_longest_band;
      return halved ? european_amount(rights) / 2 : european_amount(rights);
    }
    case PassengerRegime::appr:
      return appr_amount(delay);
    case PassengerRegime::thailand:
      return thai_amount(rights, delay);
  }
  return 0;
}

std::int32_t amount_for_cancellation(const RouteRights& rights) {
  switch (rights.regime) {
    case PassengerRegime::none:
      return 0;
    case PassengerRegime::eu261:
    case PassengerRegime::uk261:
      return european_amount(rights);
    case PassengerRegime::appr:
      return std::rbegin(appr_amounts)->amount;
    case PassengerRegime::thailand:
      return rights.international ? thai_by_distance[distance_band(rights.distance_km)]
                                  : thai_domestic_cancelled;
  }
  return 0;
}

Compensation in_currency(const RouteRights& rights, std::int32_t amount) {
  if (amount == 0) return {};
  return {amount, currency_of(rights.regime)};
}

/// The articles of one regulation that the answers cite.
struct RegimeText {
  std::string_view name;
  std::string_view currency;
  Citation regulation;
  Citation compensation;
  Citation cancellation;
  Citation care;
  Citation refund;
};
constexpr std::string_view eu261_since = "2005-02-17";
constexpr std::string_view uk261_since = "2020-12-31";
constexpr std::string_view appr_since = "2019-12-15";
constexpr std::string_view thai_since = "2025-05-20";

constexpr RegimeText no_text{};
constexpr RegimeText eu261_text{
    "EU261",
    "EUR",
    {"Regulation (EC) No 261/2004, Art. 3(1)", eu261_since},
    {"Regulation (EC) No 261/2004, Art. 7(1) and (2)(c); CJEU C-402/07 Sturgeon", eu261_since},
    {"Regulation (EC) No 261/2004, Art. 5(1)(c) and 7(1)", eu261_since},
    {"Regulation (EC) No 261/2004, Art. 6(1) and 9", eu261_since},
    {"Regulation (EC) No 261/2004, Art. 6(1)(iii) and 8(1)(a)", eu261_since}};
constexpr RegimeText uk261_text{
    "UK261",
    "GBP",
    {"Regulation (EC) No 261/2004 as it forms part of UK law (S.I. 2019/278), Art. 3(1)", uk261_since},
    {"Regulation (EC) No 261/2004 as it forms part of UK law, Art. 7(1) and (2)(c); CJEU C-402/07 Sturgeon",
     uk261_since},
    {"Regulation (EC) No 261/2004 as it forms part of UK law, Art. 5(1)(c) and 7(1)", uk261_since},
    {"Regulation (EC) No 261/2004 as it forms part of UK law, Art. 6(1) and 9", uk261_since},
    {"Regulation (EC) No 261/2004 as it forms part of UK law, Art. 6(1)(iii) and 8(1)(a)", uk261_since}};
constexpr RegimeText appr_text{
    "Canada APPR",
    "CAD",
    {"Air Passenger Protection Regulations (SOR/2019-150), s. 2", appr_since},
    {"Air Passenger Protection Regulations (SOR/2019-150), s. 12(2)(d) and 19(1)(a)", appr_since},
    {"Air Passenger Protection Regulations (SOR/2019-150), s. 12(3)(d) and 19(1)(a)", appr_since},
    {"Air Passenger Protection Regulations (SOR/2019-150), s. 14", appr_since},
    {"Air Passenger Protection Regulations (SOR/2019-150), s. 17", appr_since}};
constexpr Citation thai_citation{"Thailand, Civil Aviation Board Regulation No. 101", thai_since};
constexpr RegimeText thai_text{"Thailand CAB 101", "THB",         thai_citation, thai_citation,
                               thai_citation,      thai_citation, thai_citation};

const RegimeText& text_of(PassengerRegime regime) {
  switch (regime) {
    case PassengerRegime::none:
      return no_text;
    case PassengerRegime::eu261:
      return eu261_text;
    case PassengerRegime::uk261:
      return uk261_text;
    case PassengerRegime::appr:
      return appr_text;
    case PassengerRegime::thailand:
      return thai_text;
  }
  return no_text;
}

}  // namespace

std::string_view name_of(PassengerRegime regime) { return text_of(regime).name; }
Citation citation_of(PassengerRegime regime) { return text_of(regime).regulation; }
std::string_view currency_of(PassengerRegime regime) { return text_of(regime).currency; }
Citation care_citation(PassengerRegime regime) { return text_of(regime).care; }
Citation refund_citation(PassengerRegime regime) { return text_of(regime).refund; }
Citation compensation_citation(PassengerRegime regime) { return text_of(regime).compensation; }
Citation cancellation_citation(PassengerRegime regime) { return text_of(regime).cancellation; }

std::optional<RouteRights> passenger_rights(const Route& route) {
  RouteRights rights;
  rights.distance_km = route.distance_km;
  rights.international = route.origin_state != route.destination_state;
  add(rights, of_departure(route));
  if (route.carrier_state) {
    add(rights, of_carrier(route));
  } else if (rights.regime == PassengerRegime::none && hangs_on_carrier(route)) {
    return std::nullopt;
  }
  if (route.origin_state == canada || route.destination_state == canada) {
    add(rights, {PassengerRegime::appr, "the flight is to, from or within Canada"});
  }
  if (route.origin_state == thailand_state) {
    const bool thai_carrier = route.carrier_state == thailand_state;
    add(rights,
        {PassengerRegime::thailand,
         thai_carrier ? "the flight is a scheduled one of a Thai carrier from an airport of Thailand"
                      : "the flight is a scheduled one from an airport of Thailand; that it binds this "
                        "foreign carrier is to be confirmed"});
  }
  if (rights.regime == PassengerRegime::none) {
    rights.ground =
        "no airport of departure and no carrier on this route falls under the regulations of the EU, the "
        "United Kingdom, Canada or Thailand";
  }
  rights.within_area = is_within_area(route, rights.regime);
  return rights;
}

Compensation compensation_for_delay(const RouteRights& rights, std::int32_t arrival_delay_minutes) {
  return in_currency(rights, amount_for_delay(rights, arrival_delay_minutes));
}

Compensation compensation_for_cancellation(const RouteRights& rights) {
  return in_currency(rights, amount_for_cancellation(rights));
}

std::optional<std::int32_t> care_after_minutes(const RouteRights& rights) {
  if (is_european(rights.regime)) return distance_bands[band_of(rights)].care_after;
  if (rights.regime == PassengerRegime::appr) return hours(2);
  if (rights.regime == PassengerRegime::thailand) return thai_care;
  return std::nullopt;
}

std::optional<std::int32_t> hotel_after_minutes(const RouteRights& rights) {
  return rights.regime == PassengerRegime::thailand ? thai_long_delay : care_after_minutes(rights);
}

std::optional<std::int32_t> refund_after_minutes(const RouteRights& rights) {
  if (is_european(rights.regime)) return hours(5);
  if (rights.regime == PassengerRegime::appr) return hours(3);
  if (rights.regime == PassengerRegime::thailand) return thai_long_delay;
  return std::nullopt;
}

}  // namespace skymarshal::agents::rules
