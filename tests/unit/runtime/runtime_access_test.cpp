// Who asks: what is added to a request, and when it may be added anew.
#include "runtime/runtime_access.hpp"

#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace skymarshal::runtime::runtime_access_test {

using test::run_awaitable;

http::Request request() { return {"GET", "/runtimes/arn%3Aaws/ws", {{"Host", "agentcore.test"}}, {}}; }

/// Has newer ones when it is asked for them.
class RenewedCredentials final : public aws::CredentialsProvider {
 public:
  boost::asio::awaitable<aws::Result<Shared>> current() override {
    if (!current_) co_return aws::unusable_credentials("nobody has any");
    co_return current_;
  }
  boost::asio::awaitable<Shared> newer_than(Shared seen) override {
    if (newer_ && seen == current_) current_ = newer_;
    co_return current_;
  }

  static Shared of(const std::string& id) {
    return std::make_shared<const aws::Credentials>(aws::Credentials{id, Secret("secret of " + id), {}});
  }

  Shared current_ = of("AKIAONE");
  Shared newer_;
};

TEST(SignedAccess, SignsForItsServiceAndRegion) {
  RenewedCredentials credentials;
  test::ManualClock clock;
  SignedAccess access("eu-central-1", credentials, clock);
  http::Request asked = request();
  RuntimeAccess::Pass pass;
  EXPECT_FALSE(run_awaitable(access.authorize(asked, pass)));
  EXPECT_TRUE(pass);
  const std::string authorization(asked.headers.find("Authorization").value());
  EXPECT_NE(authorization.find("/eu-central-1/bedrock-agentcore/aws4_request"), std::string::npos);
  EXPECT_NE(authorization.find("SignedHeaders=host;x-amz-content-sha256;x-amz-date"), std::string::npos);
}

TEST(SignedAccess, SignsAnewWithNewerCredentials) {
  RenewedCredentials credentials;
  test::ManualClock clock;
  SignedAccess access("eu-central-1", credentials, clock);
  http::Request asked = request();
  RuntimeAccess::Pass pass;
  ASSERT_FALSE(run_awaitable(access.authorize(asked, pass)));
  const aws::ServiceError expired{403, "ExpiredTokenException", "The security token is expired"};
  EXPECT_FALSE(run_awaitable(access.may_authorize_again(expired, pass))) << "there are no newer ones";
  credentials.newer_ = RenewedCredentials::of("AKIATWO");
  EXPECT_FALSE(run_awaitable(access.may_authorize_again({403, "AccessDeniedException", "no"}, pass)));
  EXPECT_TRUE(run_awaitable(access.may_authorize_again(expired, pass)));
  ASSERT_FALSE(run_awaitable(access.authorize(asked, pass)));
  EXPECT_NE(asked.headers.find("Authorization")->find("AKIATWO"), std::string_view::npos);
}

TEST(SignedAccess, SaysWhatItLacksToTheLogAlone) {
  RenewedCredentials credentials;
  credentials.current_ = nullptr;
  test::ManualClock clock;
  SignedAccess access("eu-central-1", credentials, clock);
  http::Request asked = request();
  RuntimeAccess::Pass pass;
  const auto failure = run_awaitable(access.authorize(asked, pass));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->error.code, Errc::runtime_unavailable);
  EXPECT_TRUE(failure->error.retry_after);
  EXPECT_EQ(failure->error.message.find("nobody"), std::string::npos);
  EXPECT_EQ(failure->cause, "nobody has any");
}

class BearerAccessTest : public testing::Test {
 protected:
  void write(const std::string& text) { std::ofstream(file) << text; }
  /// The Authorization field, or the cause of the failure.
  std::string asked() {
    http::Request asked = request();
    const auto failure = run_awaitable(access.authorize(asked, pass));
    return failure ? failure->cause : std::string(asked.headers.find("Authorization").value_or(""));
  }

  test::TemporaryFolder folder;
  std::filesystem::path file = folder.file("token");
  BearerAccess access{file};
  RuntimeAccess::Pass pass;
};

TEST_F(BearerAccessTest, SendsWhatTheFileHolds) {
  write("one.two.three\r\n");
  EXPECT_EQ(asked(), "Bearer one.two.three");
  write("four");
  EXPECT_EQ(asked(), "Bearer four");
}

TEST_F(BearerAccessTest, SendsNothingThatIsNoToken) {
  EXPECT_NE(asked().find("cannot be read"), std::string::npos);
  for (const std::string& text : {std::string(), std::string(" \n"), std::string("a b"), std::string("a\nb"),
                                  std::string(BearerAccess::token_bytes_max + 1, 'a')}) {
    write(text);
    EXPECT_NE(asked().find("one token"), std::string::npos) << text.size();
  }
}

TEST_F(BearerAccessTest, SendsItAnewWhereItHasChanged) {
  write("one");
  ASSERT_EQ(asked(), "Bearer one");
  const aws::ServiceError refusal{401, "", ""};
  EXPECT_FALSE(run_awaitable(access.may_authorize_again(refusal, pass)));
  write("two");
  EXPECT_TRUE(run_awaitable(access.may_authorize_again(refusal, pass)));
  EXPECT_FALSE(run_awaitable(access.may_authorize_again({429, "", ""}, pass)));
  std::filesystem::remove(file);
  EXPECT_FALSE(run_awaitable(access.may_authorize_again(refusal, pass)));
}

}  // namespace skymarshal::runtime::runtime_access_test
