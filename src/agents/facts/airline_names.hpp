// Airlines by the names that people call them; sorted. Included by names.cpp alone.
// Designators are in the table of reference/airports.
#pragma once

#include "agents/facts/names.hpp"

namespace skymarshal::agents::facts {

// clang-format off
inline constexpr Name airline_names[] = {
    {"aegean", "A3"}, {"aer lingus", "EI"}, {"air canada", "AC"}, {"air france", "AF"}, {"air india", "AI"},
    {"air new zealand", "NZ"}, {"all nippon airways", "NH"}, {"american", "AA"},
    {"american airlines", "AA"}, {"austrian", "OS"}, {"austrian airlines", "OS"}, {"british airways", "BA"},
    {"brussels airlines", "SN"}, {"cathay", "CX"}, {"cathay pacific", "CX"}, {"delta", "DL"},
    {"delta air lines", "DL"}, {"easyjet", "U2"}, {"emirates", "EK"}, {"ethiopian", "ET"},
    {"ethiopian airlines", "ET"}, {"etihad", "EY"}, {"etihad airways", "EY"}, {"finnair", "AY"},
    {"gulf air", "GF"}, {"iberia", "IB"}, {"ita airways", "AZ"}, {"japan airlines", "JL"}, {"klm", "KL"},
    {"korean air", "KE"}, {"lot", "LO"}, {"lufthansa", "LH"}, {"malaysia airlines", "MH"},
    {"oman air", "WY"}, {"qantas", "QF"}, {"qatar", "QR"}, {"qatar airways", "QR"}, {"ryanair", "FR"},
    {"sas", "SK"}, {"saudia", "SV"}, {"singapore airlines", "SQ"}, {"swiss", "LX"}, {"tap", "TP"},
    {"thai", "TG"}, {"thai airways", "TG"}, {"turkish", "TK"}, {"turkish airlines", "TK"}, {"united", "UA"},
    {"united airlines", "UA"}, {"virgin atlantic", "VS"}, {"vueling", "VY"},
};
// clang-format on

}  // namespace skymarshal::agents::facts
