#include "agents/ops/cells.hpp"

#include "agents/ops/tables.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::ops::cells_test {

template <typename T>
std::optional<T> read(std::string_view cell, const CellRule& rule) {
  T value{};
  return read_cell(cell, rule, value) ? std::optional(value) : std::nullopt;
}

TEST(Cells, NumbersKeepTheirLimitsAndHoldNothingElse) {
  EXPECT_EQ(read<std::int32_t>("0", cell::day_minutes), 0);
  EXPECT_EQ(read<std::int32_t>("1440", cell::day_minutes), 1'440);
  for (const std::string_view bad : {"1441", "-1", "1.5", "12 ", " 12", "0x10", "99999999999", "", "twelve"})
    EXPECT_EQ(read<std::int32_t>(bad, cell::day_minutes), std::nullopt) << bad;
  EXPECT_EQ(read<std::int32_t>("-20", cell::celsius), -20);
}

TEST(Cells, DegreesAreDecimalNumbers) {
  EXPECT_EQ(read<double>("-33.9461", cell::latitude), -33.9461);
  EXPECT_EQ(read<double>("90", cell::latitude), 90.0);
  for (const std::string_view bad : {"90.01", "inf", "nan", "1e1", "12N", ""})
    EXPECT_EQ(read<double>(bad, cell::latitude), std::nullopt) << bad;
}

TEST(Cells, ClocksAreMinutesOfTheDay) {
  EXPECT_EQ(read<std::int32_t>("00:00", cell::clock), 0);
  EXPECT_EQ(read<std::int32_t>("23:59", cell::clock), 1'439);
  for (const std::string_view bad : {"24:00", "12:60", "1:00", "0100", "01:0x", "01-00"})
    EXPECT_EQ(read<std::int32_t>(bad, cell::clock), std::nullopt) << bad;
}

TEST(Cells, DatesAndInstantsExist) {
  EXPECT_TRUE(read<reference::Date>("2028-02-29", cell::date));
  EXPECT_FALSE(read<reference::Date>("2026-02-29", cell::date));
  EXPECT_TRUE(read<reference::UtcMinutes>("2026-06-15T05:30Z", cell::instant));
  for (const std::string_view bad :
       {"2026-06-15T05:30", "2026-06-15 05:30Z", "2026-06-15T24:00Z", "2026-06-15"})
    EXPECT_FALSE(read<reference::UtcMinutes>(bad, cell::instant)) << bad;
}

TEST(Cells, TruthIsWrittenOut) {
  EXPECT_EQ(read<bool>("true", cell::yes_or_no), true);
  EXPECT_EQ(read<bool>("false", cell::yes_or_no), false);
  for (const std::string_view bad : {"1", "yes", "TRUE", ""})
    EXPECT_EQ(read<bool>(bad, cell::yes_or_no), std::nullopt);
}

TEST(Cells, AnOptionalIsFilledAndACharacterIsOne) {
  EXPECT_EQ(read<std::optional<std::int32_t>>("5", cell::count), std::optional<std::int32_t>(5));
  EXPECT_EQ(read<char>("C", cell::mel), 'C');
  EXPECT_EQ(read<char>("E", cell::mel), std::nullopt);
  EXPECT_EQ(read<char>("CC", cell::mel), std::nullopt);
}

TEST(Cells, CodesHaveTheirShape) {
  EXPECT_TRUE(is_iata_airport("AUH"));
  EXPECT_FALSE(is_iata_airport("auh"));
  EXPECT_FALSE(is_iata_airport("OMAA"));
  EXPECT_TRUE(is_icao_airport("OMAA"));
  EXPECT_FALSE(is_icao_airport("AUH"));
  EXPECT_TRUE(is_country("AE"));
  EXPECT_FALSE(is_country("UAE"));
  EXPECT_TRUE(is_type_list("B789 B78X"));
  for (const std::string_view bad : {"", "B789  B78X", "B789,B78X", " B789", "B789 "})
    EXPECT_FALSE(is_type_list(bad));
  EXPECT_TRUE(is_un_number("UN3480"));
  EXPECT_FALSE(is_un_number("3480"));
  EXPECT_TRUE(is_registration("A6-BNC"));
  EXPECT_TRUE(is_registration("N12345"));
  EXPECT_FALSE(is_registration("a6-bnc"));
  EXPECT_FALSE(is_registration("-A6"));
  EXPECT_TRUE(is_id("D-EY283_1.2/3"));
  EXPECT_FALSE(is_id("D EY283"));
  EXPECT_FALSE(is_id(std::string(41, 'x')));
}

TEST(Cells, FlightNumbersAreDesignatorAndNumber) {
  for (const std::string_view good : {"EY283", "U21234", "9W5", "BA12A"})
    EXPECT_TRUE(is_flight_number(good)) << good;
  for (const std::string_view bad : {"EY", "EY0283", "EY12345", "EYA", "283", "99123", "EY28 3", "ey283"})
    EXPECT_FALSE(is_flight_number(bad)) << bad;
}

TEST(Cells, TextsAreShortUtf8WithoutControlCharacters) {
  EXPECT_EQ(read<std::string>("São Paulo", cell::words), "São Paulo");
  EXPECT_EQ(read<std::string>("a\tb", cell::words), std::nullopt);
  EXPECT_EQ(read<std::string>("\xFF", cell::words), std::nullopt);
  EXPECT_TRUE(read<std::string>(std::string(text_bytes_max, 'x'), cell::words));
  EXPECT_FALSE(read<std::string>(std::string(text_bytes_max + 1, 'x'), cell::words));
}

TEST(Cells, TimeZonesAreOfTheDatabase) {
  EXPECT_TRUE(read<std::string>("Asia/Dubai", cell::zone));
  EXPECT_FALSE(read<std::string>("Asia/Abu_Dhabi", cell::zone));
  EXPECT_FALSE(read<std::string>("UTC+4", cell::zone));
}

}  // namespace skymarshal::agents::ops::cells_test
