#include "agents/ops/problems.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace skymarshal::agents::ops {
namespace {

TEST(Problems, NamesFileLineAndColumn) {
  Problems problems;
  EXPECT_TRUE(problems.none());
  problems.add("flights.csv", 12, "destination", "XXX is in no row of airports.csv");
  problems.add("flights.csv", 13, "", "7 cells where the first line names 8");
  problems.add_file("airports.csv", "is missing");
  EXPECT_FALSE(problems.none());
  EXPECT_EQ(problems.as_error().code, Errc::invalid_request);
  EXPECT_EQ(problems.as_error().message,
            "flights.csv:12: destination: XXX is in no row of airports.csv\n"
            "flights.csv:13: 7 cells where the first line names 8\n"
            "airports.csv: is missing");
}

TEST(Problems, NamesTwentyAndCountsTheRest) {
  Problems problems;
  for (std::size_t line = 1; line <= 23; ++line) problems.add("crew.csv", line, "rank", "is empty");
  const std::string message = problems.as_error().message;
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n'), 20);
  EXPECT_NE(message.find("crew.csv:20:"), std::string::npos);
  EXPECT_EQ(message.find("crew.csv:21:"), std::string::npos);
  EXPECT_TRUE(message.ends_with("\nand 3 more"));
}

}  // namespace
}  // namespace skymarshal::agents::ops
