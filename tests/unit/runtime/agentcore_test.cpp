// Where AgentCore Runtimes are, by their ARN.
#include "runtime/agentcore.hpp"

#include <gtest/gtest.h>

namespace skymarshal::runtime::agentcore_test {

const std::string arn = "arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/my_agent-A1b2C3d4E5";
const std::string path =
    "/runtimes/arn%3Aaws%3Abedrock-agentcore%3Aeu-central-1%3A123456789012%3Aruntime%2Fmy_agent-A1b2C3d4E5/";

AgentCoreAddress address_of(const std::string& text) { return {parse_runtime_arn(text).value()}; }

TEST(AgentCore, ReadsAnArn) {
  const auto read = parse_runtime_arn(arn);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text, arn);
  EXPECT_EQ(read->region, "eu-central-1");
}

TEST(AgentCore, SaysWhatIsWrongWithAnArn) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"", "no ARN"},
      {"my_agent", "no ARN"},
      {"arn:aws:bedrock-agentcore:eu-central-1:123456789012", "no ARN"},
      {"urn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/a", "no ARN"},
      {"arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/a b", "no ARN"},
      {"arn:aws-moon:bedrock-agentcore:eu-central-1:123456789012:runtime/a", "partition 'aws-moon'"},
      {"arn:aws-cn:bedrock-agentcore:eu-central-1:123456789012:runtime/a", "none of the partition 'aws-cn'"},
      {"arn:aws:lambda:eu-central-1:123456789012:runtime/a", "'lambda'"},
      {"arn:aws:bedrock-agentcore::123456789012:runtime/a", "region"},
      {"arn:aws:bedrock-agentcore:evil.example/:123456789012:runtime/a", "region"},
      {"arn:aws:bedrock-agentcore:eu-central-1:1234:runtime/a", "12 digits"},
      {"arn:aws:bedrock-agentcore:eu-central-1:12345678901x:runtime/a", "12 digits"},
      {"arn:aws:bedrock-agentcore:eu-central-1:123456789012:memory/a", "runtime/NAME"},
      {"arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/", "runtime/NAME"},
      {"arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/a/runtime-endpoint/b", "qualifier"}};
  for (const auto& [text, told] : wrong) {
    const auto read = parse_runtime_arn(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, Errc::invalid_request);
    EXPECT_NE(read.error().message.find(told), std::string::npos) << text << ": " << read.error().message;
  }
}

TEST(AgentCore, IsReachedInTheRegionOfItsArn) {
  AgentCoreAddress address = address_of(arn);
  const auto socket = websocket_endpoint(address);
  EXPECT_EQ(socket.scheme, "wss");
  EXPECT_EQ(socket.authority(), "bedrock-agentcore.eu-central-1.amazonaws.com");
  EXPECT_EQ(socket.target, path + "ws");
  EXPECT_EQ(invocations_endpoint(address).scheme, "https");
  EXPECT_EQ(invocations_endpoint(address).target, path + "invocations");
  EXPECT_EQ(stop_endpoint(address).target, path + "stopruntimesession");
  address.qualifier = "prod+1";
  EXPECT_EQ(websocket_endpoint(address).target, path + "ws?qualifier=prod%2B1");
}

TEST(AgentCore, HasTheHostsOfItsPartition) {
  const auto host_of = [](const std::string& partition, const std::string& region, bool use_fips) {
    AgentCoreAddress address =
        address_of("arn:" + partition + ":bedrock-agentcore:" + region + ":123456789012:runtime/a");
    address.use_fips = use_fips;
    return websocket_endpoint(address).host;
  };
  EXPECT_EQ(host_of("aws", "us-east-1", true), "bedrock-agentcore-fips.us-east-1.amazonaws.com");
  EXPECT_EQ(host_of("aws-cn", "cn-north-1", false), "bedrock-agentcore.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(host_of("aws-us-gov", "us-gov-west-1", false), "bedrock-agentcore.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(host_of("aws-us-gov", "us-gov-west-1", true),
            "bedrock-agentcore-fips.us-gov-west-1.amazonaws.com");
}

TEST(AgentCore, IsReachedElsewhereWhereThatIsSaid) {
  AgentCoreAddress address = address_of(arn);
  for (const auto* url : {"https://vpce-1.example:8443", "wss://vpce-1.example:8443"}) {
    address.override = http::parse_endpoint(url).value();
    EXPECT_EQ(websocket_endpoint(address).scheme, "wss");
    EXPECT_EQ(websocket_endpoint(address).authority(), "vpce-1.example:8443");
    EXPECT_EQ(websocket_endpoint(address).target, path + "ws");
    EXPECT_EQ(stop_endpoint(address).scheme, "https");
  }
  address.override = http::parse_endpoint("http://127.0.0.1:8080").value();
  EXPECT_EQ(websocket_endpoint(address).scheme, "ws");
  EXPECT_EQ(invocations_endpoint(address).scheme, "http");
}

}  // namespace skymarshal::runtime::agentcore_test
