// Which profile counts, what the files and variables say of it, and where services are.
#include "aws/configuration.hpp"

#include "unit/aws/source_rig.hpp"

namespace skymarshal::aws::configuration_test {

class ConfigurationTest : public test::SourceRig {
 protected:
  ConfigurationTest() { search_.environment.erase("AWS_REGION"); }

  Configuration read() { return Configuration::read(search_).value(); }
  std::string region() { return find_region(read()).value(); }
  /// Of a reading that fails.
  std::string complaint() {
    const auto configuration = Configuration::read(search_);
    if (configuration) return "(none)";
    EXPECT_EQ(configuration.error().kind, ErrorKind::unusable_credentials);
    EXPECT_EQ(configuration.error().message.find("secret-of"), std::string::npos);
    return configuration.error().message;
  }
  std::string sts(const std::string& region) {
    const auto endpoint = service_endpoint(read(), {"sts", "STS"}, region);
    return endpoint ? endpoint->scheme + "://" + endpoint->authority() : endpoint.error().message;
  }
};

TEST_F(ConfigurationTest, NothingIsNoError) {
  EXPECT_EQ(read().profile(), "default");
  EXPECT_EQ(region(), "");
  search_.environment.clear();
  EXPECT_EQ(read().path_of(SharedFileKind::credentials), "");
  EXPECT_FALSE(read().has_profile("default"));
}

TEST_F(ConfigurationTest, AProfileIsNamedByTheCallerOrAVariable) {
  write_credentials("[ops]\nx=1\n[night]\nx=2\n");
  set("AWS_PROFILE", "night");
  EXPECT_EQ(read().profile(), "night");
  EXPECT_FALSE(read().caller_names_profile());
  search_.profile = "ops";
  EXPECT_EQ(read().profile(), "ops");
  EXPECT_TRUE(read().caller_names_profile());
  set("AWS_PROFILE", "");
  search_.profile = "";
  EXPECT_EQ(read().profile(), "default");
}

TEST_F(ConfigurationTest, AProfileThatWasAskedForMustBeThere) {
  write_credentials("[default]\nx=1\n");
  search_.profile = "ops";
  EXPECT_TRUE(says(complaint(), "no profile 'ops'"));
  search_.profile.clear();
  set("AWS_PROFILE", "night");
  EXPECT_TRUE(says(complaint(), "AWS_PROFILE"));
}

TEST_F(ConfigurationTest, TheCredentialsFileStandsAboveTheConfigFile) {
  write_credentials("[default]\na=1\n");
  write_config("[default]\na=2\nb=3\n");
  EXPECT_EQ(read().text("default", "a"), "1");
  EXPECT_EQ(read().text("default", "b"), "3");
  EXPECT_EQ(read().text("default", "c"), "");
  EXPECT_EQ(read().setting_in(SharedFileKind::config, "default", "a").reveal(), "2");
  EXPECT_TRUE(read().setting_in(SharedFileKind::credentials, "default", "b").empty());
}

TEST_F(ConfigurationTest, KnowsSessionsOfSingleSignOn) {
  write_config("[sso-session corp]\nsso_region=eu-west-1\n[profile corp]\nsso_region=eu-west-2\n");
  ASSERT_NE(read().sso_session("corp"), nullptr);
  EXPECT_EQ(read().sso_session("corp")->at("sso_region").reveal(), "eu-west-1");
  EXPECT_EQ(read().text("corp", "sso_region"), "eu-west-2");
  EXPECT_EQ(read().sso_session("other"), nullptr);
}

TEST_F(ConfigurationTest, FilesMayBeElsewhere) {
  write("keys", "[ops]\na=1\n");
  write("settings", "[profile ops]\nregion=eu-west-3\n");
  set("AWS_SHARED_CREDENTIALS_FILE", path("keys"));
  set("AWS_CONFIG_FILE", "~/settings");
  search_.profile = "ops";
  EXPECT_EQ(read().text("ops", "a"), "1");
  EXPECT_EQ(region(), "eu-west-3");
}

TEST_F(ConfigurationTest, TheNearestRegionWins) {
  write_config("[default]\nregion=eu-west-1\n");
  EXPECT_EQ(region(), "eu-west-1");
  write_credentials("[default]\nregion=eu-west-2\n");
  EXPECT_EQ(region(), "eu-west-2");
  set("AWS_DEFAULT_REGION", "us-east-2");
  EXPECT_EQ(region(), "us-east-2");
  set("AWS_REGION", "us-west-1");
  EXPECT_EQ(region(), "us-west-1");
  search_.region = "ap-south-1";
  EXPECT_EQ(region(), "ap-south-1");
  search_.region.clear();
  set("AWS_REGION", "us west\r\n1");
  EXPECT_TRUE(says(find_region(read()).error().message, "no region's name"));
}

TEST_F(ConfigurationTest, RefusesAFileThatCannotBeUnderstood) {
  write_credentials("[default]\nsecret-of-mine\n");
  EXPECT_TRUE(says(complaint(), "credentials cannot be understood: line 2"));
  write_credentials(std::string((1U << 20) + 1, '#'));
  EXPECT_TRUE(says(complaint(), "is larger than"));
}

TEST_F(ConfigurationTest, PassesOverWhatIsNoFile) {
  set("AWS_CONFIG_FILE", path(""));
  set("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
  EXPECT_EQ(complaint(), "(none)");
}

TEST_F(ConfigurationTest, AServiceIsInItsRegion) {
  EXPECT_EQ(sts("eu-central-1"), "https://sts.eu-central-1.amazonaws.com");
  EXPECT_EQ(sts("cn-north-1"), "https://sts.cn-north-1.amazonaws.com.cn");
  EXPECT_TRUE(says(sts(""), "no AWS region"));
}

TEST_F(ConfigurationTest, AServiceIsReachedByFipsWhereThatIsSaid) {
  set("AWS_USE_FIPS_ENDPOINT", "True");
  EXPECT_EQ(sts("us-east-2"), "https://sts-fips.us-east-2.amazonaws.com");
  EXPECT_EQ(sts("us-gov-west-1"), "https://sts.us-gov-west-1.amazonaws.com");
  search_.use_fips = false;
  EXPECT_EQ(sts("us-east-2"), "https://sts.us-east-2.amazonaws.com");
  set("AWS_USE_FIPS_ENDPOINT", "false");
  EXPECT_EQ(sts("us-east-2"), "https://sts.us-east-2.amazonaws.com");
  search_.use_fips = true;
  EXPECT_EQ(sts("us-east-2"), "https://sts-fips.us-east-2.amazonaws.com");
}

TEST_F(ConfigurationTest, AnEndpointMayBeNamed) {
  write_config("[default]\nendpoint_url = https://profile.example\n");
  EXPECT_EQ(sts(""), "https://profile.example");
  set("AWS_ENDPOINT_URL", "https://all.example");
  EXPECT_EQ(sts("eu-west-1"), "https://all.example");
  set("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:4566");
  EXPECT_EQ(sts("eu-west-1"), "http://127.0.0.1:4566");
  set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
  EXPECT_EQ(sts("eu-west-1"), "https://sts.eu-west-1.amazonaws.com");
}

TEST_F(ConfigurationTest, SecretsGoToNoEndpointInTheClear) {
  for (const char* url :
       {"http://sts.example", "ws://127.0.0.1", "sts.example", "https://user@sts.example"}) {
    set("AWS_ENDPOINT_URL", url);
    EXPECT_TRUE(says(sts("eu-west-1"), "AWS_ENDPOINT_URL is no address")) << url;
  }
}

}  // namespace skymarshal::aws::configuration_test
