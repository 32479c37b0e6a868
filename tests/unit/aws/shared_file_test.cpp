#include "aws/shared_file.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::aws::shared_file_test {

using Kind = SharedFileKind;

Profiles parsed(std::string_view text, Kind kind = Kind::config) {
  return parse_shared_file(text, kind).value();
}

/// The value as text; "(none)" if there is no such profile or setting.
std::string value(const Profiles& profiles, std::string_view profile, std::string_view setting) {
  const auto at = profiles.find(profile);
  if (at == profiles.end()) return "(none)";
  const auto found = at->second.find(setting);
  return found == at->second.end() ? "(none)" : std::string(found->second.reveal());
}

std::string region(std::string_view text, std::string_view profile = "default", Kind kind = Kind::config) {
  return value(parsed(text, kind), profile, "region");
}

TEST(SharedFile, ReadsProfilesAndTheirSettings) {
  const Profiles profiles = parsed("[default]\nregion = eu-west-1\n\n[profile ops]\nregion=us-west-2\n");
  EXPECT_EQ(value(profiles, "default", "region"), "eu-west-1");
  EXPECT_EQ(value(profiles, "ops", "region"), "us-west-2");
  EXPECT_EQ(profiles.size(), 2U);
}

TEST(SharedFile, ProfilesAreNamedPlainlyAmongCredentials) {
  EXPECT_EQ(region("[ops]\nregion=a\n", "ops", Kind::credentials), "a");
  EXPECT_EQ(region("[profile ops]\nregion=a\n", "ops", Kind::credentials), "(none)");
  EXPECT_EQ(region("[profile ops]\nregion=a\n", "profile ops", Kind::credentials), "(none)");
  EXPECT_EQ(region("[ops]\nregion=a\n", "ops", Kind::config), "(none)");
  EXPECT_EQ(region("[sso-session ops]\nregion=a\n", "ops", Kind::config), "(none)");
  EXPECT_EQ(region("[profileops]\nregion=a\n", "ops", Kind::config), "(none)");
}

TEST(SharedFile, SessionsOfSingleSignOnAreAKindOfTheirOwn) {
  const char* text = "[sso-session 'my corp']\nregion=a\n[profile ops]\nregion=b\n[sso-session]\nregion=c\n";
  const Profiles sessions = parsed(text, Kind::sso_sessions);
  EXPECT_EQ(value(sessions, "my corp", "region"), "a");
  EXPECT_EQ(sessions.size(), 1U);
  EXPECT_EQ(parsed(text, Kind::config).size(), 1U);
}

TEST(SharedFile, NamesMayBeQuotedAndSpaced) {
  EXPECT_EQ(region("[ default ]\nregion=a\n"), "a");
  EXPECT_EQ(region("[profile\t\t\"my ops\" ] ; of today\nregion=a\n", "my ops"), "a");
  EXPECT_EQ(region("[profile 'ops']\nregion=a\n", "ops"), "a");
  EXPECT_EQ(region("[]\nregion=a\n[profile ]\nregion=b\n", ""), "(none)");
}

TEST(SharedFile, SpacesAroundNamesAndValuesDoNotCount) {
  EXPECT_EQ(region("[default]\r\nREGION\t =  a b \r\n"), "a b");
  EXPECT_EQ(region("\xEF\xBB\xBF[default]\nregion: a=b"), "a=b");
  EXPECT_EQ(region("[default]\nregion = a:b"), "a:b");
}

TEST(SharedFile, CommentsAreLinesOfTheirOwnOrStandBehindASpace) {
  EXPECT_EQ(region("# first\n; second\n[default] # third\n  # fourth\nregion = a#b;c # fifth"), "a#b;c");
  EXPECT_EQ(region("[default]\nregion = a\t; mine"), "a");
  EXPECT_EQ(region("[default]\nregion = # none"), "");
  EXPECT_EQ(region("[default]\nregion =# none"), "");
}

TEST(SharedFile, NestedSettingsArePassedOver) {
  const Profiles profiles = parsed(
      "[default]\ns3 =\n  region = inner\n\n  # still inner\n  addressing_style=path\nregion = outer\n");
  EXPECT_EQ(value(profiles, "default", "region"), "outer");
  EXPECT_EQ(value(profiles, "default", "addressing_style"), "(none)");
  EXPECT_EQ(value(profiles, "default", "s3"), "");
}

TEST(SharedFile, IndentedSettingsAreSettingsWhereNothingStandsAboveThem) {
  EXPECT_EQ(region("[default]\n  output = json\n  region = a\n"), "a");
  EXPECT_EQ(region("[profile x]\noutput = json\n[default]\n  region = a\n"), "a");
}

TEST(SharedFile, AValueOfTwoLinesIsMarked) { EXPECT_EQ(region("[default]\nregion = a\n  b\n  c\n"), "a\n"); }

TEST(SharedFile, WhatIsThereTwiceIsMergedAndTheLaterOneWins) {
  const Profiles profiles = parsed("[default]\nregion=a\noutput=x\n[profile p]\n[default]\nregion=b\n");
  EXPECT_EQ(value(profiles, "default", "region"), "b");
  EXPECT_EQ(value(profiles, "default", "output"), "x");
}

TEST(SharedFile, ProfileDefaultStandsAboveDefault) {
  EXPECT_EQ(region("[profile default]\nregion=a\n[default]\nregion=b\n"), "a");
  EXPECT_EQ(region("[default]\nregion=b\n[profile default]\nregion=a\n"), "a");
  EXPECT_EQ(region("[profile default]\nregion=a\n"), "a");
}

TEST(SharedFile, SaysWhichLineIsBrokenAndNotWhatItHolds) {
  for (const char* text :
       {"region = secret\n", "[default\n", "[default]\nsecret\n", "[default]\n= secret\n"}) {
    const auto profiles = parse_shared_file(text, Kind::config);
    ASSERT_FALSE(profiles.has_value()) << text;
    EXPECT_EQ(profiles.error().kind, ErrorKind::unusable_credentials);
    EXPECT_EQ(profiles.error().message.find("secret"), std::string::npos);
  }
  EXPECT_TRUE(
      parse_shared_file("[default]\n\nsecret\n", Kind::config).error().message.starts_with("line 3 "));
}

TEST(SharedFile, AnEmptyFileHasNoProfiles) {
  EXPECT_TRUE(parsed("").empty());
  EXPECT_TRUE(parsed("\n\n# nothing\n").empty());
}

RC_GTEST_PROP(SharedFile, TakesAnyTextWithoutHarm, (const std::string& text)) {
  for (const Kind kind : {Kind::config, Kind::credentials}) (void)parse_shared_file(text, kind);
}

RC_GTEST_PROP(SharedFile, ReadsWhatWasWritten, ()) {
  const auto word = rc::gen::nonEmpty(rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("abcdefghijklmnopqrstuvwxyz0123456789+/-_"))));
  const auto name = *word;
  const auto key = *word;
  const auto text = *word;
  const auto space = *rc::gen::container<std::string>(rc::gen::elementOf(std::string(" \t")));
  const std::string file =
      "[profile " + space + name + space + "]" + space + "\n" + key + space + "=" + space + text + space;
  RC_ASSERT(value(parsed(file), name, key) == text);
}

}  // namespace skymarshal::aws::shared_file_test
