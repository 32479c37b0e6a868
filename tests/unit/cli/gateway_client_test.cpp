#include "cli/gateway_client.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli {
namespace {

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
  EXPECT_NE(
      connection_error_text(make_error(Errc::connection_failed, "refused")).find("skymarshal serve --dev"),
      std::string::npos);
  EXPECT_NE(connection_error_text(make_error(Errc::connection_failed, "could not connect: TLS: x"))
                .find("--ca-file"),
            std::string::npos);
  EXPECT_EQ(connection_error_text(make_error(Errc::timeout, "slow")), "slow");
}

}  // namespace
}  // namespace skymarshal::cli
