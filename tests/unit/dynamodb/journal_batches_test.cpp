// Journals in batches, of any size.
#include "store_rig.hpp"

namespace skymarshal::dynamodb::journal_batches_test {

class Batches : public StoreRig {
 protected:
  std::vector<std::string> all(const RequestId& id) {
    std::vector<std::string> chunks;
    for (bool has_more = true; has_more;) {
      auto part = ask(good->invocation_table.chunks(id, chunks.size(), true));
      EXPECT_TRUE(part);
      if (!part) return chunks;
      has_more = part->has_more;
      std::ranges::move(part->batch.chunks, std::back_inserter(chunks));
    }
    return chunks;
  }
  std::string chunk_of(std::size_t size) {
    std::string bytes(size * 3 / 4, '\0');
    random.fill(std::as_writable_bytes(std::span(bytes)));
    return '"' + base64_encode(bytes) + '"';
  }
};

TEST_F(Batches, OfAnySizeComeBackAndGo) {
  const auto record = record_of(test::fresh_id<SessionId>());
  ASSERT_TRUE(ask(good->invocations.begin(record))->begun);
  std::vector<std::string> said;
  for (const std::size_t size : {10UL, 300'000UL, 2'000'000UL, 16'000'000UL, 10UL}) {
    const std::string chunk = chunk_of(size);
    ASSERT_TRUE(ask(good->invocation_table.put_batch(record.request_id, {said.size() + 1, {chunk, "1"}})));
    said.push_back(chunk);
    said.emplace_back("1");
  }
  EXPECT_EQ(all(record.request_id), said);
  EXPECT_EQ(ask(good->invocation_table.last_chunk(record.request_id)).value(), 10);
  ASSERT_TRUE(ask(good->sessions.erase(record.session_id, owner)));
  EXPECT_TRUE(all_items(tables.names().invocations).empty()) << "with all its parts";
}

TEST_F(Batches, StopWhereOneHasNotComeYet) {
  const auto id = test::fresh_id<RequestId>();
  ASSERT_TRUE(ask(good->invocation_table.put_batch(id, {1, {"1"}})));
  ASSERT_TRUE(ask(good->invocation_table.put_batch(id, {3, {"3"}})));
  EXPECT_EQ(all(id), std::vector<std::string>{"1"});
  ASSERT_TRUE(ask(good->invocation_table.put_batch(id, {2, {"2"}})));
  EXPECT_EQ(all(id), (std::vector<std::string>{"1", "2", "3"}));
}

TEST_F(Batches, OneQuestionTellsThoseWhoHaveReadItAllHowFarItIs) {
  const auto id = test::fresh_id<RequestId>();
  ASSERT_TRUE(ask(good->invocation_table.put_batch(id, {1, {"1", "2", "3"}})));
  const auto nothing_new = ask(good->invocation_table.chunks(id, 3, false));
  EXPECT_TRUE(nothing_new->batch.chunks.empty());
  EXPECT_EQ(nothing_new->last_chunk, 3);
  const auto middle = ask(good->invocation_table.chunks(id, 1, false));
  EXPECT_EQ(middle->batch.chunks, (std::vector<std::string>{"2", "3"}));
  EXPECT_EQ(middle->batch.first_seq, 2U);
  EXPECT_EQ(ask(good->invocation_table.last_chunk(test::fresh_id<RequestId>())).value(), 0);
}

TEST_F(Batches, AreNotTakenForWhatTheyAreNot) {
  const auto id = test::fresh_id<RequestId>();
  Call call("PutItem", tables.names().invocations);
  call.item(Item().text("request_id", id.view()).number("seq", 5).number("first", 4).text("chunks", "1"));
  ASSERT_TRUE(test::run_awaitable(tables.client().write(std::move(call))));
  EXPECT_EQ(ask(good->invocation_table.chunks(id, 3, true)).error().code, Errc::store_refused);
}

}  // namespace skymarshal::dynamodb::journal_batches_test
