#include "store/session_codec.hpp"

#include "support/store_samples.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::test::session_codec_test {

using invocations::Interaction;
using invocations::InteractionStatus;
using store::decode_interaction;
using store::encode_interaction;
using store::parse_status;

Interaction any_interaction() {
  Interaction interaction = sample_interaction(fresh_id<SessionId>(), {}, WallTime{});
  interaction.principal.id = *rc::gen::arbitrary<std::string>();
  interaction.timestamp = from_unix_ms(*rc::gen::arbitrary<std::int64_t>());
  interaction.prompt = *rc::gen::arbitrary<std::string>();
  interaction.response = share_text(*rc::gen::arbitrary<std::string>());
  interaction.status =
      *rc::gen::element(InteractionStatus::success, InteractionStatus::error, InteractionStatus::timeout);
  interaction.execution_time_ms = *rc::gen::arbitrary<std::int64_t>();
  interaction.error_message = *rc::gen::arbitrary<std::string>();
  return interaction;
}

TEST(SessionCodec, KnowsItsOwnStatusesOnly) {
  for (const auto status :
       {InteractionStatus::success, InteractionStatus::error, InteractionStatus::timeout}) {
    EXPECT_EQ(parse_status(to_text(status)), status);
  }
  for (const char* const word : {"", "Success", "success ", "failed"}) EXPECT_FALSE(parse_status(word));
}

RC_GTEST_PROP(SessionCodec, InteractionComesBackWithEveryField, ()) {
  const Interaction interaction = any_interaction();
  const auto decoded = decode_interaction(encode_interaction(interaction));
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(same(*decoded, interaction));
}

RC_GTEST_PROP(SessionCodec, RefusesEveryPartAndEveryMore, ()) {
  const std::string bytes = encode_interaction(any_interaction());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    RC_ASSERT(!decode_interaction(std::string_view(bytes).substr(0, size)).has_value());
  }
  RC_ASSERT(!decode_interaction(bytes + 'x').has_value());
}

RC_GTEST_PROP(SessionCodec, TakesDamagedBytesForNothingShorterOrLonger, (char damage)) {
  std::string bytes = encode_interaction(any_interaction());
  bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = damage;
  const auto decoded = decode_interaction(bytes);
  if (decoded) RC_ASSERT(encode_interaction(*decoded).size() == bytes.size());
}

}  // namespace skymarshal::test::session_codec_test
