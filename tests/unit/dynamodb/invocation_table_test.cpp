// Claims and stop requests in the table of invocations, where two are at it at once.
#include "dynamodb/invocation_table.hpp"

#include "store_rig.hpp"

namespace skymarshal::dynamodb::invocation_table_test {

class Table : public StoreRig {};

TEST_F(Table, AClaimIsTakenOverFromWhomItWasSeenToBeFreeAlone) {
  const auto first = record_of(test::fresh_id<SessionId>(), "key");
  const auto second = record_of(test::fresh_id<SessionId>(), "key");
  const auto third = record_of(test::fresh_id<SessionId>(), "key");
  EXPECT_TRUE(ask(good->invocation_table.put_claim(first, {})).value());
  EXPECT_TRUE(ask(good->invocation_table.put_claim(first, {})).value()) << "it may come twice";
  EXPECT_FALSE(ask(good->invocation_table.put_claim(second, {})).value());
  // Its holder is not there: it was withdrawn, or is long gone.
  const auto claimed = ask(good->invocation_table.claimant(owner, "key"));
  EXPECT_FALSE(claimed->head);
  EXPECT_EQ(claimed->may_be_taken_from, first.request_id);
  EXPECT_TRUE(ask(good->invocation_table.put_claim(second, first.request_id)).value());
  EXPECT_FALSE(ask(good->invocation_table.put_claim(third, first.request_id)).value())
      << "another was quicker";
}

TEST_F(Table, OneIsPutOnce) {
  const auto record = record_of(test::fresh_id<SessionId>());
  EXPECT_TRUE(ask(good->invocation_table.put(record)).value());
  EXPECT_FALSE(ask(good->invocation_table.put(record)).value());
}

TEST_F(Table, LongPromptsComeBackWithTheirRecord) {
  auto record = record_of(test::fresh_id<SessionId>());
  record.prompt = std::string(500'000, 'x') + "ü";
  ASSERT_TRUE(ask(good->invocation_table.put(record)).value());
  const auto open = ask(good->invocation_table.open_ones("gateway-1"));
  ASSERT_EQ(open->size(), 1U);
  EXPECT_EQ(open->at(0).prompt, record.prompt);
}

TEST_F(Table, OneThatCannotBeReadHidesNoneOfTheOthers) {
  auto damaged = record_of(test::fresh_id<SessionId>());
  damaged.prompt = noise(400'000);
  ASSERT_TRUE(ask(good->invocation_table.put(damaged)).value());
  for (const Item& item : all_items(tables.names().invocations)) {
    if (!item.has("part")) continue;
    Call call("DeleteItem", tables.names().invocations);
    call.key(Item()
                 .text("request_id", *item.find_text("request_id"))
                 .digits("seq", std::string(*item.find_digits("seq"))));
    ASSERT_TRUE(test::run_awaitable(tables.client().write(std::move(call))));
  }
  const auto odd = test::fresh_id<RequestId>();
  Call call("PutItem", tables.names().invocations);
  call.item(invocation_key(odd).text("runner", "gateway-1").number("listed_at", 5));
  ASSERT_TRUE(test::run_awaitable(tables.client().write(std::move(call))));
  const auto whole = record_of(test::fresh_id<SessionId>());
  ASSERT_TRUE(ask(good->invocation_table.put(whole)).value());

  const auto open = ask(good->invocation_table.open_ones("gateway-1"));
  ASSERT_TRUE(open);
  ASSERT_EQ(open->size(), 2U);
  for (const auto& record : *open)
    EXPECT_EQ(record.prompt, record.request_id == whole.request_id ? whole.prompt : "")
        << "rather than no end";
}

TEST_F(Table, WhoRunsItHearsThatItIsToEnd) {
  const auto record = record_of(test::fresh_id<SessionId>());
  ASSERT_TRUE(ask(good->invocations.begin(record))->begun);
  EXPECT_TRUE(ask(good->invocation_table.stop_asked("gateway-1"))->empty());
  ASSERT_TRUE(ask(good->invocation_table.ask_to_stop(record.request_id, test::fresh_principal())));
  EXPECT_TRUE(ask(good->invocation_table.stop_asked("gateway-1"))->empty()) << "it is not theirs";
  ASSERT_TRUE(ask(good->invocation_table.ask_to_stop(record.request_id, owner)));
  EXPECT_EQ(ask(good->invocation_table.stop_asked("gateway-1")).value(),
            std::vector<RequestId>{record.request_id});
  EXPECT_TRUE(ask(good->invocation_table.stop_asked("gateway-2"))->empty());
  ASSERT_TRUE(ask(good->invocations.finish(end_of(record))));
  EXPECT_TRUE(ask(good->invocation_table.stop_asked("gateway-1"))->empty());
  EXPECT_TRUE(ask(good->invocation_table.ask_to_stop(record.request_id, owner)))
      << "it has ended: nothing to do";
}

}  // namespace skymarshal::dynamodb::invocation_table_test
