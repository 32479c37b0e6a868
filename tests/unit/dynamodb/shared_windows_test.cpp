// The item of a shared count: what a report asks for, and what is read from it.
#include "dynamodb/shared_windows.hpp"

#include <gtest/gtest.h>

namespace skymarshal::dynamodb::shared_windows_test {

TEST(SharedWindows, AReportIsOneUpdateThatAddsAndRemovesOnce) {
  SharedWindowReport report;
  report.report.changes = {{41, -2}, {42, 7}};
  report.writer = "abcd";
  report.number_ms = 5;
  report.ttl_s = 99;
  report.stale = {"n7", "wgone"};
  const std::string body = report_call("limits", {"principal#ada", 60'000}, report).body();
  for (const char* const part :
       {R"("SET #wabcd = :seen, #ttl = :ttl ADD #n41 :n41, #n42 :n42 REMOVE #n7, #wgone")",
        R"("attribute_not_exists(#wabcd) OR #wabcd < :seen")", R"(":n41":{"N":"-2"})",
        R"("client_id":{"S":"principal#ada"})", R"("window":{"N":"60000"})", R"("ALL_NEW")"})
    EXPECT_NE(body.find(part), std::string::npos) << part << " in " << body;
}

TEST(SharedWindows, WhatCountsIsReadAndTheRestIsStale) {
  Item item;
  item.text("client_id", "account#0").number("window", 1'000).number("ttl", 1);
  item.number("n9", 3).number("n10", 4).number("n11", 5).number("wold", 99).number("wnew", 101);
  const SharedWindowContents contents = read_shared_window(item, 10, 100);
  EXPECT_EQ(contents.counts, (limits::SliceCounts{{10, 4}, {11, 5}}));
  EXPECT_EQ(contents.stale, (std::vector<std::string>{"n9", "wold"}));
  EXPECT_TRUE(read_shared_window(Item(), 0, 0).counts.empty());
}

}  // namespace skymarshal::dynamodb::shared_windows_test
