// How a run failed, as callers and the log are told.
#include "runtime/run_failure.hpp"

#include "support/json_text.hpp"

#include <gtest/gtest.h>

namespace skymarshal::runtime::run_failure_test {

using std::chrono::seconds;
using test::text_at;
using test::value_at;

TEST(RunFailure, GivesTheRuntimesErrorsTheirPlace) {
  struct Row {
    const char* code;
    Errc errc;
  };
  for (const Row& row : {Row{"TIMEOUT", Errc::timeout}, Row{"THROTTLED", Errc::runtime_unavailable},
                         Row{"OVERLOADED", Errc::runtime_unavailable}, Row{"timeout", Errc::runtime_error},
                         Row{"", Errc::runtime_error}, Row{"INTERNAL_ERROR", Errc::runtime_error}}) {
    RuntimeWords words;
    words.code = row.code;
    words.message = "why";
    const Failure failure = reported(words);
    EXPECT_EQ(failure.error.code, row.errc) << row.code;
    EXPECT_NE(failure.error.message.find("why"), std::string::npos);
    EXPECT_EQ(text_at(failure.error.details, {"code"}), row.code);
    EXPECT_EQ(text_at(failure.error.details, {"message"}), "why");
    EXPECT_EQ(value_at(failure.error.details, {"runtime"}), runtime_words_json(words));
    const bool busy = row.errc == Errc::runtime_unavailable;
    EXPECT_EQ(failure.error.retry_after, busy ? std::optional(seconds(5)) : std::nullopt) << row.code;
  }
}

TEST(RunFailure, PassesOnWhenTheRuntimeWantsToBeAskedAgain) {
  RuntimeWords words;
  words.code = "THROTTLED";
  words.retry_after = seconds(17);
  EXPECT_EQ(reported(words).error.retry_after, seconds(17));
  words = {};
  words.http_status = 429;
  EXPECT_EQ(refused(words, "").error.retry_after, seconds(5));
  words.retry_after = seconds(17);
  EXPECT_EQ(refused(words, "").error.retry_after, seconds(17));
  words.http_status = 403;
  EXPECT_EQ(refused(words, "").error.retry_after, std::nullopt) << "asking again does not help";
}

TEST(RunFailure, TakesTheBestWordThereIsForTheReason) {
  RuntimeWords words;
  EXPECT_NE(reported(words).error.message.find("no reason given"), std::string::npos);
  words.type = "ValueError";
  EXPECT_NE(reported(words).error.message.find("ValueError"), std::string::npos);
  words.code = "E_1";
  EXPECT_NE(reported(words).error.message.find("E_1"), std::string::npos);
  words.message = "no more tokens";
  EXPECT_NE(reported(words).error.message.find("no more tokens"), std::string::npos);
}

TEST(RunFailure, TellsRefusalsApart) {
  struct Row {
    unsigned status;
    Errc errc;
  };
  for (const Row& row :
       {Row{200, Errc::runtime_refused}, Row{400, Errc::runtime_refused}, Row{401, Errc::runtime_refused},
        Row{403, Errc::runtime_refused}, Row{404, Errc::runtime_refused}, Row{429, Errc::runtime_unavailable},
        Row{500, Errc::connection_failed}, Row{502, Errc::connection_failed},
        Row{503, Errc::runtime_unavailable}}) {
    RuntimeWords words;
    words.http_status = row.status;
    words.body = R"({"message":"no"})";
    const Failure failure = refused(words, "10.0.0.7:8080 refused the handshake");
    EXPECT_EQ(failure.error.code, row.errc) << row.status;
    EXPECT_EQ(value_at(failure.error.details, {"runtime", "http_status"}), std::to_string(row.status));
    EXPECT_EQ(text_at(failure.error.details, {"runtime", "body"}), words.body);
    EXPECT_NE(failure.cause.find(words.body), std::string::npos) << failure.cause;
  }
}

TEST(RunFailure, TellsTheLogWhereAndTheCallerNot) {
  const std::string where = "could not connect to 10.0.0.7:8080: refused";
  RuntimeWords words;
  words.http_status = 500;
  for (const Failure& failure : {unreachable(where), refused(words, where), went_away(where)}) {
    EXPECT_NE(failure.cause.find("10.0.0.7:8080"), std::string::npos);
    EXPECT_EQ(failure.error.message.find("10.0.0.7"), std::string::npos) << failure.error.message;
    EXPECT_EQ(failure.error.details.find("10.0.0.7"), std::string::npos) << failure.error.details;
  }
}

TEST(RunFailure, TellsADeadPathFromAnAgentThatThinks) {
  const Error silent = timed_out(silence_stage, Milliseconds(120'000), 5).error;
  EXPECT_EQ(silent.code, Errc::timeout);
  EXPECT_EQ(silent.details, R"({"stage":"silence","limit_ms":120000,"unanswered_pings":5})");
  const Error thinking = timed_out(first_message_stage, Milliseconds(7), 0).error;
  EXPECT_EQ(thinking.details, R"({"stage":"first_message","limit_ms":7})");
}

TEST(RunFailure, RepeatsWhatAClosingRuntimeSaid) {
  const Failure failure = closed_without_end(1011, "out of\x1B memory", {});
  EXPECT_EQ(failure.error.code, Errc::runtime_protocol_error);
  EXPECT_NE(failure.error.message.find("1011: out of memory"), std::string::npos) << failure.error.message;
  EXPECT_EQ(failure.error.details, R"({"runtime":{"close_code":1011,"close_reason":"out of memory"}})");
  const Failure busy = closed_for_now(1013, "full");
  EXPECT_EQ(busy.error.code, Errc::runtime_unavailable);
  EXPECT_EQ(busy.error.retry_after, seconds(5));
  EXPECT_EQ(busy.error.details, R"({"runtime":{"close_code":1013,"close_reason":"full"}})");
}

TEST(RunFailure, SaysWhatCouldNotBeRead) {
  const Unreadable unreadable{3, "it is empty (message 7, 0 bytes)"};
  for (const Failure& failure :
       {unreadable_end("complete", unreadable), too_many_unreadable(2, unreadable),
        closed_without_end(1000, "", unreadable), broken_off("it was reset", unreadable)}) {
    EXPECT_EQ(failure.error.code, Errc::runtime_protocol_error);
    EXPECT_NE(failure.error.message.find(unreadable.last), std::string::npos) << failure.error.message;
    EXPECT_EQ(value_at(failure.error.details, {"unreadable_messages"}), "3");
  }
  EXPECT_EQ(broken_off("it was reset", {}).error.details, "");
}

TEST(RunFailure, NamesTheLimitOfAMessage) {
  const Failure failure = message_too_large(999);
  EXPECT_EQ(failure.error.code, Errc::runtime_protocol_error);
  EXPECT_NE(failure.error.message.find("999 bytes"), std::string::npos);
}

}  // namespace skymarshal::runtime::run_failure_test
