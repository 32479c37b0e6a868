#include "store/outbox_record.hpp"

#include "store/byte_fields.hpp"
#include "store/session_codec.hpp"
#include "support/store_samples.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::test::outbox_record_test {

using invocations::FinishedInvocation;
using invocations::Interaction;
using store::decode_record;
using store::encode_record;
using store::OutboxRecord;

Interaction some_interaction() {
  return sample_interaction(fresh_id<SessionId>(), fresh_principal(), from_unix_ms(1'760'000'000'000));
}

FinishedInvocation some_finished() {
  FinishedInvocation finished;
  finished.interaction = some_interaction();
  finished.end.body = finished.interaction.response;
  finished.end.ended_at = finished.interaction.timestamp;
  finished.end.execution_time = Milliseconds(42);
  finished.end.error = make_error(Errc::timeout, "too late", R"({"stage":"total"})");
  finished.rest = {7, {R"({"agent":"cargo"})", "2"}};
  finished.releases_claim = true;
  return finished;
}

TEST(OutboxRecord, KeepsAnInteraction) {
  const Interaction interaction = some_interaction();
  const auto record = decode_record(encode_record(interaction));
  ASSERT_TRUE(record && std::holds_alternative<Interaction>(*record));
  EXPECT_TRUE(same(std::get<Interaction>(*record), interaction));
}

TEST(OutboxRecord, KeepsAFinishedInvocation) {
  const FinishedInvocation finished = some_finished();
  const auto record = decode_record(encode_record(finished));
  ASSERT_TRUE(record && std::holds_alternative<FinishedInvocation>(*record));
  const auto& read = std::get<FinishedInvocation>(*record);
  EXPECT_TRUE(same(read.interaction, finished.interaction));
  EXPECT_EQ(*read.end.body, *finished.end.body);
  EXPECT_EQ(read.end.error->code, Errc::timeout);
  EXPECT_EQ(read.end.error->details, finished.end.error->details);
  EXPECT_EQ(read.end.execution_time, finished.end.execution_time);
  EXPECT_EQ(read.rest.first_seq, 7U);
  EXPECT_EQ(read.rest.chunks, finished.rest.chunks);
  EXPECT_TRUE(read.releases_claim);
}

TEST(OutboxRecord, ReadsWhatEarlierVersionsPutAside) {
  const Interaction interaction = some_interaction();
  const auto record = decode_record(store::encode_interaction(interaction));
  ASSERT_TRUE(record && std::holds_alternative<Interaction>(*record));
  EXPECT_TRUE(same(std::get<Interaction>(*record), interaction));
}

TEST(OutboxRecord, RefusesOtherKindsAndVersions) {
  std::string record = encode_record(some_interaction());
  record[4] = '3';
  EXPECT_FALSE(decode_record(record)) << "a newer version";
  record[4] = '2';
  EXPECT_TRUE(decode_record(record));
  record[5] = 'x';
  EXPECT_FALSE(decode_record(record)) << "a kind that is none";
  EXPECT_FALSE(decode_record(""));
}

RC_GTEST_PROP(OutboxRecord, RefusesWhatWasCutOrIsTooLong, ()) {
  const std::string whole = encode_record(some_finished());
  const auto size = *rc::gen::inRange<std::size_t>(0, whole.size());
  RC_ASSERT(!decode_record(whole.substr(0, size)));
  RC_ASSERT(!decode_record(whole + "x"));
}

RC_GTEST_PROP(OutboxRecord, ReadsAnyBytesWithoutHarm, (const std::string& bytes)) {
  (void)decode_record(bytes);
  (void)decode_record("SKYR2f" + bytes);
  std::string numbers = "SKYR2f0";
  store::append_number(numbers, 0);
  store::append_number(numbers, 1);
  store::append_number(numbers, ~std::uint64_t{0});
  RC_ASSERT(!decode_record(numbers + bytes));
}

}  // namespace skymarshal::test::outbox_record_test
