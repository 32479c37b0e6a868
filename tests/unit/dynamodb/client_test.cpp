// The client against a peer that answers as a test says: what is sent, what is believed, what is asked again.
#include "dynamodb/client.hpp"

#include "support/run_awaitable.hpp"
#include "unit/net/http_peer.hpp"

#include <boost/crc.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace skymarshal::dynamodb::client_test {

using test::HttpPeer;
using test::run_awaitable;

std::string answer(unsigned status, const std::string& body, const std::string& fields = {}) {
  boost::crc_32_type crc;
  crc.process_bytes(body.data(), body.size());
  return fmt::format("HTTP/1.1 {} X\r\nContent-Length: {}\r\nx-amz-crc32: {}\r\n{}\r\n{}", status,
                     body.size(), crc.checksum(), fields, body);
}

std::string refusal(unsigned status, const std::string& code, const std::string& fields = {}) {
  return answer(
      status, R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + code + R"(","message":"because"})", fields);
}

class Wallet final : public aws::CredentialsProvider {
 public:
  boost::asio::awaitable<aws::Result<Shared>> current() override {
    co_return std::make_shared<const aws::Credentials>(
        aws::Credentials{key, Secret(std::string("secret")), Secret(std::string("token"))});
  }
  boost::asio::awaitable<Shared> newer_than(Shared) override {
    key = "NEWER";
    const auto newer = co_await current();
    co_return *newer;
  }
  std::string key = "AKID";
};

class DynamoDbClient : public testing::Test {
 protected:
  void peer(std::vector<std::string> answers, bool stays_open = true) {
    peer_.emplace(io_, std::vector<HttpPeer::Connection>{{std::move(answers), stays_open}});
    options_.endpoint = peer_->endpoint();
    make();
  }
  void make() {
    options_.region = "eu-central-1";
    client_.emplace(options_, std::nullopt, Client::Parts{wallet_, clock_, random_});
  }
  Result<std::string> send(std::string operation = "GetItem", std::string body = "{}") {
    return run_awaitable(io_, client_->send(std::move(operation), std::move(body)));
  }
  template <typename T>
  T ask(boost::asio::awaitable<T> call) {
    return run_awaitable(io_, std::move(call));
  }

  boost::asio::io_context io_;
  Wallet wallet_;
  SystemClock clock_;
  SystemRandom random_;
  ClientOptions options_;
  std::optional<HttpPeer> peer_;
  std::optional<Client> client_;
};

TEST_F(DynamoDbClient, SendsSignedOperations) {
  peer({answer(200, R"({"Item":{"a":{"S":"x"}}})")});
  const auto item = ask(client_->get(Call("GetItem", "t").key(Item().text("k", "1"))));
  ASSERT_TRUE(item);
  EXPECT_EQ((*item)->find_text("a"), "x");
  const std::string& request = peer_->requests().at(0);
  for (const char* const part :
       {"POST / HTTP/1.1", "X-Amz-Target: DynamoDB_20120810.GetItem",
        "Content-Type: application/x-amz-json-1.0", "X-Amz-Security-Token: token", "Credential=AKID/",
        "/eu-central-1/dynamodb/aws4_request", R"({"TableName":"t","Key":{"k":{"S":"1"}}})"})
    EXPECT_NE(request.find(part), std::string::npos) << part << " in " << request;
}

TEST_F(DynamoDbClient, KnowsTheEndpointsOfRegions) {
  EXPECT_EQ(regional_endpoint("eu-central-1").authority(), "dynamodb.eu-central-1.amazonaws.com");
  EXPECT_EQ(regional_endpoint("cn-north-1").authority(), "dynamodb.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(regional_endpoint("us-west-2", true).authority(), "dynamodb-fips.us-west-2.amazonaws.com");
  EXPECT_EQ(regional_endpoint("us-gov-west-1", true).authority(), "dynamodb.us-gov-west-1.amazonaws.com");
}

TEST_F(DynamoDbClient, TellsAbsenceFromAnAnswerThatSaysNothing) {
  peer({answer(200, "{}"), answer(200, R"({"Item":[]})")});
  EXPECT_FALSE(ask(client_->get(Call("GetItem", "t"))).value());
  EXPECT_FALSE(ask(client_->get(Call("GetItem", "t")))) << "no item is";
}

TEST_F(DynamoDbClient, AsksAgainWhatWasThrottledOrBroke) {
  peer({refusal(400, "ProvisionedThroughputExceededException"), refusal(500, "InternalServerError"),
        answer(503, "<html>"), answer(200, "{}")});
  EXPECT_TRUE(send());
  EXPECT_EQ(peer_->requests().size(), 4U);
}

TEST_F(DynamoDbClient, AsksAgainWhenTheAnswerIsNotWhole) {
  std::string broken = answer(200, R"({"Item":{}})");
  broken.replace(broken.find("Item"), 4, "item");
  peer({broken, answer(200, "{\"a\""), answer(200, "{}")});
  EXPECT_EQ(send().value(), "{}");
  EXPECT_EQ(peer_->requests().size(), 3U);
}

TEST_F(DynamoDbClient, BelievesAnAnswerWithoutAChecksum) {
  peer({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"});
  EXPECT_TRUE(send());
}

TEST_F(DynamoDbClient, SaysAtOnceWhatTryingAgainCannotMend) {
  peer({refusal(400, "ValidationException"), refusal(400, "ConditionalCheckFailedException"),
        refusal(400, "ResourceNotFoundException"), refusal(400, "AccessDeniedException")});
  EXPECT_EQ(send().error().kind, ErrorKind::invalid);
  EXPECT_EQ(send().error().kind, ErrorKind::condition_failed);
  EXPECT_EQ(send().error().kind, ErrorKind::not_found);
  const auto denied = send();
  EXPECT_EQ(denied.error().kind, ErrorKind::refused);
  EXPECT_EQ(denied.error().message, "GetItem: 400 AccessDeniedException: because");
  EXPECT_EQ(peer_->requests().size(), 4U);
}

TEST_F(DynamoDbClient, GivesUpWithTheAttempts) {
  options_.retry.attempts_max = 3;
  options_.retry.pause_base = Milliseconds(1);
  peer({refusal(500, "InternalServerError"), refusal(500, "InternalServerError"),
        refusal(500, "InternalServerError"), answer(200, "{}")});
  EXPECT_EQ(send().error().kind, ErrorKind::unavailable);
  EXPECT_EQ(peer_->requests().size(), 3U);
}

TEST_F(DynamoDbClient, EndsWithItsTime) {
  options_.attempt_timeout = Milliseconds(50);
  options_.call_timeout = Milliseconds(120);
  // It accepts, and says nothing.
  peer_.emplace(io_, std::vector<HttpPeer::Connection>());
  options_.endpoint = peer_->endpoint();
  make();
  const auto sent = send();
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, ErrorKind::unavailable);
}

TEST_F(DynamoDbClient, SignsAgainOnceWithNewerCredentials) {
  peer({refusal(400, "ExpiredTokenException"), answer(200, "{}"), refusal(400, "ExpiredTokenException"),
        refusal(400, "ExpiredTokenException")});
  EXPECT_TRUE(send());
  EXPECT_NE(peer_->requests().at(1).find("Credential=NEWER/"), std::string::npos);
  const auto refused = send();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable)
      << "it may be over soon, and nothing is lost by waiting";
  EXPECT_EQ(peer_->requests().size(), 4U);
}

TEST_F(DynamoDbClient, GoesByTheServicesClock) {
  peer({answer(
            400,
            R"({"__type":"x#InvalidSignatureException","message":"Signature expired: 2026 is now earlier"})",
            "Date: Sat, 31 Jan 2026 09:05:00 GMT\r\n"),
        answer(200, "{}")});
  EXPECT_TRUE(send());
  EXPECT_NE(peer_->requests().at(1).find("X-Amz-Date: 20260131T0905"), std::string::npos);
}

TEST_F(DynamoDbClient, ReadsPages) {
  peer({answer(200, R"({"Items":[{"k":{"S":"1"}},{"k":{"S":"2"}}],"LastEvaluatedKey":{"k":{"S":"2"}}})"),
        answer(200, R"({"Items":[]})"), answer(200, "{}")});
  const auto first = ask(client_->page(Call("Query", "t")));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->items.size(), 2U);
  EXPECT_EQ(first->next, Item().text("k", "2"));
  EXPECT_FALSE(ask(client_->page(Call("Query", "t")))->next);
  EXPECT_FALSE(ask(client_->page(Call("Query", "t")))) << "not a page";
}

TEST_F(DynamoDbClient, SendsBatchesUntilNothingIsLeftOut) {
  peer({answer(200,
               R"({"Responses":{"t":[{"k":{"S":"1"}}]},"UnprocessedKeys":{"t":{"Keys":[{"k":{"S":"2"}}]}}})"),
        answer(200, R"({"Responses":{"t":[{"k":{"S":"2"}}]},"UnprocessedKeys":{}})"),
        answer(200, R"({"UnprocessedItems":{"t":[{"PutRequest":{"Item":{}}}]}})"), answer(200, "{}")});
  const std::vector<Item> keys = {Item().text("k", "1"), Item().text("k", "2")};
  const auto found = ask(client_->get_all("t", keys, false));
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, keys);
  EXPECT_TRUE(ask(client_->write_all("t", keys, {})));
  EXPECT_NE(peer_->requests().at(1).find(R"({"RequestItems":{"t":{"Keys":[{"k":{"S":"2"}}]}}})"),
            std::string::npos);
  EXPECT_NE(peer_->requests().at(3).find(R"({"RequestItems":{"t":[{"PutRequest":{"Item":{}}}]}})"),
            std::string::npos);
}

TEST_F(DynamoDbClient, TakesABatchThatIsFullForNoThrottling) {
  const std::string left = R"("UnprocessedKeys":{"t":{"Keys":[{"k":{"S":"2"}}]}})";
  const std::string full = R"({"Responses":{"t":[{"k":{"S":"1"},"v":{"S":")" + std::string(15U << 20, 'x') +
                           R"("}}]},)" + left + '}';
  options_.retry.attempts_max = 1;
  options_.attempt_timeout = options_.call_timeout = Milliseconds(60'000);
  peer({answer(200, full), answer(200, R"({"Responses":{"t":[{"k":{"S":"2"}}]}})")});
  const auto items = ask(client_->get_all("t", {Item().text("k", "1"), Item().text("k", "2")}, true));
  ASSERT_TRUE(items) << items.error().message;
  EXPECT_EQ(items->size(), 2U);
  peer({answer(200, R"({"Responses":{"t":[{"k":{"S":"1"}}]},)" + left + '}')});
  EXPECT_FALSE(ask(client_->get_all("t", {Item().text("k", "1"), Item().text("k", "2")}, true)));
}

TEST_F(DynamoDbClient, CutsBatchesWhereTheApiEnds) {
  peer({answer(200, R"({"Responses":{}})"), answer(200, R"({"Responses":{}})"), answer(200, "{}"),
        answer(200, "{}")});
  const std::vector<Item> many(101, Item().text("k", "1"));
  EXPECT_TRUE(ask(client_->get_all("t", many, true)));
  EXPECT_TRUE(ask(client_->write_all("t", std::vector<Item>(20, many[0]), std::vector<Item>(20, many[0]))));
  EXPECT_EQ(peer_->requests().size(), 4U);
}

TEST_F(DynamoDbClient, GivesUpOnABatchThatIsNeverTaken) {
  options_.retry.attempts_max = 2;
  options_.retry.pause_base = Milliseconds(1);
  const std::string nothing = answer(200, R"({"UnprocessedItems":{"t":[{"PutRequest":{"Item":{}}}]}})");
  peer({nothing, nothing, nothing});
  const auto written = ask(client_->write_all("t", {Item().text("k", "1")}, {}));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(peer_->requests().size(), 2U);
}

}  // namespace skymarshal::dynamodb::client_test
