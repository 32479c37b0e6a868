#include "invocations/ending.hpp"

#include "support/fake_runtime.hpp"
#include "support/json_text.hpp"

#include <gtest/gtest.h>

namespace skymarshal::invocations::ending_test {

using test::text_at;
using test::value_at;

const RequestId request_id = *RequestId::parse("11111111-1111-4111-8111-111111111111");
const SessionId session_id = *SessionId::parse("22222222-2222-4222-8222-222222222222");

TEST(Ending, AFailureTellsWhatHadCome) {
  Journal said;
  said.append_chunk(test::runtime_message("1"));
  InvocationEnd end;
  end.ended_at = from_unix_ms(1'000);
  fail_with(end, make_error(Errc::timeout, "too late", "{\"stage\":\n\"total\"}"), said, request_id);
  EXPECT_EQ(text_at(*end.body, {"request_id"}), request_id.view());
  EXPECT_EQ(value_at(*end.body, {"details"}), R"({"stage":"total","received":{"count":1,"chunks":[1]}})");
  EXPECT_EQ(value_at(*end.body, {"details"}), end.error->details) << "on one line, for the event";
}

TEST(Ending, EveryEndIsRememberedInItsWords) {
  const Principal alice{"alice"};
  const std::string prompt = "EY283 is late";
  InvocationEnd end;
  end.body = share_text("{}");
  end.ended_at = from_unix_ms(1'000);
  end.execution_time = Milliseconds(42);
  const Interaction success = interaction_of({request_id, session_id, alice, prompt}, end);
  EXPECT_EQ(success.request_id, request_id);
  EXPECT_EQ(success.session_id, session_id);
  EXPECT_EQ(success.principal, alice);
  EXPECT_EQ(success.prompt, prompt);
  EXPECT_EQ(success.timestamp, end.ended_at);
  EXPECT_EQ(success.execution_time_ms, 42);
  EXPECT_EQ(success.response, end.body) << "not a copy";
  EXPECT_EQ(success.status, InteractionStatus::success);
  EXPECT_TRUE(success.error_message.empty());
  for (const auto& [code, status] : {std::pair(Errc::timeout, InteractionStatus::timeout),
                                     std::pair(Errc::cancelled, InteractionStatus::error)}) {
    end.error = make_error(code, "why");
    const Interaction failure = interaction_of({request_id, session_id, alice, prompt}, end);
    EXPECT_EQ(failure.status, status);
    EXPECT_EQ(failure.error_message, "why");
  }
}

}  // namespace skymarshal::invocations::ending_test
