#include "auth/sts_client.hpp"

#include "sts_samples.hpp"
#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"

#include <gtest/gtest.h>

namespace skymarshal::auth::sts_client_test {

namespace asio = boost::asio;
using Answer = std::variant<CallerIdentity, Refusal>;

std::string text_of(const Answer& answer) {
  if (const auto* const identity = std::get_if<CallerIdentity>(&answer)) return identity->arn;
  return std::string(to_text(std::get<Refusal>(answer).reason));
}

class StsClientTest : public testing::Test {
 protected:
  std::string ask(std::string text) {
    test::LocalSts sts(io_, [&text](const std::string&) { return text; });
    options_.endpoint = sts.endpoint();
    StsClient client(options_, std::nullopt);
    std::string said = text_of(test::run_awaitable(io_, client.ask(request_)));
    requests_ = sts.requests();
    return said;
  }

  asio::io_context io_;
  StsClientOptions options_{"gateway.example"};
  StsRequest request_{
      "sts.eu-west-1.amazonaws.com", "/?Action=GetCallerIdentity&X-Amz-Signature=0", "ASIA", {}};
  std::vector<std::string> requests_;
};

TEST_F(StsClientTest, SendsWhatWasSignedWithItsOwnServerId) {
  EXPECT_EQ(ask(test::json_answer("200 OK", test::identity_json())), test::ops_arn);
  ASSERT_EQ(requests_.size(), 1U);
  EXPECT_EQ(requests_.front(),
            "GET /?Action=GetCallerIdentity&X-Amz-Signature=0 HTTP/1.1\r\n"
            "Host: sts.eu-west-1.amazonaws.com\r\n"
            "X-Skymarshal-Server-Id: gateway.example\r\n"
            "Accept: application/json\r\n\r\n");
}

TEST_F(StsClientTest, PassesOnWhatStsRefuses) {
  EXPECT_EQ(ask(test::json_answer("403 Forbidden", test::error_json("InvalidClientTokenId"))),
            "INVALID_TOKEN");
}

TEST_F(StsClientTest, FollowsNothing) {
  EXPECT_EQ(ask(test::json_answer("302 Found", "", "Location: http://127.0.0.1:1/\r\n")),
            "IDENTITY_UNAVAILABLE");
  EXPECT_EQ(requests_.size(), 1U);
}

TEST_F(StsClientTest, WhatIsNoHttpIsNoAnswer) {
  for (const char* text : {"hello\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}", "HTTP/1.1",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}) {
    EXPECT_EQ(ask(text), "IDENTITY_UNAVAILABLE") << text;
  }
}

TEST_F(StsClientTest, BoundsTheAnswer) {
  options_.answer_bytes_max = 1024;
  EXPECT_EQ(ask(test::json_answer("200 OK", test::identity_json())), test::ops_arn);
  EXPECT_EQ(ask(test::json_answer("200 OK", test::identity_json() + std::string(1024, ' '))),
            "IDENTITY_UNAVAILABLE");
  const std::string field = "X-Long: " + std::string(8192, 'a') + "\r\n";
  EXPECT_EQ(ask(test::json_answer("200 OK", test::identity_json(), field)), "IDENTITY_UNAVAILABLE");
}

TEST_F(StsClientTest, GivesUpInTime) {
  options_.timeout = Milliseconds(50);
  EXPECT_EQ(ask(""), "IDENTITY_UNAVAILABLE");
  EXPECT_EQ(requests_.size(), 1U);
}

TEST_F(StsClientTest, NobodyThereIsNoAnswer) {
  {
    test::LocalSts gone(io_, [](const std::string&) { return ""; });
    options_.endpoint = gone.endpoint();
  }
  StsClient client(options_, std::nullopt);
  EXPECT_EQ(text_of(test::run_awaitable(io_, client.ask(request_))), "IDENTITY_UNAVAILABLE");
}

TEST_F(StsClientTest, AsksAwsByTlsOnly) {
  // Without an override it would be https://sts.eu-west-1.amazonaws.com, which needs a context.
  StsClient client(options_, std::nullopt);
  EXPECT_EQ(text_of(test::run_awaitable(io_, client.ask(request_))), "IDENTITY_UNAVAILABLE");
}

TEST_F(StsClientTest, BoundsTheExchangesAtOnce) {
  int asked = 0;
  test::LocalSts sts(io_, [&asked](const std::string&) {
    return ++asked <= 2 ? std::string() : test::json_answer("200 OK", test::identity_json());
  });
  options_.endpoint = sts.endpoint();
  options_.exchanges_max = 2;
  options_.timeout = Milliseconds(1'000);
  StsClient client(options_, std::nullopt);
  std::vector<std::string> ended;
  const auto begin = [&] {
    asio::co_spawn(io_, client.ask(request_), [&ended](std::exception_ptr failure, const Answer& answer) {
      if (failure) std::rethrow_exception(failure);
      ended.push_back(text_of(answer));
    });
  };
  for (int i = 0; i < 3; ++i) begin();
  ASSERT_TRUE(test::run_until(io_, [&] { return ended.size() == 1 && sts.requests().size() == 2; }));
  ASSERT_TRUE(test::run_until(io_, [&] { return ended.size() == 3; }));
  EXPECT_EQ(sts.requests().size(), 2U);
  // The places are free again.
  begin();
  ASSERT_TRUE(test::run_until(io_, [&] { return ended.size() == 4; }));
  EXPECT_EQ(ended.back(), test::ops_arn);
  EXPECT_EQ(sts.requests().size(), 3U);
}

}  // namespace skymarshal::auth::sts_client_test
