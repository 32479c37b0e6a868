// Log lines as they leave on standard error.
#include "base/log.hpp"

#include "support/manual_clock.hpp"

#include <sstream>
#include <thread>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace skymarshal::log_test {

/// What `work` logs, line by line. The logger is gone, and with it its queue, before the lines are read.
template <typename Work>
std::vector<std::string> lines_of(LogLevel level, Work work) {
  const test::ManualClock clock;
  ::testing::internal::CaptureStderr();
  {
    Logger::Options options;
    options.level = level;
    Logger log(options, clock);
    work(log);
  }
  std::istringstream text(::testing::internal::GetCapturedStderr());
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

TEST(ParseLogLevel, TakesAnyLetterCase) {
  EXPECT_EQ(*parse_log_level("DEBUG"), LogLevel::debug);
  EXPECT_EQ(*parse_log_level("info"), LogLevel::info);
  EXPECT_EQ(*parse_log_level("Warn"), LogLevel::warning);
  EXPECT_EQ(*parse_log_level("WARNING"), LogLevel::warning);
  EXPECT_EQ(*parse_log_level("eRRor"), LogLevel::error);
  EXPECT_EQ(*parse_log_level("off"), LogLevel::off);
}

TEST(ParseLogLevel, RefusesOtherWordsAndNamesThem) {
  for (const std::string_view text : {"", "verbose", "INFO ", "1"}) {
    const Result<LogLevel> level = parse_log_level(text);
    ASSERT_TRUE(level.has_error()) << text;
    EXPECT_EQ(level.error().code, Errc::invalid_request);
    EXPECT_NE(level.error().message.find("'" + std::string(text) + "'"), std::string::npos);
  }
}

TEST(Logger, WritesOneJsonLineAnEvent) {
  const std::vector<std::string> lines = lines_of(LogLevel::info, [](Logger& log) {
    log.info("invocation_ended",
             {{"request_id", "7f"}, {"took_ms", std::int64_t{12}}, {"share", 0.5}, {"ok", true}});
    log.warning("odd\n\"event\"", {});
  });
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0], R"({"timestamp":"2026-01-01T00:00:00.000Z","level":"INFO","event":"invocation_ended",)"
                      R"("request_id":"7f","took_ms":12,"share":0.5,"ok":true})");
  EXPECT_EQ(lines[1],
            R"({"timestamp":"2026-01-01T00:00:00.000Z","level":"WARNING","event":"odd\n\"event\""})");
}

TEST(Logger, WritesObjectsBesidePlainFields) {
  const std::vector<std::string> lines = lines_of(LogLevel::info, [](Logger& log) {
    log.info("ended", {{"context", LogJson{R"({"stage":"queue"})"}}, {"ok", true}});
  });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find(R"("event":"ended","context":{"stage":"queue"},"ok":true})"), std::string::npos)
      << lines[0];
}

TEST(Logger, WritesTextThatLooksLikeAFormatAsItIs) {
  const std::vector<std::string> lines =
      lines_of(LogLevel::info, [](Logger& log) { log.info("{} %v %s", {{"{0}", "{nothing} %d"}}); });
  ASSERT_EQ(lines.size(), 1u);
  const boost::json::value line = boost::json::parse(lines[0]);
  EXPECT_EQ(line.at("event").as_string(), "{} %v %s");
  EXPECT_EQ(line.at("{0}").as_string(), "{nothing} %d");
}

TEST(Logger, LeavesOutWhatIsBelowItsLevel) {
  const std::vector<std::string> lines = lines_of(LogLevel::warning, [](Logger& log) {
    log.debug("a", {});
    log.info("b", {});
    log.warning("c", {});
    log.error("d", {});
    EXPECT_FALSE(log.enabled(LogLevel::info));
    EXPECT_TRUE(log.enabled(LogLevel::error));
  });
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_NE(lines[0].find("\"c\""), std::string::npos);
  EXPECT_NE(lines[1].find("\"d\""), std::string::npos);
}

TEST(Logger, IsSilentWhenOff) {
  const std::vector<std::string> lines = lines_of(LogLevel::off, [](Logger& log) {
    log.error("a", {});
    log.write(LogLevel::error, "b", {});
    EXPECT_FALSE(log.enabled(LogLevel::error));
    EXPECT_FALSE(log.enabled(LogLevel::off));
  });
  EXPECT_TRUE(lines.empty());
}

TEST(Logger, KeepsLinesOfManyThreadsWhole) {
  const std::vector<std::string> lines = lines_of(LogLevel::info, [](Logger& log) {
    std::vector<std::thread> threads;
    for (std::int64_t thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&log, thread] {
        for (std::int64_t i = 0; i < 500; ++i) log.info("tick", {{"thread", thread}, {"i", i}});
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  ASSERT_EQ(lines.size(), 2000u);
  std::array<std::int64_t, 4> next{};
  for (const std::string& line : lines) {
    const boost::json::value json = boost::json::parse(line);
    const auto thread = static_cast<std::size_t>(json.at("thread").as_int64());
    EXPECT_EQ(json.at("i").as_int64(), next.at(thread)++);
  }
}

}  // namespace skymarshal::log_test
