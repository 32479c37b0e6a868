#include "aws/credentials.hpp"

#include "support/temporary_folder.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace skymarshal::aws::credentials_test {

class CredentialsTest : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(folder_.file(".aws"));
    std::ofstream(folder_.file(name)) << text;
  }
  void write_credentials(const std::string& text) { write(".aws/credentials", text); }
  void write_config(const std::string& text) { write(".aws/config", text); }
  void set(const std::string& name, const std::string& value) { search_.environment[name] = value; }
  void set_keys(const std::string& id = "AKIAENV", const std::string& secret = "env-secret") {
    set("AWS_ACCESS_KEY_ID", id);
    set("AWS_SECRET_ACCESS_KEY", secret);
  }

  FoundCredentials found() { return find_credentials(search_).value(); }
  std::string found_id() {
    const auto credentials = found().credentials;
    return credentials ? credentials->access_key_id : "(none)";
  }
  /// Of a search that fails.
  std::string complaint() {
    const auto searched = find_credentials(search_);
    if (searched) return "(none)";
    EXPECT_EQ(searched.error().kind, ErrorKind::unusable_credentials);
    EXPECT_EQ(searched.error().message.find("secret-of"), std::string::npos);
    return searched.error().message;
  }
  void expect_complaint(const std::string& part) {
    EXPECT_NE(complaint().find(part), std::string::npos) << complaint();
  }
  std::string path(const std::string& name) { return folder_.file(name).string(); }

  test::TemporaryFolder folder_;
  CredentialSearch search_{{{"HOME", folder_.file("").string()}}, ""};
};

constexpr const char* default_keys = "[default]\naws_access_key_id=AKIAFILE\naws_secret_access_key=s\n";
constexpr const char* ops_keys = "[ops]\naws_access_key_id=AKIAOPS\naws_secret_access_key=s\n";

TEST_F(CredentialsTest, FindsNothingWhereThereIsNothing) {
  EXPECT_FALSE(found().credentials);
  EXPECT_EQ(found().source, "");
  EXPECT_EQ(found().region, "");
  search_.environment.clear();
  EXPECT_FALSE(found().credentials);
}

TEST_F(CredentialsTest, TakesTheEnvironmentFirst) {
  write_credentials(default_keys);
  set_keys();
  set("AWS_SESSION_TOKEN", "token");
  const FoundCredentials from = found();
  EXPECT_EQ(from.credentials->access_key_id, "AKIAENV");
  EXPECT_EQ(from.credentials->secret_access_key.reveal(), "env-secret");
  EXPECT_EQ(from.credentials->session_token.reveal(), "token");
  EXPECT_EQ(from.source, "the environment");
}

TEST_F(CredentialsTest, EmptyVariablesAreNotSet) {
  write_credentials(default_keys);
  set_keys("", "");
  set("AWS_PROFILE", "");
  EXPECT_EQ(found_id(), "AKIAFILE");
}

TEST_F(CredentialsTest, TakesTheDefaultProfile) {
  write_credentials(std::string(default_keys) + "aws_session_token = t\n");
  const FoundCredentials from = found();
  EXPECT_EQ(from.credentials->access_key_id, "AKIAFILE");
  EXPECT_EQ(from.credentials->secret_access_key.reveal(), "s");
  EXPECT_EQ(from.credentials->session_token.reveal(), "t");
  EXPECT_EQ(from.source, "profile default of " + path("") + "/.aws/credentials");
}

TEST_F(CredentialsTest, AProfileThatTheCallerNamesPassesOverTheVariables) {
  write_credentials(ops_keys);
  set_keys();
  search_.profile = "ops";
  EXPECT_EQ(found_id(), "AKIAOPS");
}

TEST_F(CredentialsTest, AProfileThatAVariableNamesDoesNot) {
  write_credentials(ops_keys);
  set("AWS_PROFILE", "ops");
  EXPECT_EQ(found_id(), "AKIAOPS");
  set_keys();
  EXPECT_EQ(found_id(), "AKIAENV");
}

TEST_F(CredentialsTest, KeysMayStandInTheConfigFile) {
  write_config("[profile ops]\naws_access_key_id=AKIACONFIG\naws_secret_access_key=s\nregion=eu-west-1\n");
  search_.profile = "ops";
  EXPECT_EQ(found_id(), "AKIACONFIG");
  EXPECT_EQ(found().region, "eu-west-1");
  write_credentials(ops_keys);
  EXPECT_EQ(found_id(), "AKIAOPS");
}

TEST_F(CredentialsTest, HalvesOfTwoFilesAreNoKey) {
  write_credentials("[default]\naws_access_key_id=AKIAHALF\n");
  write_config("[default]\naws_secret_access_key=secret-of-config\n");
  expect_complaint("has aws_access_key_id but no aws_secret_access_key");
}

TEST_F(CredentialsTest, RefusesHalfAKey) {
  set("AWS_ACCESS_KEY_ID", "AKIAHALF");
  expect_complaint("the environment has AWS_ACCESS_KEY_ID but no AWS_SECRET_ACCESS_KEY");
  search_.environment.erase("AWS_ACCESS_KEY_ID");
  set("AWS_SECRET_ACCESS_KEY", "secret-of-environment");
  expect_complaint("has AWS_SECRET_ACCESS_KEY but no AWS_ACCESS_KEY_ID");
}

TEST_F(CredentialsTest, AProfileThatWasAskedForMustBeThere) {
  write_credentials(default_keys);
  search_.profile = "ops";
  expect_complaint("no profile 'ops'");
  search_.profile.clear();
  set("AWS_PROFILE", "night");
  set_keys();
  expect_complaint("AWS_PROFILE");
}

TEST_F(CredentialsTest, AProfileWithoutKeysIsNoError) {
  write_config("[profile sso]\nsso_session = x\nregion = eu-north-1\n");
  search_.profile = "sso";
  EXPECT_FALSE(found().credentials);
  EXPECT_EQ(found().region, "eu-north-1");
}

TEST_F(CredentialsTest, FilesMayBeElsewhere) {
  write("keys", ops_keys);
  write("settings", "[profile ops]\nregion=eu-west-3\n");
  set("AWS_SHARED_CREDENTIALS_FILE", path("keys"));
  set("AWS_CONFIG_FILE", "~/settings");
  search_.profile = "ops";
  EXPECT_EQ(found_id(), "AKIAOPS");
  EXPECT_EQ(found().region, "eu-west-3");
}

TEST_F(CredentialsTest, TheNearestRegionWins) {
  write_config("[default]\nregion=eu-west-1\n");
  EXPECT_EQ(found().region, "eu-west-1");
  write_credentials("[default]\nregion=eu-west-2\n");
  EXPECT_EQ(found().region, "eu-west-2");
  set("AWS_DEFAULT_REGION", "us-east-2");
  EXPECT_EQ(found().region, "us-east-2");
  set("AWS_REGION", "us-west-1");
  EXPECT_EQ(found().region, "us-west-1");
  set("AWS_REGION", "us west\r\n1");
  expect_complaint("no region's name");
}

TEST_F(CredentialsTest, RefusesWhatCannotBeAKey) {
  for (const std::string& bad : {"two words", "line\nend", "line\r", "umlaut\xC3\xA4", " before"}) {
    set_keys("AKIA", bad);
    expect_complaint("AWS_SECRET_ACCESS_KEY of the environment is not one word");
    set_keys(bad, "s");
    expect_complaint("AWS_ACCESS_KEY_ID of the environment is not one word");
    set_keys();
    set("AWS_SESSION_TOKEN", bad);
    expect_complaint("AWS_SESSION_TOKEN of the environment is not one word");
    search_.environment.erase("AWS_SESSION_TOKEN");
  }
}

TEST_F(CredentialsTest, RefusesAValueOfTwoLines) {
  write_credentials("[default]\naws_access_key_id=AKIA\naws_secret_access_key=secret-of\n  two-lines\n");
  expect_complaint("is not one word");
}

TEST_F(CredentialsTest, RefusesAFileThatCannotBeUnderstood) {
  write_credentials("[default]\nsecret-of-mine\n");
  expect_complaint("credentials cannot be understood: line 2");
  write_credentials(std::string((1U << 20) + 1, '#'));
  expect_complaint("is larger than");
}

TEST_F(CredentialsTest, PassesOverWhatIsNoFile) {
  set("AWS_CONFIG_FILE", path(""));
  set("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
  EXPECT_FALSE(found().credentials);
}

}  // namespace skymarshal::aws::credentials_test
