#include "store/invocation_codec.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::store::invocation_codec_test {

using invocations::InvocationEnd;
using std::chrono::seconds;

InvocationEnd sample_end() {
  InvocationEnd end;
  end.execution_time = Milliseconds(1'234);
  end.ended_at = from_unix_ms(1'700'000'000'123);
  end.timings.attempts = 1;
  return end;
}

std::optional<InvocationEnd> read(std::string_view text) { return decode_ending(text); }

TEST(InvocationCodec, IsReadableByWhoeverLooksIntoTheStore) {
  EXPECT_EQ(encode_ending(sample_end()),
            R"({"execution_time_ms":1234,"ended_at_ms":1700000000123,"attempts":1,"unreadable_messages":0})");
  InvocationEnd failed = sample_end();
  failed.queued = Milliseconds(5);
  failed.error = make_error(Errc::timeout, "too slow", R"({"stage":"total"})");
  failed.error->retry_after = seconds(17);
  EXPECT_EQ(
      encode_ending(failed),
      R"({"error":{"code":"TIMEOUT","message":"too slow","details":{"stage":"total"},"retry_after_s":17},)"
      R"("execution_time_ms":1234,"ended_at_ms":1700000000123,"queued_ms":5,"attempts":1,)"
      R"("unreadable_messages":0})");
}

TEST(InvocationCodec, RefusesWhatItNeverWrote) {
  for (
      const std::string_view text :
      {"", "null", "[]", "{}", R"({"execution_time_ms":1})", R"({"execution_time_ms":"1"})",
       R"({"error":{"code":"NO_SUCH_CODE"},"execution_time_ms":1,"ended_at_ms":1,"attempts":1,"unreadable_messages":0})",
       R"({"execution_time_ms":1,"ended_at_ms":1,"attempts":1,"unreadable_messages":0)"}) {
    EXPECT_FALSE(read(text)) << text;
  }
}

std::optional<Milliseconds> any_duration() {
  const auto ms = *rc::gen::inRange(-1, 1'000'000);
  return ms < 0 ? std::nullopt : std::optional(Milliseconds(ms));
}

RC_GTEST_PROP(InvocationCodecProperty, WhatIsWrittenIsReadAgain, ()) {
  InvocationEnd end = sample_end();
  end.queued = any_duration();
  end.timings.connect = any_duration();
  end.timings.first_message = any_duration();
  end.timings.unreadable_messages = *rc::gen::inRange(0, 17);
  if (*rc::gen::arbitrary<bool>()) {
    const auto code = *rc::gen::element(Errc::timeout, Errc::cancelled, Errc::runtime_error);
    end.error =
        make_error(code, *rc::gen::element<std::string>("", "\"quoted\"", "Zoë\n"),
                   *rc::gen::element<std::string>("", "{}", R"({"n":1.00e400,"a":["\ud83d\ude00"]})"));
    if (*rc::gen::arbitrary<bool>()) end.error->retry_after = seconds(*rc::gen::inRange(0, 3'600));
  }
  const auto again = read(encode_ending(end));
  RC_ASSERT(again.has_value());
  RC_ASSERT(again->execution_time == end.execution_time);
  RC_ASSERT(again->ended_at == end.ended_at);
  RC_ASSERT(again->queued == end.queued);
  RC_ASSERT(again->timings.connect == end.timings.connect);
  RC_ASSERT(again->timings.first_message == end.timings.first_message);
  RC_ASSERT(again->timings.attempts == end.timings.attempts);
  RC_ASSERT(again->timings.unreadable_messages == end.timings.unreadable_messages);
  RC_ASSERT(again->error.has_value() == end.error.has_value());
  if (!end.error) return;
  RC_ASSERT(again->error->code == end.error->code);
  RC_ASSERT(again->error->message == end.error->message);
  RC_ASSERT(again->error->details == end.error->details);
  RC_ASSERT(again->error->retry_after == end.error->retry_after);
}

}  // namespace skymarshal::store::invocation_codec_test
