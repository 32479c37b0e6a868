// What had come of a run that failed.
#include "invocations/received.hpp"

#include "support/fake_runtime.hpp"

#include <gtest/gtest.h>

namespace skymarshal::invocations::received_test {

std::string details_with(const std::vector<std::string>& chunks, std::string details = {},
                         std::size_t bytes_max = received_bytes_max) {
  Journal journal;
  for (const std::string& chunk : chunks) journal.append_chunk(test::runtime_message(chunk));
  Error error = make_error(Errc::timeout, "too late", std::move(details));
  add_received(error, journal, bytes_max);
  return error.details;
}

TEST(Received, HoldsEveryChunkInItsOrder) {
  EXPECT_EQ(details_with({R"({"agent":"cargo"})", "2"}),
            R"({"received":{"count":2,"chunks":[{"agent":"cargo"},2]}})");
}

TEST(Received, StandsBehindTheOtherDetails) {
  EXPECT_EQ(details_with({"1"}, R"({"stage":"silence"})"),
            R"({"stage":"silence","received":{"count":1,"chunks":[1]}})");
  EXPECT_EQ(details_with({"1"}, "{}"), R"({"received":{"count":1,"chunks":[1]}})");
}

TEST(Received, IsLeftOutWhereNothingHadCome) {
  EXPECT_EQ(details_with({}), "");
  EXPECT_EQ(details_with({}, R"({"stage":"connect"})"), R"({"stage":"connect"})");
}

TEST(Received, KeepsTheLastThatFitAndCountsAll) {
  const std::vector<std::string> chunks = {"1111", "2222", "3333"};
  EXPECT_EQ(details_with(chunks, {}, 15), R"({"received":{"count":3,"chunks":[1111,2222,3333]}})");
  EXPECT_EQ(details_with(chunks, {}, 14), R"({"received":{"count":3,"chunks":[2222,3333]}})");
  EXPECT_EQ(details_with(chunks, {}, 4), R"({"received":{"count":3,"chunks":[]}})");
}

TEST(Received, ALargeChunkPushesNoOtherOut) {
  EXPECT_EQ(details_with({"1111", "2222", "\"longer than all of it\"", "4"}, {}, 14),
            R"({"received":{"count":4,"chunks":[1111,2222,4]}})");
}

}  // namespace skymarshal::invocations::received_test
