#include "agents/assessment/offload.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::assessment {
namespace {

ops::Consignment consignment(std::string waybill, std::string kind, std::int32_t weight_kg) {
  ops::Consignment made;
  made.waybill = std::move(waybill);
  made.kind = std::move(kind);
  made.weight_kg = weight_kg;
  return made;
}

std::vector<std::string> names(const std::vector<const ops::Consignment*>& order) {
  std::vector<std::string> waybills;
  for (const ops::Consignment* one : order) waybills.push_back(one->waybill);
  return waybills;
}

const std::vector<ops::Consignment> mixed = {
    consignment("W1", "pharma", 1'000), consignment("W2", "general", 500),
    consignment("W3", "general", 2'000), consignment("W4", "perishables", 3'000),
    consignment("W5", "general", 500)};

TEST(Offload, NothingGoesAtTheLimit) {
  EXPECT_EQ(weight_of(mixed), 7'000);
  EXPECT_TRUE(offload_order(mixed, 7'000).empty());
}

TEST(Offload, TheHeaviestOfTheLeastPriorityGoesFirst) {
  EXPECT_EQ(names(offload_order(mixed, 6'999)), (std::vector<std::string>{"W3"}));
  EXPECT_EQ(names(offload_order(mixed, 4'400)), (std::vector<std::string>{"W3", "W2", "W5"}));
  EXPECT_EQ(names(offload_order(mixed, 3'999)), (std::vector<std::string>{"W3", "W2", "W5", "W4"}));
  EXPECT_EQ(offload_order(mixed, 0).size(), 5U);
}

RC_GTEST_PROP(Offload, WhatStaysFitsAndTheLastOneWasNeeded, ()) {
  std::vector<ops::Consignment> cargo;
  const auto weights = *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 5'000));
  for (std::size_t i = 0; i < weights.size(); ++i)
    cargo.push_back(consignment("W" + std::to_string(i), i % 2 == 0 ? "general" : "pharma", weights[i]));
  const auto kg_max = *rc::gen::inRange(0, 20'000);
  std::int64_t left = weight_of(cargo);
  for (const ops::Consignment* gone : offload_order(cargo, kg_max)) {
    RC_ASSERT(left > kg_max);
    left -= gone->weight_kg;
  }
  RC_ASSERT(left <= kg_max);
}

}  // namespace
}  // namespace skymarshal::agents::assessment
