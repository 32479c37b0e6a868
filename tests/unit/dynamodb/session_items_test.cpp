// Sessions as items.
#include "dynamodb/session_items.hpp"

#include "support/store_samples.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::dynamodb::session_items_test {

using invocations::Session;

Session sample_session() {
  Session session;
  session.id = test::fresh_id<SessionId>();
  session.owner = {"alice"};
  session.created_at = from_unix_ms(1'000);
  session.last_activity_at = from_unix_ms(2'000);
  session.interaction_count = 3;
  return session;
}

TEST(SessionItems, StandInTheOrderThatReadersNeed) {
  const auto id = test::fresh_id<SessionId>();
  const auto digits = [](const Item& key) { return std::string(*key.find_digits("timestamp")); };
  EXPECT_EQ(digits(head_key(id)), "0");
  EXPECT_EQ(digits(listing_key(id, 1'234)), "-1234");
  EXPECT_EQ(digits(interaction_key(id, 1'234)), "1234");
  const std::string place = digits(place_key(id, test::fresh_id<RequestId>()));
  EXPECT_EQ(place.size(), 40U) << "38 digits are all that DynamoDB keeps";
  EXPECT_EQ(place.substr(0, 2), "0.");
}

TEST(SessionItems, AHeadComesBackAsItWas) {
  const Session session = sample_session();
  Item item = head_item(session, 99);
  EXPECT_EQ(item.find_number("ttl"), 99);
  auto head = read_head(item);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->session.id, session.id);
  EXPECT_EQ(head->session.owner, session.owner);
  EXPECT_EQ(head->session.created_at, session.created_at);
  EXPECT_EQ(head->session.last_activity_at, session.last_activity_at);
  EXPECT_EQ(head->session.interaction_count, 3);
  EXPECT_FALSE(head->is_erased);
  EXPECT_TRUE(head->turn.holder.empty());

  const auto request = test::fresh_id<RequestId>();
  item.text_set("open", {request.str()}).text("first", "x").number("erased_at", 1);
  item.text("turn_holder", "h").text("turn_runner", "r").number("turn_until", 5).number("turn_number", 6);
  head = read_head(item);
  EXPECT_TRUE(head->has_open(request));
  EXPECT_FALSE(head->has_open(test::fresh_id<RequestId>()));
  EXPECT_TRUE(head->is_erased);
  EXPECT_EQ(head->first, "x");
  EXPECT_EQ(head->turn.holder + head->turn.runner, "hr");
  EXPECT_EQ(head->turn.until_ms + head->turn.number, 11);
}

TEST(SessionItems, AnInteractionComesBackAsItWas) {
  auto interaction = test::sample_interaction(test::fresh_id<SessionId>(), {"bob"}, from_unix_ms(5));
  interaction.status = invocations::InteractionStatus::timeout;
  interaction.error_message = "too late";
  auto read = read_interaction(interaction_item(interaction, 1));
  ASSERT_TRUE(read);
  read->prompt = interaction.prompt;
  read->response = interaction.response;
  read->error_message = interaction.error_message;
  EXPECT_TRUE(test::same(*read, interaction));
}

TEST(SessionItems, RefuseWhatIsNotTheirs) {
  EXPECT_FALSE(read_head(Item()));
  EXPECT_FALSE(read_head(head_item(sample_session(), 1).text("session_id", "probe")));
  EXPECT_FALSE(read_interaction(head_item(sample_session(), 1)));
  const auto interaction = test::sample_interaction(test::fresh_id<SessionId>(), {"bob"}, from_unix_ms(5));
  EXPECT_FALSE(read_interaction(interaction_item(interaction, 1).text("status", "odd")));
}

RC_GTEST_PROP(SessionItemsProperty, PlacesOfTwoRequestsDiffer, ()) {
  const auto id = test::fresh_id<SessionId>();
  RC_ASSERT(place_key(id, test::fresh_id<RequestId>()) != place_key(id, test::fresh_id<RequestId>()));
}

RC_GTEST_PROP(SessionItemsProperty, OrderDigitsKeepTheOrderOfIds, ()) {
  const auto a = test::fresh_id<RequestId>();
  const auto b = test::fresh_id<RequestId>();
  RC_ASSERT((a < b) == (order_digits(a) < order_digits(b)));
  RC_ASSERT(order_digits(a).size() == 19U);
}

}  // namespace skymarshal::dynamodb::session_items_test
