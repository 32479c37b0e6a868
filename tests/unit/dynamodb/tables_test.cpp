// The tables, as they are asked for and as they are found.
#include "dynamodb/tables.hpp"

#include "base/json_reader.hpp"
#include "support/run_awaitable.hpp"
#include "support/running_dynalite.hpp"
#include "unit/dynamodb/peer_client.hpp"

#include <gtest/gtest.h>

namespace skymarshal::dynamodb::tables_test {

using test::PeerClient;
using test::run_awaitable;

std::vector<std::string> found_in(std::string described) {
  pad_json(described);
  return differences(table_definitions({})[0], described);
}

std::string sessions_table(const std::string& keys, const std::string& indexes,
                           const std::string& type = "N") {
  return R"({"Table":{"TableStatus":"ACTIVE","AttributeDefinitions":[{"AttributeName":"session_id",)"
         R"("AttributeType":"S"},{"AttributeName":"timestamp","AttributeType":")" +
         type + R"("}],"KeySchema":[)" + keys + R"(],"GlobalSecondaryIndexes":[)" + indexes + "]}}";
}

const std::string right_keys = R"({"AttributeName":"session_id","KeyType":"HASH"},)"
                               R"({"AttributeName":"timestamp","KeyType":"RANGE"})";
const std::string right_index =
    R"({"IndexName":"user-sessions-index","KeySchema":[{"AttributeName":"user_id","KeyType":"HASH"},)"
    R"({"AttributeName":"timestamp","KeyType":"RANGE"}],"Projection":{"ProjectionType":"KEYS_ONLY"}})";

TEST(Tables, AreAskedForWithKeysIndexesAndBilling) {
  const std::string body = create_table_body(table_definitions({})[1]);
  for (const char* const part :
       {R"("TableName":"skymarshal-invocations")", R"("BillingMode":"PAY_PER_REQUEST")",
        R"({"AttributeName":"request_id","KeyType":"HASH"})", R"({"AttributeName":"seq","KeyType":"RANGE"})",
        R"({"AttributeName":"listed_at","AttributeType":"N"})", R"("IndexName":"open-invocations-index")",
        R"("ProjectionType":"INCLUDE","NonKeyAttributes":["stop_asked"])"})
    EXPECT_NE(body.find(part), std::string::npos) << part << " in " << body;
}

TEST(Tables, FitWhereTheyAreAsTheyAreMade) {
  EXPECT_TRUE(found_in(sessions_table(right_keys, right_index)).empty());
}

TEST(Tables, SayWhatDiffers) {
  EXPECT_EQ(found_in(sessions_table(right_keys, "")),
            std::vector<std::string>{"there is no index user-sessions-index"});
  EXPECT_EQ(
      found_in(sessions_table(R"({"AttributeName":"session_id","KeyType":"HASH"})", right_index)),
      std::vector<std::string>{"it has the keys session_id and nothing instead of session_id and timestamp"});
  EXPECT_EQ(found_in(sessions_table(right_keys, right_index, "S")),
            std::vector<std::string>{"the attribute timestamp is of type S instead of N"});
  std::string other_index = right_index;
  other_index.replace(other_index.find("user_id"), 7, "account");
  EXPECT_EQ(
      found_in(sessions_table(right_keys, other_index)),
      std::vector<std::string>{
          "index user-sessions-index has the keys account and timestamp instead of user_id and timestamp"});
  EXPECT_FALSE(found_in("{}").empty());
  std::string lacking =
      R"({"Table":{"TableStatus":"ACTIVE","KeySchema":[{"AttributeName":"request_id","KeyType":"HASH"},)"
      R"({"AttributeName":"seq","KeyType":"RANGE"}],"GlobalSecondaryIndexes":[{"IndexName":)"
      R"("open-invocations-index","KeySchema":[{"AttributeName":"runner","KeyType":"HASH"},{"AttributeName":)"
      R"("listed_at","KeyType":"RANGE"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}]}})";
  pad_json(lacking);
  EXPECT_EQ(differences(table_definitions({})[1], lacking),
            (std::vector<std::string>{"there is no index owner-invocations-index",
                                      "index open-invocations-index lacks the attribute stop_asked"}));
}

TEST(Tables, AreMadeOnceAndChecked) {
  test::DynamoDbTables tables;
  const auto checked = run_awaitable(check_tables(tables.client(), tables.names()));
  ASSERT_TRUE(checked);
  for (const TableReport& report : *checked) {
    EXPECT_FALSE(report.was_created);
    for (const std::string& problem : report.problems)
      EXPECT_EQ(problem.find("items do not go by themselves"), 0U) << report.table << ": " << problem;
  }
  const auto again = run_awaitable(create_tables(tables.client(), tables.names()));
  ASSERT_TRUE(again);
  for (const TableReport& report : *again) EXPECT_FALSE(report.was_created) << report.table;

  const auto missing = run_awaitable(check_tables(tables.client(), {"nowhere-1", "nowhere-2", "nowhere-3"}));
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->at(0).problems,
            std::vector<std::string>{"there is no such table: `skymarshal store init` makes it"});
}

/// Tables that are there, and whose TTL is asked for in vain.
Result<std::vector<TableReport>> checked_where_ttl_is(const std::string& code) {
  const std::string described = PeerClient::answer(200, sessions_table(right_keys, right_index));
  const std::string refused =
      PeerClient::answer(400, R"({"__type":"com.amazon.coral.service#)" + code + "\"}");
  PeerClient rig({described, refused, described, refused, described, refused});
  return run_awaitable(rig.io, check_tables(rig.client, {}));
}

TEST(Tables, PassOverTtlOnlyWhereThereIsNoSuchThing) {
  EXPECT_TRUE(checked_where_ttl_is("UnknownOperationException"));
  const auto denied = checked_where_ttl_is("AccessDeniedException");
  ASSERT_FALSE(denied) << "who may not look cannot say that it is right";
  EXPECT_NE(denied.error().message.find("AccessDenied"), std::string::npos);
}

/// A table that is made and whose TTL cannot be switched on for the reason given.
Result<std::vector<TableReport>> made_where_ttl_is(const std::string& error) {
  const std::string missing = PeerClient::answer(400, R"({"__type":"x#ResourceNotFoundException"})");
  const std::string described = PeerClient::answer(200, sessions_table(right_keys, right_index));
  const std::string ttl = PeerClient::answer(
      200, R"({"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"ttl"}})");
  std::vector<std::string> answers;
  for (int table = 0; table < 3; ++table) {
    for (const std::string& next :
         {missing, PeerClient::answer(200, "{}"), described, PeerClient::answer(400, error), described, ttl})
      answers.push_back(next);
  }
  PeerClient rig(std::move(answers));
  return run_awaitable(rig.io, create_tables(rig.client, {}));
}

TEST(Tables, SayThatTtlCouldNotBeSwitchedOn) {
  EXPECT_TRUE(made_where_ttl_is(R"({"__type":"x#UnknownOperationException"})"));
  EXPECT_TRUE(
      made_where_ttl_is(R"({"__type":"x#ValidationException","message":"TimeToLive is already enabled"})"))
      << "the first answer was lost";
  EXPECT_FALSE(made_where_ttl_is(R"({"__type":"x#AccessDeniedException"})"));
  EXPECT_FALSE(made_where_ttl_is(R"({"__type":"x#ValidationException","message":"no"})"));
}

}  // namespace skymarshal::dynamodb::tables_test
