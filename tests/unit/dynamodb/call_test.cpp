// Calls of the API as its JSON.
#include "dynamodb/call.hpp"

#include <gtest/gtest.h>

namespace skymarshal::dynamodb::call_test {

TEST(Call, NamesItsAttributesByPlaceholders) {
  Call call("UpdateItem", "table");
  call.key(Item().text("id", "x"))
      .update("SET #ttl = :ttl, #count_2 = #count_2 + :one")
      .condition("#ttl < :ttl");
  call.values(Item().number(":ttl", 5).number(":one", 1)).returning("ALL_NEW");
  EXPECT_EQ(call.operation(), "UpdateItem");
  EXPECT_EQ(call.body(),
            R"({"TableName":"table","ConditionExpression":"#ttl < :ttl","Key":{"id":{"S":"x"}},)"
            R"("ReturnValues":"ALL_NEW","UpdateExpression":"SET #ttl = :ttl, #count_2 = #count_2 + :one",)"
            R"("ExpressionAttributeNames":{"#count_2":"count_2","#ttl":"ttl"},)"
            R"("ExpressionAttributeValues":{":one":{"N":"1"},":ttl":{"N":"5"}}})");
}

TEST(Call, AsksForPages) {
  Call call("Query", "table");
  call.key_condition("#id = :id")
      .filter("#a = :a")
      .attributes("#id, #b")
      .index("by-id")
      .backward()
      .consistent();
  call.limit(7).start_behind(Item().text("id", "x"));
  const std::string body = call.body();
  for (const char* const part :
       {R"("KeyConditionExpression":"#id = :id")", R"("FilterExpression":"#a = :a")",
        R"("ProjectionExpression":"#id, #b")", R"("IndexName":"by-id")", R"("ScanIndexForward":false)",
        R"("ConsistentRead":true)", R"("Limit":7)", R"("ExclusiveStartKey":{"id":{"S":"x"}})",
        R"("ExpressionAttributeNames":{"#a":"a","#b":"b","#id":"id"})"})
    EXPECT_NE(body.find(part), std::string::npos) << part << " in " << body;
}

TEST(Call, PutsBatchesTogether) {
  EXPECT_EQ(batch_get_body("t", {Item().text("k", "1"), Item().text("k", "2")}, true),
            R"({"RequestItems":{"t":{"ConsistentRead":true,"Keys":[{"k":{"S":"1"}},{"k":{"S":"2"}}]}}})");
  EXPECT_EQ(batch_write_body("t", {Item().text("k", "1")}, {Item().text("k", "2")}),
            R"({"RequestItems":{"t":[{"PutRequest":{"Item":{"k":{"S":"1"}}}},)"
            R"({"DeleteRequest":{"Key":{"k":{"S":"2"}}}}]}})");
}

}  // namespace skymarshal::dynamodb::call_test
