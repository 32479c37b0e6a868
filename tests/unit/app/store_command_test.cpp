// Tables made and checked by the settings, over somebody else's DynamoDB.
#include "app/store_command.hpp"

#include "base/id.hpp"
#include "support/captured_output.hpp"
#include "support/running_dynalite.hpp"
#include "support/store_samples.hpp"

#include <gtest/gtest.h>

namespace skymarshal::app::store_command_test {

class StoreCommandRun : public testing::Test {
 protected:
  struct Outcome {
    cli::ExitCode code{};
    std::string out;
    std::string error;
  };

  Outcome run(cli::StoreCommand::Action action) {
    cli::StoreCommand command;
    command.action = action;
    command.settings.flags = flags_;
    Outcome outcome;
    auto output = test::captured([&] { outcome.code = run_store(command, environment_); });
    outcome.out = std::move(output.out);
    outcome.error = std::move(output.error);
    return outcome;
  }

  const http::Endpoint& endpoint_ = test::dynamodb_endpoint();
  std::string prefix_ = test::fresh_id<RequestId>().str();
  std::map<std::string, std::string> flags_ = {
      {"dynamodb_endpoint", endpoint_.scheme + "://" + endpoint_.authority()},
      {"session_table_name", prefix_ + "-s"},
      {"invocation_table_name", prefix_ + "-i"},
      {"limit_table_name", prefix_ + "-l"}};
  std::map<std::string, std::string> environment_ = {
      {"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "secret"}, {"AWS_REGION", "us-east-1"}};
};

TEST_F(StoreCommandRun, SaysWhatIsMissingMakesItAndFindsIt) {
  const Outcome missing = run(cli::StoreCommand::Action::check);
  EXPECT_EQ(missing.code, cli::ExitCode::failed);
  EXPECT_NE(missing.out.find(prefix_ + "-s: look at it\n  there is no such table"), std::string::npos)
      << missing.out;
  (void)run(cli::StoreCommand::Action::init);
  const Outcome found = run(cli::StoreCommand::Action::check);
  EXPECT_EQ(found.out.find("no such table"), std::string::npos) << found.out;
  EXPECT_NE(found.out.find("store = dynamodb"), std::string::npos) << "they are of no use yet";
}

TEST_F(StoreCommandRun, SaysWhatItLacks) {
  environment_.erase("AWS_REGION");
  const Outcome no_region = run(cli::StoreCommand::Action::check);
  EXPECT_EQ(no_region.code, cli::ExitCode::usage);
  EXPECT_NE(no_region.error.find("AWS_REGION"), std::string::npos) << no_region.error;
}

TEST_F(StoreCommandRun, SaysThatNobodyAnswers) {
  environment_["AWS_REGION"] = "us-east-1";
  flags_["dynamodb_endpoint"] = "http://127.0.0.1:1";
  const Outcome nobody = run(cli::StoreCommand::Action::check);
  EXPECT_EQ(nobody.code, cli::ExitCode::no_connection);
  EXPECT_NE(nobody.error.find("http://127.0.0.1:1"), std::string::npos) << nobody.error;
}

}  // namespace skymarshal::app::store_command_test
