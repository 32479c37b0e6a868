#include "cli/api_call.hpp"

#include "support/captured_output.hpp"
#include "support/running_service.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::api_call_test {

struct Outcome {
  ExitCode code{};
  std::string out;
  std::string error;
};

Outcome call(const EndpointArguments& endpoint, const std::string& path, bool json = false) {
  Outcome outcome;
  const auto request = [&path](const GatewayClient& client) { return client.request("GET", path); };
  const auto text = [](const http::Response& response) {
    return "status " + std::to_string(response.status);
  };
  test::CapturedOutput output =
      test::captured([&] { outcome.code = run_api_call({endpoint, request, text, json}, {}); });
  outcome.out = std::move(output.out);
  outcome.error = std::move(output.error);
  return outcome;
}

TEST(ApiCall, PrintsWhatIsToBeShownOfAGoodAnswer) {
  test::RunningService running;
  const Outcome outcome = call(running.endpoint(), "/api/v1/health");
  EXPECT_EQ(outcome.code, ExitCode::done);
  EXPECT_EQ(outcome.out, "status 200");
}

TEST(ApiCall, SaysWhatTheGatewayRefused) {
  test::RunningService running;
  const Outcome told = call(running.endpoint(), "/api/v1/nothing");
  EXPECT_EQ(told.code, ExitCode::failed);
  EXPECT_EQ(told.out, "");
  EXPECT_NE(told.error.find("NOT_FOUND"), std::string::npos);
  const Outcome json = call(running.endpoint(), "/api/v1/nothing", true);
  EXPECT_EQ(json.code, ExitCode::failed);
  EXPECT_EQ(json.out.substr(0, 18), R"({"status":"error",)");
}

TEST(ApiCall, SaysThatNobodyAnswers) {
  EndpointArguments endpoint;
  endpoint.url = "http://127.0.0.1:1";
  EXPECT_EQ(call(endpoint, "/").code, ExitCode::no_connection);
  endpoint.url = "ws://127.0.0.1";
  EXPECT_EQ(call(endpoint, "/").code, ExitCode::usage);
}

}  // namespace skymarshal::cli::api_call_test
