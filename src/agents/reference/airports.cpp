#include "agents/reference/airports.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace skymarshal::agents::reference {
namespace {

/// Sorted by IATA code.
constexpr Airport airports[] = {
    {"ADD", "HAAB", "Addis Ababa", "ET", "Africa/Addis_Ababa", 8.9779, 38.7993},
    {"ADL", "YPAD", "Adelaide", "AU", "Australia/Adelaide", -34.9475, 138.5334},
    {"AGP", "LEMG", "Malaga", "ES", "Europe/Madrid", 36.6749, -4.4991},
    {"AKL", "NZAA", "Auckland", "NZ", "Pacific/Auckland", -37.0120, 174.7863},
    {"AMM", "OJAI", "Amman", "JO", "Asia/Amman", 31.7226, 35.9932},
    {"AMS", "EHAM", "Amsterdam", "NL", "Europe/Amsterdam", 52.3086, 4.7639},
    {"ARN", "ESSA", "Stockholm", "SE", "Europe/Stockholm", 59.6519, 17.9186},
    {"ATH", "LGAV", "Athens", "GR", "Europe/Athens", 37.9364, 23.9445},
    {"ATL", "KATL", "Atlanta", "US", "America/New_York", 33.6367, -84.4281},
    {"AUH", "OMAA", "Abu Dhabi", "AE", "Asia/Dubai", 24.4438, 54.6517},
    {"BAH", "OBBI", "Bahrain", "BH", "Asia/Bahrain", 26.2673, 50.6376},
    {"BCN", "LEBL", "Barcelona", "ES", "Europe/Madrid", 41.2971, 2.0785},
    {"BEG", "LYBE", "Belgrade", "RS", "Europe/Belgrade", 44.8184, 20.3091},
    {"BER", "EDDB", "Berlin", "DE", "Europe/Berlin", 52.3622, 13.5007},
    {"BKK", "VTBS", "Bangkok", "TH", "Asia/Bangkok", 13.6811, 100.7470},
    {"BLR", "VOBL", "Bengaluru", "IN", "Asia/Kolkata", 13.1979, 77.7063},
    {"BNE", "YBBN", "Brisbane", "AU", "Australia/Brisbane", -27.3842, 153.1170},
    {"BOG", "SKBO", "Bogota", "CO", "America/Bogota", 4.7016, -74.1469},
    {"BOM", "VABB", "Mumbai", "IN", "Asia/Kolkata", 19.0887, 72.8679},
    {"BOS", "KBOS", "Boston", "US", "America/New_York", 42.3643, -71.0052},
    {"BRU", "EBBR", "Brussels", "BE", "Europe/Brussels", 50.9014, 4.4844},
    {"BUD", "LHBP", "Budapest", "HU", "Europe/Budapest", 47.4298, 19.2611},
    {"CAI", "HECA", "Cairo", "EG", "Africa/Cairo", 30.1115, 31.3967},
    {"CAN", "ZGGG", "Guangzhou", "CN", "Asia/Shanghai", 23.3924, 113.2990},
    {"CDG", "LFPG", "Paris", "FR", "Europe/Paris", 49.0128, 2.5500},
    {"CGK", "WIII", "Jakarta", "ID", "Asia/Jakarta", -6.1256, 106.6560},
    {"CMB", "VCBI", "Colombo", "LK", "Asia/Colombo", 7.1808, 79.8841},
    {"CMN", "GMMN", "Casablanca", "MA", "Africa/Casablanca", 33.3675, -7.5900},
    {"COK", "VOCI", "Kochi", "IN", "Asia/Kolkata", 10.1520, 76.4019},
    {"CPH", "EKCH", "Copenhagen", "DK", "Europe/Copenhagen", 55.6179, 12.6560},
    {"CPT", "FACT", "Cape Town", "ZA", "Africa/Johannesburg", -33.9648, 18.6017},
    {"DAC", "VGHS", "Dhaka", "BD", "Asia/Dhaka", 23.8433, 90.3978},
    {"DEL", "VIDP", "Delhi", "IN", "Asia/Kolkata", 28.5556, 77.0952},
    {"DEN", "KDEN", "Denver", "US", "America/Denver", 39.8617, -104.6730},
    {"DFW", "KDFW", "Dallas", "US", "America/Chicago", 32.8968, -97.0380},
    {"DOH", "OTHH", "Doha", "QA", "Asia/Qatar", 25.2731, 51.6081},
    {"DUB", "EIDW", "Dublin", "IE", "Europe/Dublin", 53.4287, -6.2621},
    {"DUS", "EDDL", "Dusseldorf", "DE", "Europe/Berlin", 51.2895, 6.7668},
    {"DXB", "OMDB", "Dubai", "AE", "Asia/Dubai", 25.2528, 55.3644},
    {"EDI", "EGPH", "Edinburgh", "GB", "Europe/London", 55.9501, -3.3723},
    {"EWR", "KEWR", "Newark", "US", "America/New_York", 40.6925, -74.1687},
    {"EZE", "SAEZ", "Buenos Aires", "AR", "America/Argentina/Buenos_Aires", -34.8222, -58.5358},
    {"FCO", "LIRF", "Rome", "IT", "Europe/Rome", 41.8045, 12.2520},
    {"FRA", "EDDF", "Frankfurt", "DE", "Europe/Berlin", 50.0365, 8.5613},
    {"GRU", "SBGR", "Sao Paulo", "BR", "America/Sao_Paulo", -23.4319, -46.4678},
    {"GVA", "LSGG", "Geneva", "CH", "Europe/Zurich", 46.2381, 6.1090},
    {"HAM", "EDDH", "Hamburg", "DE", "Europe/Berlin", 53.6304, 9.9882},
    {"HAN", "VVNB", "Hanoi", "VN", "Asia/Ho_Chi_Minh", 21.2212, 105.8070},
    {"HEL", "EFHK", "Helsinki", "FI", "Europe/Helsinki", 60.3172, 24.9633},
    {"HKG", "VHHH", "Hong Kong", "HK", "Asia/Hong_Kong", 22.3089, 113.9150},
    {"HKT", "VTSP", "Phuket", "TH", "Asia/Bangkok", 8.1132, 98.3169},
    {"HND", "RJTT", "Tokyo", "JP", "Asia/Tokyo", 35.5523, 139.7800},
    {"IAD", "KIAD", "Washington", "US", "America/New_York", 38.9445, -77.4558},
    {"IAH", "KIAH", "Houston", "US", "America/Chicago", 29.9844, -95.3414},
    {"ICN", "RKSI", "Seoul", "KR", "Asia/Seoul", 37.4691, 126.4510},
    {"ISB", "OPIS", "Islamabad", "PK", "Asia/Karachi", 33.5490, 72.8257},
    {"IST", "LTFM", "Istanbul", "TR", "Europe/Istanbul", 41.2613, 28.7420},
    {"JED", "OEJN", "Jeddah", "SA", "Asia/Riyadh", 21.6796, 39.1565},
    {"JFK", "KJFK", "New York", "US", "America/New_York", 40.6394, -73.7793},
    {"JNB", "FAOR", "Johannesburg", "ZA", "Africa/Johannesburg", -26.1392, 28.2460},
    {"KEF", "BIKF", "Reykjavik", "IS", "Atlantic/Reykjavik", 63.9850, -22.6056},
    {"KHI", "OPKC", "Karachi", "PK", "Asia/Karachi", 24.9065, 67.1608},
    {"KIX", "RJBB", "Osaka", "JP", "Asia/Tokyo", 34.4273, 135.2440},
    {"KTM", "VNKT", "Kathmandu", "NP", "Asia/Kathmandu", 27.6966, 85.3591},
    {"KUL", "WMKK", "Kuala Lumpur", "MY", "Asia/Kuala_Lumpur", 2.7456, 101.7100},
    {"KWI", "OKKK", "Kuwait", "KW", "Asia/Kuwait", 29.2266, 47.9689},
    {"LAX", "KLAX", "Los Angeles", "US", "America/Los_Angeles", 33.9425, -118.4080},
    {"LCA", "LCLK", "Larnaca", "CY", "Asia/Nicosia", 34.8751, 33.6249},
    {"LGW", "EGKK", "London", "GB", "Europe/London", 51.1481, -0.1903},
    {"LHE", "OPLA", "Lahore", "PK", "Asia/Karachi", 31.5216, 74.4036},
    {"LHR", "EGLL", "London", "GB", "Europe/London", 51.4706, -0.4619},
    {"LIS", "LPPT", "Lisbon", "PT", "Europe/Lisbon", 38.7813, -9.1359},
    {"LOS", "DNMM", "Lagos", "NG", "Africa/Lagos", 6.5774, 3.3212},
    {"MAA", "VOMM", "Chennai", "IN", "Asia/Kolkata", 12.9900, 80.1693},
    {"MAD", "LEMD", "Madrid", "ES", "Europe/Madrid", 40.4719, -3.5626},
    {"MAN", "EGCC", "Manchester", "GB", "Europe/London", 53.3494, -2.2795},
    {"MCT", "OOMS", "Muscat", "OM", "Asia/Muscat", 23.5933, 58.2844},
    {"MEL", "YMML", "Melbourne", "AU", "Australia/Melbourne", -37.6733, 144.8430},
    {"MEX", "MMMX", "Mexico City", "MX", "America/Mexico_City", 19.4354, -99.0824},
    {"MIA", "KMIA", "Miami", "US", "America/New_York", 25.7932, -80.2906},
    {"MLE", "VRMM", "Male", "MV", "Indian/Maldives", 4.1918, 73.5291},
    {"MNL", "RPLL", "Manila", "PH", "Asia/Manila", 14.5086, 121.0200},
    {"MUC", "EDDM", "Munich", "DE", "Europe/Berlin", 48.3538, 11.7861},
    {"MXP", "LIMC", "Milan", "IT", "Europe/Rome", 45.6306, 8.7281},
    {"NBO", "HKJK", "Nairobi", "KE", "Africa/Nairobi", -1.3192, 36.9278},
    {"NCE", "LFMN", "Nice", "FR", "Europe/Paris", 43.6584, 7.2159},
    {"NRT", "RJAA", "Tokyo", "JP", "Asia/Tokyo", 35.7647, 140.3860},
    {"OPO", "LPPR", "Porto", "PT", "Europe/Lisbon", 41.2481, -8.6814},
    {"ORD", "KORD", "Chicago", "US", "America/Chicago", 41.9786, -87.9048},
    {"ORY", "LFPO", "Paris", "FR", "Europe/Paris", 48.7233, 2.3794},
    {"OSL", "ENGM", "Oslo", "NO", "Europe/Oslo", 60.1939, 11.1004},
    {"OTP", "LROP", "Bucharest", "RO", "Europe/Bucharest", 44.5711, 26.0850},
    {"PEK", "ZBAA", "Beijing", "CN", "Asia/Shanghai", 40.0801, 116.5850},
    {"PER", "YPPH", "Perth", "AU", "Australia/Perth", -31.9403, 115.9670},
    {"PMI", "LEPA", "Palma de Mallorca", "ES", "Europe/Madrid", 39.5517, 2.7388},
    {"PRG", "LKPR", "Prague", "CZ", "Europe/Prague", 50.1008, 14.2600},
    {"PTY", "MPTO", "Panama City", "PA", "America/Panama", 9.0714, -79.3835},
    {"PVG", "ZSPD", "Shanghai", "CN", "Asia/Shanghai", 31.1434, 121.8050},
    {"RUH", "OERK", "Riyadh", "SA", "Asia/Riyadh", 24.9576, 46.6988},
    {"SCL", "SCEL", "Santiago", "CL", "America/Santiago", -33.3930, -70.7858},
    {"SEA", "KSEA", "Seattle", "US", "America/Los_Angeles", 47.4492, -122.3111},
    {"SEZ", "FSIA", "Mahe", "SC", "Indian/Mahe", -4.6743, 55.5218},
    {"SFO", "KSFO", "San Francisco", "US", "America/Los_Angeles", 37.6190, -122.3750},
    {"SGN", "VVTS", "Ho Chi Minh City", "VN", "Asia/Ho_Chi_Minh", 10.8188, 106.6520},
    {"SIN", "WSSS", "Singapore", "SG", "Asia/Singapore", 1.3502, 103.9940},
    {"SOF", "LBSF", "Sofia", "BG", "Europe/Sofia", 42.6967, 23.4114},
    {"SYD", "YSSY", "Sydney", "AU", "Australia/Sydney", -33.9461, 151.1770},
    {"TLV", "LLBG", "Tel Aviv", "IL", "Asia/Jerusalem", 32.0114, 34.8867},
    {"TPE", "RCTP", "Taipei", "TW", "Asia/Taipei", 25.0777, 121.2330},
    {"VIE", "LOWW", "Vienna", "AT", "Europe/Vienna", 48.1103, 16.5697},
    {"WAW", "EPWA", "Warsaw", "PL", "Europe/Warsaw", 52.1657, 20.9671},
    {"YUL", "CYUL", "Montreal", "CA", "America/Toronto", 45.4706, -73.7408},
    {"YVR", "CYVR", "Vancouver", "CA", "America/Vancouver", 49.1939, -123.1840},
    {"YYZ", "CYYZ", "Toronto", "CA", "America/Toronto", 43.6772, -79.6306},
    {"ZAG", "LDZA", "Zagreb", "HR", "Europe/Zagreb", 45.7429, 16.0688},
    {"ZRH", "LSZH", "Zurich", "CH", "Europe/Zurich", 47.4581, 8.5481},
};

constexpr Airline airlines[] = {
    {"A3", "AEE", "Aegean Airlines", "GR"},
    {"AA", "AAL", "American Airlines", "US"},
    {"AC", "ACA", "Air Canada", "CA"},
    {"AF", "AFR", "Air France", "FR"},
    {"AI", "AIC", "Air India", "IN"},
    {"AY", "FIN", "Finnair", "FI"},
    {"AZ", "ITY", "ITA Airways", "IT"},
    {"BA", "BAW", "British Airways", "GB"},
    {"CX", "CPA", "Cathay Pacific", "HK"},
    {"DL", "DAL", "Delta Air Lines", "US"},
    {"EI", "EIN", "Aer Lingus", "IE"},
    {"EK", "UAE", "Emirates", "AE"},
    {"ET", "ETH", "Ethiopian Airlines", "ET"},
    {"EY", "ETD", "Etihad Airways", "AE"},
    {"FR", "RYR", "Ryanair", "IE"},
    {"GF", "GFA", "Gulf Air", "BH"},
    {"IB", "IBE", "Iberia", "ES"},
    {"JL", "JAL", "Japan Airlines", "JP"},
    {"KE", "KAL", "Korean Air", "KR"},
    {"KL", "KLM", "KLM", "NL"},
    {"LH", "DLH", "Lufthansa", "DE"},
    {"LO", "LOT", "LOT Polish Airlines", "PL"},
    {"LX", "SWR", "Swiss", "CH"},
    {"MH", "MAS", "Malaysia Airlines", "MY"},
    {"NH", "ANA", "All Nippon Airways", "JP"},
    {"NZ", "ANZ", "Air New Zealand", "NZ"},
    {"OS", "AUA", "Austrian Airlines", "AT"},
    {"QF", "QFA", "Qantas", "AU"},
    {"QR", "QTR", "Qatar Airways", "QA"},
    {"SK", "SAS", "SAS", "SE"},
    {"SN", "BEL", "Brussels Airlines", "BE"},
    {"SQ", "SIA", "Singapore Airlines", "SG"},
    {"SV", "SVA", "Saudia", "SA"},
    {"TG", "THA", "Thai Airways", "TH"},
    {"TK", "THY", "Turkish Airlines", "TR"},
    {"TP", "TAP", "TAP Air Portugal", "PT"},
    {"U2", "EZY", "easyJet UK", "GB"},
    {"UA", "UAL", "United Airlines", "US"},
    {"VS", "VIR", "Virgin Atlantic", "GB"},
    {"VY", "VLG", "Vueling", "ES"},
    {"WY", "OMA", "Oman Air", "OM"},
};

constexpr std::string_view eu_states[] = {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES",
                                          "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
                                          "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"};

}  // namespace

std::span<const Airport> all_airports() { return airports; }

const Airport* find_airport(std::string_view iata) {
  const auto found =
      std::lower_bound(std::begin(airports), std::end(airports), iata,
                       [](const Airport& airport, std::string_view code) { return airport.iata < code; });
  return found != std::end(airports) && found->iata == iata ? &*found : nullptr;
}

const Airport* find_airport_by_icao(std::string_view icao) {
  const auto found = std::find_if(std::begin(airports), std::end(airports),
                                  [&](const Airport& airport) { return airport.icao == icao; });
  return found != std::end(airports) ? &*found : nullptr;
}

const Airline* find_airline(std::string_view designator) {
  const auto found = std::find_if(std::begin(airlines), std::end(airlines), [&](const Airline& airline) {
    return airline.iata == designator || airline.icao == designator;
  });
  return found != std::end(airlines) ? &*found : nullptr;
}

std::int32_t great_circle_km(const Airport& from, const Airport& to) {
  return great_circle_km(Position{from.latitude_deg, from.longitude_deg},
                         Position{to.latitude_deg, to.longitude_deg});
}

std::int32_t great_circle_km(Position from, Position to) {
  constexpr double radius_km = 6371.0088;
  constexpr double radians = std::numbers::pi / 180.0;
  const double half_latitude = std::sin((to.latitude_deg - from.latitude_deg) * radians / 2);
  const double half_longitude = std::sin((to.longitude_deg - from.longitude_deg) * radians / 2);
  const double haversine = half_latitude * half_latitude + std::cos(from.latitude_deg * radians) *
                                                               std::cos(to.latitude_deg * radians) *
                                                               half_longitude * half_longitude;
  return static_cast<std::int32_t>(
      std::lround(2 * radius_km * std::asin(std::min(1.0, std::sqrt(haversine)))));
}

bool is_eu_state(std::string_view country) {
  return std::find(std::begin(eu_states), std::end(eu_states), country) != std::end(eu_states);
}

bool is_eu261_state(std::string_view country) {
  return is_eu_state(country) || country == "IS" || country == "LI" || country == "NO" || country == "CH";
}

}  // namespace skymarshal::agents::reference
