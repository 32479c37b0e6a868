// Texts of any length in and out of items.
#include "dynamodb/stored_text.hpp"

#include "store_rig.hpp"
#include "unit/dynamodb/peer_client.hpp"

#include <map>

#include <rapidcheck/gtest.h>

namespace skymarshal::dynamodb::stored_text_test {

const TextTable table{"t", "id", "n"};

std::string noise(std::size_t size) {
  SystemRandom random;
  std::string bytes(size, '\0');
  random.fill(std::as_writable_bytes(std::span(bytes)));
  return base64_encode(bytes).substr(0, size);
}

TEST(PackText, LeavesShortTextsAsTheyAre) {
  Item item;
  EXPECT_TRUE(pack_text(item, "a", "short", "x", table, {}).empty());
  EXPECT_EQ(item, Item().text("a", "short"));
}

TEST(PackText, CompressesWhatIsLonger) {
  Item item;
  EXPECT_TRUE(pack_text(item, "a", std::string(100'000, 'x'), "x", table, {}).empty());
  EXPECT_LT(item.bytes_max(), 200U);
  EXPECT_TRUE(item.find_bytes("a_zstd"));
}

TEST(PackText, CutsWhatDoesNotFitIntoItemsThatDo) {
  Item item;
  const auto parts = pack_text(item, "a", noise(1'200'000), "x", table, {.ttl_s = 7});
  ASSERT_GE(parts.size(), 3U);
  EXPECT_EQ(item.find_number("a_parts"), static_cast<std::int64_t>(parts.size()));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    EXPECT_LT(parts[i].bytes_max(), 400U * 1000);
    EXPECT_EQ(parts[i].find_number("n"), static_cast<std::int64_t>(i));
    EXPECT_EQ(parts[i].find_number("ttl"), 7);
  }
  EXPECT_EQ(part_keys(item, "a", table).size(), parts.size());
  EXPECT_TRUE(part_keys(item, "b", table).empty());
}

TEST(PackText, SpreadsPartsOverPartitionsAsEachTakesLittleASecond) {
  Item item;
  const auto parts = pack_text(item, "a", noise(3'000'000), "x", table, {});
  std::map<std::string, std::size_t> bytes;
  for (const Item& part : parts) bytes[std::string(*part.find_text("id"))] += part.bytes_max();
  EXPECT_EQ(bytes.size(), (parts.size() + 1) / 2);
  for (const auto& [partition, in_it] : bytes) EXPECT_LT(in_it, 1'000U * 1'000) << partition;
}

TEST(WriteParts, GoesInStepsThatFitIntoTheirTime) {
  const std::string taken = test::PeerClient::answer(200, "{}");
  test::PeerClient rig({taken, taken, taken});
  Item item;
  auto parts = pack_text(item, "a", noise(2'000'000), "x", table, {});
  ASSERT_EQ(parts.size(), 4U);
  parts.push_back(Item().text("id", "y").bytes("part", std::string(100'000, 'x')));
  ASSERT_TRUE(test::run_awaitable(rig.io, write_parts(rig.client, "t", std::move(parts))));
  ASSERT_EQ(rig.peer.requests().size(), 2U + 1U);
  for (const std::string& request : rig.peer.requests()) EXPECT_LT(request.size(), 1'100'000U);
  ASSERT_TRUE(test::run_awaitable(rig.io, write_parts(rig.client, "t", {}))) << "nothing is nothing to send";
}

TEST(PackText, NamesPartsByWhoseTheyAreAndWhatTheySay) {
  const std::string text = noise(800'000);
  const auto name_of = [](const Item& item) { return std::string(*item.find_text("a_parts_of")); };
  Item first, same, other_owner, other_text;
  pack_text(first, "a", text, "x", table, {});
  pack_text(same, "a", text, "x", table, {});
  pack_text(other_owner, "a", text, "y", table, {});
  pack_text(other_text, "a", noise(800'000), "x", table, {});
  EXPECT_EQ(name_of(first), name_of(same));
  EXPECT_NE(name_of(first), name_of(other_owner));
  EXPECT_NE(name_of(first), name_of(other_text));
}

class StoredText : public StoreRig {
 protected:
  TextTable sessions() { return {tables.names().sessions, "session_id", "timestamp"}; }
  Result<std::string> unpack(const Item& item) {
    return test::run_awaitable(unpack_text(tables.client(), sessions(), item, "a"));
  }
  void put(const std::vector<Item>& parts) {
    ASSERT_TRUE(test::run_awaitable(tables.client().write_all(tables.names().sessions, parts, {})));
  }
};

TEST_F(StoredText, ComesBackAsItWas) {
  for (const std::size_t size : {0UL, 256UL, 257UL, 300'000UL, 5'000'000UL}) {
    const std::string text = noise(size);
    Item item;
    put(pack_text(item, "a", text, "x", sessions(), {}));
    const auto read = unpack(item);
    ASSERT_TRUE(read) << size;
    EXPECT_EQ(*read, text);
  }
  EXPECT_EQ(unpack(Item()).value(), "");
}

TEST_F(StoredText, IsReadWholeOrNotAtAll) {
  Item item;
  std::vector<Item> parts = pack_text(item, "a", noise(1'200'000), "x", sessions(), {});
  std::vector<Item> without_one(parts.begin(), parts.end() - 1);
  put(without_one);
  EXPECT_FALSE(unpack(item)) << "one is missing";
  std::string changed(*parts.back().find_bytes("part"));
  changed[changed.size() / 2] ^= 1;
  put({parts.back().bytes("part", changed)});
  EXPECT_FALSE(unpack(item)) << "one was changed";
  Item damaged;
  EXPECT_FALSE(unpack(damaged.bytes("a_zstd", "no frame")));
}

RC_GTEST_PROP(PackTextProperty, NothingIsTooLargeForItsItem, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(0, 2'000'000);
  Item item;
  const auto parts = pack_text(item, "a", noise(size), "x", table, {});
  RC_ASSERT(item.bytes_max() < 250'000U);
  for (const Item& part : parts) RC_ASSERT(part.bytes_max() < 400'000U);
}

}  // namespace skymarshal::dynamodb::stored_text_test
