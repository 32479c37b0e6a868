#include "auth/key_file.hpp"

#include "key_samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::auth::key_file_test {

constexpr std::string_view secret_text = "very-secret-very-secret-very-secret-0001";

/// One entry, with a member replaced, added or (by an empty value) left out.
std::string entry_with(std::string_view name = "", std::string_view value = "") {
  std::vector<std::pair<std::string, std::string>> members = {
      {"access_key_id", R"("SKMAAAAAAAAAAAAAAAAA")"},
      {"secret_access_key", fmt::format("\"{}\"", secret_text)},
      {"principal", R"("arn:aws:iam::123456789012:user/ops")"},
      {"created_at", R"("2026-01-01T00:00:00Z")"}};
  bool is_new = !name.empty();
  for (auto& [key, text] : members) {
    if (key != name) continue;
    text = value;
    is_new = false;
  }
  if (is_new) members.emplace_back(name, value);
  std::string out;
  for (const auto& [key, text] : members) {
    if (!text.empty()) out += fmt::format("{}\n\"{}\":{}", out.empty() ? "" : ",", key, text);
  }
  return "{" + out + "}";
}

std::string file_of(std::string_view entries) {
  return fmt::format("{{\"version\":1,\n\"keys\":[\n{}]}}", entries);
}

std::string refusal(std::string text) {
  const auto keys = parse_keys(std::move(text));
  EXPECT_FALSE(keys);
  if (keys) return {};
  EXPECT_EQ(keys.error().code, Errc::invalid_request);
  EXPECT_EQ(keys.error().message.find("secret-very"), std::string::npos) << keys.error().message;
  return keys.error().message;
}

TEST(KeyFile, ReadsAKeyWithAllItsMembers) {
  const auto keys = parse_keys(R"({"version":1,"keys":[{"access_key_id":"SKMAAAAAAAAAAAAAAAAA",
    "secret_access_key":"very-secret-very-secret-very-secret-0001",
    "session_token":"token-token-token-token-token-token-0001",
    "principal":"arn:aws:iam::123456789012:user/ops","tier":"gold","created_at":"2026-01-01T00:00:00Z",
    "expires_at":"2026-01-02T00:00:00.500Z",
    "policy":{"Statement":{"Effect":"Allow","Action":"*","Resource":"GET *"}}}]})");
  ASSERT_TRUE(keys) << keys.error().message;
  const Key& key = keys->at(0);
  EXPECT_EQ(key.access_key_id, "SKMAAAAAAAAAAAAAAAAA");
  EXPECT_EQ(key.secret_access_key.reveal(), secret_text);
  EXPECT_EQ(key.session_token.reveal(), "token-token-token-token-token-token-0001");
  EXPECT_EQ(key.principal.id, "arn:aws:iam::123456789012:user/ops");
  EXPECT_EQ(key.principal.tier, "gold");
  EXPECT_EQ(unix_ms(key.created_at), 1'767'225'600'000);
  EXPECT_EQ(key.expires_at, from_unix_ms(1'767'312'000'500));
  ASSERT_TRUE(key.policy);
  EXPECT_FALSE(key.policy->allows("execute-api:Invoke", "POST /x"));
}

TEST(KeyFile, WhatMayBeLeftOutMayBeLeftOut) {
  const auto keys = parse_keys(file_of(entry_with()));
  ASSERT_TRUE(keys) << keys.error().message;
  EXPECT_TRUE(keys->at(0).session_token.empty());
  EXPECT_FALSE(keys->at(0).expires_at);
  EXPECT_FALSE(keys->at(0).policy);
  EXPECT_TRUE(parse_keys(file_of(""))->empty());
}

TEST(KeyFile, NamesTheEntryItsLineAndTheMember) {
  const std::string good = entry_with();
  EXPECT_TRUE(refusal(file_of(good + ",\n" + entry_with("tier", "7"))).starts_with("key 2 (line 8): tier: "));
  EXPECT_TRUE(refusal(file_of(entry_with("owner", "7"))).starts_with("key 1 (line 3): the member 'owner'"));
  for (const auto* name : {"access_key_id", "secret_access_key", "principal", "created_at"}) {
    EXPECT_EQ(refusal(file_of(entry_with(name))), fmt::format("key 1 (line 3): {}: is missing", name));
  }
}

TEST(KeyFile, RefusesMembersThatAreWrong) {
  const auto wrong = [](std::string_view name, std::string_view value) {
    const std::string message = refusal(file_of(entry_with(name, value)));
    EXPECT_NE(message.find(fmt::format(": {}: ", name)), std::string::npos) << message;
  };
  wrong("access_key_id", R"("short")");
  wrong("access_key_id", R"("SKMAAAAAAAAAAAAA AAA")");
  wrong("access_key_id", R"("SKMAAAAAAAAAAAAA/AAA")");
  wrong("access_key_id", fmt::format("\"{}\"", std::string(129, 'A')));
  wrong("access_key_id", "null");
  wrong("secret_access_key", R"("secret-very")");
  wrong("secret_access_key", R"("secret-very secret-very secret-very secret")");
  wrong("secret_access_key", R"("secret-very-secret-very-secret-very-\n-secret")");
  wrong("secret_access_key", R"("secret-very-secret-very-secret-very-é-secret")");
  wrong("secret_access_key", fmt::format("\"secret-very{}\"", std::string(250, 'x')));
  wrong("secret_access_key", "[\"secret-very-secret-very-secret-very-secret\"]");
  wrong("session_token", R"("")");
  wrong("session_token", fmt::format("\"secret-very{}\"", std::string(4'090, 'x')));
  wrong("principal", R"("ops")");
  wrong("principal", R"("arn:aws:iam::1234:user/ops")");
  wrong("tier", R"("a b")");
  wrong("tier", fmt::format("\"{}\"", std::string(65, 'x')));
  wrong("created_at", "1767225600000");
  wrong("created_at", R"("yesterday")");
  wrong("expires_at", "null");
  wrong("expires_at", R"("2026-02-30T00:00:00Z")");
  wrong("policy", "null");
  wrong("policy", R"({"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{}}})");
}

TEST(KeyFile, RefusesOneIdTwice) {
  const std::string message = refusal(file_of(entry_with() + ",\n" + entry_with()));
  EXPECT_TRUE(message.starts_with("key 2 (line 8): access_key_id")) << message;
}

TEST(KeyFile, RefusesDoubledMembers) {
  const std::string entry = entry_with();
  refusal(file_of("{\"tier\":\"a\",\"tier\":\"b\"," + entry.substr(1)));
  refusal(R"({"version":1,"keys":[],"keys":[]})");
}

TEST(KeyFile, RefusesWhatIsNoKeyFile) {
  refusal("");
  refusal(" ");
  refusal("[]");
  refusal("{}");
  refusal(R"({"version":2,"keys":[]})");
  refusal(R"({"version":"1","keys":[]})");
  refusal(R"({"version":1.0,"keys":[]})");
  refusal(R"({"keys":[]})");
  refusal(R"({"version":1})");
  refusal(R"({"version":1,"keys":{}})");
  refusal(R"({"version":1,"keys":[1]})");
  refusal(R"({"version":1,"keys":[],"comment":"x"})");
  refusal(file_of(entry_with()) + "x");
  refusal(file_of(entry_with()).substr(0, 100));
  refusal(file_of("\"\xff\""));
}

TEST(KeyFile, IsBounded) {
  EXPECT_NE(refusal(std::string(key_file_bytes_max + 1, ' ')).find("16 MiB"), std::string::npos);
  std::string many = "{}";
  for (std::size_t i = 0; i < keys_max; ++i) many += ",{}";
  EXPECT_NE(refusal(file_of(many)).find("50000 at most"), std::string::npos);
}

TEST(KeyFile, IsReadByPeople) {
  Key key = sample_key();
  EXPECT_EQ(keys_text({}).reveal(), "{\n  \"version\": 1,\n  \"keys\": []\n}\n");
  EXPECT_EQ(keys_text({&key, 1}).reveal(), R"({
  "version": 1,
  "keys": [
    {
      "access_key_id": "SKMAAAAAAAAAAAAAAAAA",
      "secret_access_key": "very-secret-very-secret-very-secret-0001",
      "principal": "arn:aws:iam::123456789012:user/ops",
      "created_at": "2026-01-01T00:00:00.000Z"
    }
  ]
}
)");
}

RC_GTEST_PROP(KeyFile, ReadsWhatItWrites, ()) {
  const auto count = *rc::gen::inRange(0, 5);
  const auto letters = rc::gen::container<std::string>(rc::gen::inRange('!', '\x7f'));
  std::vector<Key> keys;
  for (int i = 0; i < count; ++i) {
    Key key = sample_key(fmt::format("SKMAAAAAAAAAAAAAAAA{}", i));
    key.secret_access_key = Secret(std::string(32, 'x') + *letters);
    if (*rc::gen::arbitrary<bool>()) key.session_token = Secret(std::string(32, 'y') + *letters);
    key.principal.tier = *rc::gen::element<std::string>("", "gold", "a.b-c_D1");
    key.created_at = from_unix_ms(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000));
    if (*rc::gen::arbitrary<bool>()) key.expires_at = key.created_at + Milliseconds(1'001);
    if (*rc::gen::arbitrary<bool>()) {
      key.policy =
          std::make_shared<const Policy>(std::vector<Statement>{{Effect::deny, {"*"}, {"GET /\"\\a*"}}});
    }
    keys.push_back(std::move(key));
  }
  const auto again = parse_keys(std::string(keys_text(keys).reveal()));
  RC_ASSERT(again.has_value());
  RC_ASSERT(again->size() == keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Key &a = keys[i], &b = again->at(i);
    RC_ASSERT(a.access_key_id == b.access_key_id);
    RC_ASSERT(a.secret_access_key.reveal() == b.secret_access_key.reveal());
    RC_ASSERT(a.session_token.reveal() == b.session_token.reveal());
    RC_ASSERT(a.principal.id == b.principal.id && a.principal.tier == b.principal.tier);
    RC_ASSERT(a.created_at == b.created_at && a.expires_at == b.expires_at);
    RC_ASSERT((a.policy == nullptr) == (b.policy == nullptr));
    if (a.policy) RC_ASSERT(to_json(*a.policy) == to_json(*b.policy));
  }
  RC_ASSERT(keys_text(*again).reveal() == keys_text(keys).reveal());
}

TEST(Key, EndsAtItsTime) {
  Key key = sample_key();
  EXPECT_FALSE(key.has_ended(from_unix_ms(1'900'000'000'000)));
  key.expires_at = from_unix_ms(1'000);
  EXPECT_FALSE(key.has_ended(from_unix_ms(999)));
  EXPECT_TRUE(key.has_ended(from_unix_ms(1'000)));
}

}  // namespace skymarshal::auth::key_file_test
