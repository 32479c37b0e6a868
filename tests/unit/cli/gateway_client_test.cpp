#include "cli/gateway_client.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::gateway_client_test {

std::string target_of(const std::string& url) {
  return GatewayClient::open({url, {}}, {}).value().request("GET", "/api/v1/health").target;
}

TEST(GatewayClient, PathsGoBelowTheEndpoint) {
  EXPECT_EQ(target_of("http://gateway.example"), "/api/v1/health");
  EXPECT_EQ(target_of("http://gateway.example/"), "/api/v1/health");
  EXPECT_EQ(target_of("https://gateway.example/prod"), "/prod/api/v1/health");
  EXPECT_EQ(target_of("http://gateway.example/prod/?x=1"), "/prod/api/v1/health");
}

TEST(GatewayClient, RefusesWhatIsNoAddressOfAGateway) {
  for (const char* url :
       {"", "gateway.example", "ws://gateway.example", "ftp://gateway.example", "http://"}) {
    const auto client = GatewayClient::open({url, {}}, {});
    ASSERT_FALSE(client.has_value()) << url;
    EXPECT_EQ(client.error().code, Errc::invalid_request);
  }
}

TEST(GatewayClient, RefusesAuthoritiesThatCannotBeRead) {
  EXPECT_FALSE(GatewayClient::open({"https://gateway.example", "/nowhere/ca.pem"}, {}).has_value());
}

TEST(GatewayClient, BodiesAreJson) {
  const auto client = GatewayClient::open({"http://gateway.example", {}}, {}).value();
  EXPECT_EQ(client.request("POST", "/x", "{}").headers.find("Content-Type"), "application/json");
  EXPECT_FALSE(client.request("GET", "/x").headers.find("Content-Type").has_value());
}

TEST(GatewayClient, SaysWhatToDoWhereNobodyAnswers) {
  using Kind = net::ErrorKind;
  const Error nobody = exchange_error({Kind::unreachable, "refused"});
  EXPECT_EQ(nobody.code, Errc::connection_failed);
  EXPECT_TRUE(nobody.message.starts_with("refused\n")) << nobody.message;
  EXPECT_NE(nobody.message.find("skymarshal serve --dev"), std::string::npos);
  const Error stranger = exchange_error({Kind::untrusted, "could not connect: TLS: x"});
  EXPECT_EQ(stranger.code, Errc::connection_failed);
  EXPECT_NE(stranger.message.find("--ca-file"), std::string::npos);
  const Error slow = exchange_error({Kind::timed_out, "slow"});
  EXPECT_EQ(slow.code, Errc::timeout);
  EXPECT_EQ(slow.message, "slow");
}

TEST(GatewayClient, TellsTheFailuresOfAnExchangeApart) {
  using Kind = net::ErrorKind;
  EXPECT_EQ(exchange_error({Kind::broken}).code, Errc::interrupted);
  EXPECT_EQ(exchange_error({Kind::malformed}).code, Errc::runtime_protocol_error);
  EXPECT_EQ(exchange_error({Kind::too_large}).code, Errc::payload_too_large);
  EXPECT_EQ(exchange_error({Kind::bad_file}).code, Errc::invalid_request);
}

}  // namespace skymarshal::cli::gateway_client_test
