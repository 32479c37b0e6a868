// Invocations and claims as items.
#include "dynamodb/invocation_items.hpp"

#include "support/store_samples.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::dynamodb::invocation_items_test {

using invocations::InvocationState;

invocations::InvocationRecord sample_record() {
  invocations::InvocationRecord record;
  record.request_id = test::fresh_id<RequestId>();
  record.session_id = test::fresh_id<SessionId>();
  record.owner = {"alice"};
  record.accepted_at = from_unix_ms(1'767'225'600'123);
  record.runner = "gateway-1";
  record.claim = {"key", "print"};
  return record;
}

TEST(InvocationItems, AHeadComesBackAsItWas) {
  auto record = sample_record();
  const auto read = read_invocation(invocation_item(record, "word", 5));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->head.request_id, record.request_id);
  EXPECT_EQ(read->head.session_id, record.session_id);
  EXPECT_EQ(read->head.owner, record.owner);
  EXPECT_EQ(read->head.accepted_at, record.accepted_at);
  EXPECT_EQ(read->head.state, InvocationState::running);
  EXPECT_EQ(read->head.fingerprint, "print");
  EXPECT_EQ(read->idempotency_key, "key");
  EXPECT_EQ(read->runner + read->word, "gateway-1word");
  record.waits = true;
  EXPECT_EQ(read_invocation(invocation_item(record, "word", 5))->head.state, InvocationState::queued);
  EXPECT_FALSE(read_invocation(Item()));
  EXPECT_FALSE(read_invocation(invocation_item(record, "w", 5).text("state", "odd")));
}

TEST(InvocationItems, ClaimsOfTwoNeverMeet) {
  const Item key = claim_key({"alice"}, "order");
  EXPECT_EQ(key, claim_key({"alice"}, "order"));
  EXPECT_NE(key, claim_key({"bob"}, "order"));
  EXPECT_NE(key, claim_key({"alice"}, "order2"));
  EXPECT_NE(claim_key({"a"}, "bc"), claim_key({"ab"}, "c"));
  EXPECT_EQ(key.find_text("request_id")->size(), 70U) << "however long both are";
}

TEST(InvocationItems, AClaimComesBackAsItWas) {
  const auto id = test::fresh_id<RequestId>();
  Item item = claim_key({"alice"}, "order").text("held_by", id.view()).text("fingerprint", "print");
  EXPECT_EQ(read_claim(item)->held_by, id);
  EXPECT_FALSE(read_claim(item)->erased_since);
  EXPECT_EQ(read_claim(item.number("erased_since", 7))->erased_since, from_unix_ms(7));
  EXPECT_FALSE(read_claim(Item()));
}

RC_GTEST_PROP(InvocationItemsProperty, AreListedByTimeAndThenById, ()) {
  const auto a_ms = *rc::gen::inRange<std::int64_t>(1'000'000'000'000, 1'000'000'000'003);
  const auto b_ms = *rc::gen::inRange<std::int64_t>(1'000'000'000'000, 1'000'000'000'003);
  const auto a = test::fresh_id<RequestId>();
  const auto b = test::fresh_id<RequestId>();
  const std::string a_listed = listed_at(from_unix_ms(a_ms), a);
  RC_ASSERT(a_listed.size() == 32U);
  RC_ASSERT((a_listed < listed_at(from_unix_ms(b_ms), b)) == (std::pair(a_ms, a) < std::pair(b_ms, b)));
}

TEST(InvocationItems, KnowTheirPlaceInTheList) {
  const auto id = test::fresh_id<RequestId>();
  Item item = invocation_key(id);
  item.digits("listed_at", listed_at(from_unix_ms(1'767'225'600'123), id));
  const auto place = read_place(item);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->first, 1'767'225'600'123);
  EXPECT_EQ(place->second, id);
  EXPECT_FALSE(read_place(invocation_key(id)));
  EXPECT_FALSE(read_place(item.digits("listed_at", "17")));
}

}  // namespace skymarshal::dynamodb::invocation_items_test
