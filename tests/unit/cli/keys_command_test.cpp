#include "cli/keys_command.hpp"

#include "auth/key_file_access.hpp"
#include "support/captured_output.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <sys/stat.h>

#include <gtest/gtest.h>

namespace skymarshal::cli::keys_command_test {

using Action = KeysCommand::Action;

/// Says the same until it is told to go on.
class StubbornRandom final : public RandomSource {
 public:
  void fill(std::span<std::byte> bytes) override {
    for (std::byte& byte : bytes) byte = value;
  }
  std::byte value{1};
};

class KeysCommandTest : public testing::Test {
 protected:
  KeysCommand command(Action action) const {
    KeysCommand out;
    out.action = action;
    out.file = path_;
    out.principal = "arn:aws:iam::123456789012:user/ops";
    return out;
  }
  ExitCode run(const KeysCommand& command) { return run(command, random_); }
  ExitCode run(const KeysCommand& command, RandomSource& random) {
    ExitCode code{};
    output_ = test::captured([&] { code = run_keys(command, {clock_, random}); });
    return code;
  }
  /// The key that was added.
  auth::Key add(const KeysCommand& command) {
    EXPECT_EQ(run(command), ExitCode::done) << output_.error;
    const auto all = keys();
    return all.empty() ? auth::Key() : all.back();
  }
  std::vector<auth::Key> keys() const {
    auto read = auth::read_key_file(path_);
    EXPECT_TRUE(read) << read.error().message;
    return read ? *std::move(read) : std::vector<auth::Key>();
  }
  bool has_key(std::string_view id) const {
    return std::ranges::count(keys(), id, &auth::Key::access_key_id) == 1;
  }

  test::TemporaryFolder folder_;
  std::string path_ = folder_.file("keys.json").string();
  test::ManualClock clock_;
  SystemRandom random_;
  test::CapturedOutput output_;
};

TEST_F(KeysCommandTest, AddMakesAPrivateFileAndShowsTheSecretOnce) {
  KeysCommand adding = command(Action::add);
  adding.tier = "gold";
  const auth::Key key = add(adding);
  EXPECT_NE(output_.out.find("export AWS_ACCESS_KEY_ID=" + key.access_key_id + "\n"), std::string::npos);
  EXPECT_NE(output_.out.find(key.secret_access_key.reveal()), std::string::npos);
  EXPECT_EQ(key.principal.id, "arn:aws:iam::123456789012:user/ops");
  EXPECT_EQ(key.principal.tier, "gold");
  EXPECT_EQ(key.created_at, clock_.wall_now());
  EXPECT_FALSE(key.policy);
  EXPECT_FALSE(key.expires_at);
  struct stat status = {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(run(command(Action::list)), ExitCode::done);
  EXPECT_NE(output_.out.find(key.access_key_id), std::string::npos);
  EXPECT_EQ(output_.out.find(key.secret_access_key.reveal()), std::string::npos);
}

TEST_F(KeysCommandTest, AddKeepsTheKeysThatAreThere) {
  const auth::Key first = add(command(Action::add));
  const auth::Key second = add(command(Action::add));
  EXPECT_NE(first.access_key_id, second.access_key_id);
  EXPECT_TRUE(has_key(first.access_key_id) && has_key(second.access_key_id));
}

TEST_F(KeysCommandTest, AddPrintsJson) {
  KeysCommand adding = command(Action::add);
  adding.json = true;
  adding.expires_in_seconds = 60;
  const auth::Key key = add(adding);
  EXPECT_TRUE(output_.out.starts_with("{\"access_key_id\":\"" + key.access_key_id + "\""));
  EXPECT_NE(output_.out.find(key.session_token.reveal()), std::string::npos);
  EXPECT_EQ(key.expires_at, clock_.wall_now() + std::chrono::seconds(60));
}

TEST_F(KeysCommandTest, AddTurnsResourcesIntoAPolicy) {
  KeysCommand adding = command(Action::add);
  adding.allow = {"GET *"};
  adding.deny = {"GET /secret"};
  const auth::Key key = add(adding);
  ASSERT_TRUE(key.policy);
  EXPECT_TRUE(key.policy->allows("execute-api:Invoke", "GET /a"));
  EXPECT_FALSE(key.policy->allows("execute-api:Invoke", "GET /secret"));
  EXPECT_FALSE(key.policy->allows("execute-api:Invoke", "POST /a"));
  KeysCommand denying = command(Action::add);
  denying.deny = {"DELETE *"};
  const auth::Key all_but_one = add(denying);
  EXPECT_TRUE(all_but_one.policy->allows("execute-api:Invoke", "POST /a"));
  EXPECT_FALSE(all_but_one.policy->allows("execute-api:Invoke", "DELETE /a"));
}

TEST_F(KeysCommandTest, AddTakesAPolicyFile) {
  KeysCommand adding = command(Action::add);
  adding.policy_file = folder_.file("policy.json").string();
  EXPECT_EQ(run(adding), ExitCode::usage);
  std::ofstream(adding.policy_file) << R"({"Statement":{"Effect":"Allow","Action":"*","Resource":"GET /a"}})";
  EXPECT_FALSE(add(adding).policy->allows("execute-api:Invoke", "GET /b"));
  std::ofstream(adding.policy_file) << R"({"Statement":{"Effect":"Allow","Action":"*","NotResource":"*"}})";
  EXPECT_EQ(run(adding), ExitCode::usage);
  EXPECT_NE(output_.error.find("NotResource"), std::string::npos);
  std::ofstream(adding.policy_file) << std::string(20'000, ' ');
  EXPECT_EQ(run(adding), ExitCode::usage);
  EXPECT_NE(output_.error.find("longer"), std::string::npos);
  EXPECT_EQ(keys().size(), 1U);
}

TEST_F(KeysCommandTest, AddRefusesWhatNoKeyMayHave) {
  KeysCommand wrong = command(Action::add);
  wrong.principal = "ops";
  EXPECT_EQ(run(wrong), ExitCode::usage);
  EXPECT_NE(output_.error.find("--principal"), std::string::npos);
  wrong = command(Action::add);
  wrong.tier = "a b";
  EXPECT_EQ(run(wrong), ExitCode::usage);
  wrong = command(Action::add);
  wrong.allow = {"/api/v1/invoke"};
  EXPECT_EQ(run(wrong), ExitCode::usage);
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_EQ(output_.out, "");
}

TEST_F(KeysCommandTest, NamesThatAreTakenAreNotGivenAgain) {
  StubbornRandom random;
  EXPECT_EQ(run(command(Action::add), random), ExitCode::done);
  EXPECT_EQ(run(command(Action::add), random), ExitCode::usage);
  EXPECT_EQ(output_.out, "") << "no secret of a key that was not made";
  random.value = std::byte{2};
  EXPECT_EQ(run(command(Action::add), random), ExitCode::done);
  EXPECT_EQ(keys().size(), 2U);
}

TEST_F(KeysCommandTest, RevokeRemovesAKey) {
  const auth::Key key = add(command(Action::add)), other = add(command(Action::add));
  KeysCommand revoking = command(Action::revoke);
  revoking.access_key_id = key.access_key_id;
  EXPECT_EQ(run(revoking), ExitCode::done);
  EXPECT_FALSE(has_key(key.access_key_id));
  EXPECT_TRUE(has_key(other.access_key_id));
  EXPECT_EQ(run(revoking), ExitCode::failed);
  EXPECT_NE(output_.error.find(key.access_key_id), std::string::npos);
}

TEST_F(KeysCommandTest, RotateKeepsTheOldKeyForAWhile) {
  KeysCommand adding = command(Action::add);
  adding.tier = "gold";
  adding.allow = {"GET *"};
  const auth::Key old = add(adding);
  clock_.advance(std::chrono::seconds(5));
  KeysCommand rotating = command(Action::rotate);
  rotating.access_key_id = old.access_key_id;
  rotating.keep_for_seconds = 60;
  const auth::Key fresh = add(rotating);
  EXPECT_NE(output_.out.find(fresh.secret_access_key.reveal()), std::string::npos);
  EXPECT_NE(fresh.access_key_id, old.access_key_id);
  EXPECT_NE(fresh.secret_access_key.reveal(), old.secret_access_key.reveal());
  EXPECT_EQ(fresh.principal.id, old.principal.id);
  EXPECT_EQ(fresh.principal.tier, "gold");
  EXPECT_EQ(to_json(*fresh.policy), to_json(*old.policy));
  EXPECT_FALSE(fresh.expires_at);
  EXPECT_EQ(keys().front().access_key_id, old.access_key_id);
  EXPECT_EQ(keys().front().expires_at, clock_.wall_now() + std::chrono::seconds(60));
  // Rotating it again gives it no longer life.
  rotating.keep_for_seconds = 600;
  add(rotating);
  EXPECT_EQ(keys().front().expires_at, clock_.wall_now() + std::chrono::seconds(60));
}

TEST_F(KeysCommandTest, RotateEndsTheOldKeyAtOnceIfAsked) {
  const auth::Key old = add(command(Action::add));
  KeysCommand rotating = command(Action::rotate);
  rotating.access_key_id = old.access_key_id;
  rotating.keep_for_seconds = 0;
  add(rotating);
  EXPECT_EQ(keys().size(), 1U);
  EXPECT_FALSE(has_key(old.access_key_id));
}

TEST_F(KeysCommandTest, RotateMakesTemporaryKeysForAsLongAgain) {
  KeysCommand adding = command(Action::add);
  adding.expires_in_seconds = 100;
  const auth::Key old = add(adding);
  clock_.advance(std::chrono::seconds(40));
  KeysCommand rotating = command(Action::rotate);
  rotating.access_key_id = old.access_key_id;
  const auth::Key fresh = add(rotating);
  EXPECT_EQ(fresh.expires_at, clock_.wall_now() + std::chrono::seconds(100));
  EXPECT_FALSE(fresh.session_token.empty());
  EXPECT_EQ(keys().front().expires_at, old.expires_at);
}

TEST_F(KeysCommandTest, RotateRefusesKeysThatAreNotThereOrHaveEnded) {
  KeysCommand adding = command(Action::add);
  adding.expires_in_seconds = 1;
  const auth::Key old = add(adding);
  clock_.advance(std::chrono::seconds(1));
  KeysCommand rotating = command(Action::rotate);
  rotating.access_key_id = old.access_key_id;
  EXPECT_EQ(run(rotating), ExitCode::failed);
  EXPECT_NE(output_.error.find("ended"), std::string::npos);
  rotating.access_key_id = "SKMAAAAAAAAAAAAAAAAA";
  EXPECT_EQ(run(rotating), ExitCode::failed);
  EXPECT_EQ(keys().size(), 1U);
}

TEST_F(KeysCommandTest, ListPrintsJson) {
  const auth::Key key = add(command(Action::add));
  KeysCommand listing = command(Action::list);
  listing.json = true;
  EXPECT_EQ(run(listing), ExitCode::done);
  EXPECT_TRUE(output_.out.starts_with("{\"keys\":[{\"access_key_id\":\"" + key.access_key_id + "\""));
  EXPECT_EQ(output_.out.find(key.secret_access_key.reveal()), std::string::npos);
}

TEST_F(KeysCommandTest, SaysWhatIsWrongWithTheFile) {
  for (const Action action : {Action::list, Action::revoke, Action::rotate}) {
    EXPECT_EQ(run(command(action)), ExitCode::failed);
    EXPECT_NE(output_.error.find("keys add"), std::string::npos);
  }
  std::ofstream(path_) << R"({"version":1,"keys":[{}]})";
  ASSERT_EQ(::chmod(path_.c_str(), 0640), 0);
  EXPECT_EQ(run(command(Action::add)), ExitCode::failed);
  EXPECT_NE(output_.error.find("chmod 600 " + path_), std::string::npos);
  ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  EXPECT_EQ(run(command(Action::add)), ExitCode::usage);
  EXPECT_NE(output_.error.find("key 1 (line 1): access_key_id"), std::string::npos) << output_.error;
  EXPECT_EQ(output_.out, "");
}

}  // namespace skymarshal::cli::keys_command_test
