// Cities and airports by the names that people call them, in four languages; sorted, for names.cpp.
// A city that several airports of the table serve has no code: nobody can know which one is meant. Codes are
// those of reference/airports.
#pragma once

#include "agents/facts/names.hpp"

namespace skymarshal::agents::facts {

// clang-format off
inline constexpr Name place_names[] = {
    {"abou dabi", "AUH"}, {"abou dhabi", "AUH"}, {"abu dabi", "AUH"}, {"abu dhabi", "AUH"},
    {"addis ababa", "ADD"}, {"adelaide", "ADL"}, {"amman", "AMM"}, {"amsterdam", "AMS"}, {"arlanda", "ARN"},
    {"atenas", "ATH"}, {"athen", "ATH"}, {"athenes", "ATH"}, {"athens", "ATH"}, {"atlanta", "ATL"},
    {"auckland", "AKL"}, {"bahrain", "BAH"}, {"bangalore", "BLR"}, {"bangkok", "BKK"}, {"barcelona", "BCN"},
    {"barcelone", "BCN"}, {"beijing", "PEK"}, {"belgrad", "BEG"}, {"belgrade", "BEG"}, {"bengaluru", "BLR"},
    {"berlin", "BER"}, {"berlin brandenburg", "BER"}, {"bogota", "BOG"}, {"bombay", "BOM"},
    {"boston", "BOS"}, {"brisbane", "BNE"}, {"bruselas", "BRU"}, {"brussel", "BRU"}, {"brussels", "BRU"},
    {"bruxelles", "BRU"}, {"bucarest", "OTP"}, {"bucharest", "OTP"}, {"budapest", "BUD"},
    {"buenos aires", "EZE"}, {"buenos aires ezeiza", "EZE"}, {"bukarest", "OTP"}, {"cairo", "CAI"},
    {"cape town", "CPT"}, {"casablanca", "CMN"}, {"changi", "SIN"}, {"charles de gaulle", "CDG"},
    {"chennai", "MAA"}, {"chicago", "ORD"}, {"colombo", "CMB"}, {"copenhagen", "CPH"},
    {"copenhague", "CPH"}, {"dallas", "DFW"}, {"delhi", "DEL"}, {"denver", "DEN"}, {"dhaka", "DAC"},
    {"doha", "DOH"}, {"dschidda", "JED"}, {"dubai", "DXB"}, {"dubai international", "DXB"},
    {"dublin", "DUB"}, {"duesseldorf", "DUS"}, {"dulles", "IAD"}, {"dusseldorf", "DUS"},
    {"edinburgh", "EDI"}, {"el cairo", "CAI"}, {"estambul", "IST"}, {"estocolmo", "ARN"}, {"ezeiza", "EZE"},
    {"fiumicino", "FCO"}, {"francfort", "FRA"}, {"frankfurt", "FRA"}, {"frankfurt am main", "FRA"},
    {"gatwick", "LGW"}, {"geneva", "GVA"}, {"geneve", "GVA"}, {"genf", "GVA"}, {"ginebra", "GVA"},
    {"guangzhou", "CAN"}, {"guarulhos", "GRU"}, {"hamad international", "DOH"}, {"hambourg", "HAM"},
    {"hamburg", "HAM"}, {"hamburgo", "HAM"}, {"haneda", "HND"}, {"hanoi", "HAN"}, {"heathrow", "LHR"},
    {"helsinki", "HEL"}, {"ho chi minh city", "SGN"}, {"hong kong", "HKG"}, {"hongkong", "HKG"},
    {"houston", "IAH"}, {"incheon", "ICN"}, {"islamabad", "ISB"}, {"istambul", "IST"}, {"istanbul", "IST"},
    {"jakarta", "CGK"}, {"jeddah", "JED"}, {"johannesbourg", "JNB"}, {"johannesburg", "JNB"},
    {"kairo", "CAI"}, {"kansai", "KIX"}, {"kapstadt", "CPT"}, {"karachi", "KHI"}, {"kathmandu", "KTM"},
    {"katmandu", "KTM"}, {"keflavik", "KEF"}, {"kennedy", "JFK"}, {"kochi", "COK"}, {"koln", ""},
    {"kopenhagen", "CPH"}, {"kuala lumpur", "KUL"}, {"kuwait", "KWI"}, {"kuwait city", "KWI"},
    {"lagos", "LOS"}, {"lahore", "LHE"}, {"larnaca", "LCA"}, {"le caire", "CAI"}, {"le cap", "CPT"},
    {"lisboa", "LIS"}, {"lisbon", "LIS"}, {"lisbonne", "LIS"}, {"lissabon", "LIS"}, {"logan", "BOS"},
    {"london", ""}, {"london gatwick", "LGW"}, {"london heathrow", "LHR"}, {"londres", ""},
    {"londres heathrow", "LHR"}, {"los angeles", "LAX"}, {"madrid", "MAD"}, {"mahe", "SEZ"},
    {"mailand", "MXP"}, {"mailand malpensa", "MXP"}, {"malaga", "AGP"}, {"male", "MLE"}, {"mallorca", "PMI"},
    {"malpensa", "MXP"}, {"manchester", "MAN"}, {"manila", "MNL"}, {"mascate", "MCT"}, {"maskat", "MCT"},
    {"maskate", "MCT"}, {"melbourne", "MEL"}, {"mexico city", "MEX"}, {"mexiko stadt", "MEX"},
    {"miami", "MIA"}, {"milan", "MXP"}, {"milano", "MXP"}, {"montreal", "YUL"}, {"moscou", ""},
    {"moscow", ""},
    {"moskau", ""}, {"muenchen", "MUC"}, {"mumbai", "BOM"}, {"munchen", "MUC"}, {"munich", "MUC"},
    {"muscat", "MCT"}, {"nairobi", "NBO"}, {"narita", "NRT"}, {"neu delhi", "DEL"}, {"new delhi", "DEL"},
    {"new york", ""}, {"new york jfk", "JFK"}, {"new york kennedy", "JFK"}, {"new york newark", "EWR"},
    {"newark", "EWR"}, {"nice", "NCE"}, {"niza", "NCE"}, {"nizza", "NCE"}, {"nueva york", ""},
    {"ohare", "ORD"}, {"orly", "ORY"}, {"osaka", "KIX"}, {"oslo", "OSL"}, {"palma", "PMI"},
    {"palma de mallorca", "PMI"}, {"panama city", "PTY"}, {"paris", ""}, {"paris charles de gaulle", "CDG"},
    {"paris orly", "ORY"}, {"pekin", "PEK"}, {"peking", "PEK"}, {"perth", "PER"}, {"phuket", "HKT"},
    {"porto", "OPO"}, {"prag", "PRG"}, {"praga", "PRG"}, {"prague", "PRG"}, {"pudong", "PVG"},
    {"reykjavik", "KEF"}, {"riad", "RUH"}, {"riyad", "RUH"}, {"riyadh", "RUH"}, {"roissy", "CDG"},
    {"rom", "FCO"}, {"roma", "FCO"}, {"rome", "FCO"}, {"saigon", "SGN"}, {"san francisco", "SFO"},
    {"santiago", "SCL"}, {"sao paulo", "GRU"}, {"schiphol", "AMS"}, {"seattle", "SEA"}, {"seoul", "ICN"},
    {"seoul incheon", "ICN"}, {"seychelles", "SEZ"}, {"shanghai", "PVG"}, {"shanghai pudong", "PVG"},
    {"singapore", "SIN"}, {"singapour", "SIN"}, {"singapur", "SIN"}, {"sofia", "SOF"}, {"stockholm", "ARN"},
    {"stockholm arlanda", "ARN"}, {"suvarnabhumi", "BKK"}, {"sydney", "SYD"}, {"taipei", "TPE"},
    {"taoyuan", "TPE"}, {"teheran", ""}, {"tel aviv", "TLV"}, {"tokio", ""}, {"tokyo", ""},
    {"tokyo haneda", "HND"}, {"tokyo narita", "NRT"}, {"toronto", "YYZ"}, {"vancouver", "YVR"},
    {"varsovia", "WAW"}, {"varsovie", "WAW"}, {"viena", "VIE"}, {"vienna", "VIE"}, {"vienne", "VIE"},
    {"warsaw", "WAW"}, {"warschau", "WAW"}, {"washington", "IAD"}, {"wien", "VIE"}, {"zagreb", "ZAG"},
    {"zayed international", "AUH"}, {"zurich", "ZRH"},
};
// clang-format on

}  // namespace skymarshal::agents::facts
