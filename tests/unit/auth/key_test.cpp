#include "auth/key.hpp"

#include "auth/key_file.hpp"
#include "key_samples.hpp"

#include <set>

#include <gtest/gtest.h>

namespace skymarshal::auth::key_test {

const WallTime made_at = from_unix_ms(1'767'225'600'000);

const KeyRequest request{{"arn:aws:iam::123456789012:user/ops", "gold"}, nullptr, std::nullopt};

TEST(NewKey, HasTheFormsThatAreDocumented) {
  SystemRandom random;
  std::set<char> id_letters, secret_letters;
  for (int i = 0; i < 500; ++i) {
    const Key key = make_key(request, random, made_at);
    ASSERT_EQ(key.access_key_id.size(), 20U);
    ASSERT_TRUE(key.access_key_id.starts_with("SKMA"));
    ASSERT_TRUE(is_access_key_id(key.access_key_id));
    ASSERT_EQ(key.secret_access_key.reveal().size(), 40U);
    for (const char c : key.access_key_id.substr(4)) id_letters.insert(c);
    for (const char c : key.secret_access_key.reveal()) secret_letters.insert(c);
  }
  EXPECT_EQ(std::string(id_letters.begin(), id_letters.end()), "234567ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  EXPECT_EQ(std::string(secret_letters.begin(), secret_letters.end()),
            "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
}

TEST(NewKey, IsAnotherOneEachTime) {
  SystemRandom random;
  std::set<std::string> ids, secrets;
  for (int i = 0; i < 1'000; ++i) {
    const Key key = make_key(request, random, made_at);
    ids.insert(key.access_key_id);
    secrets.insert(std::string(key.secret_access_key.reveal()));
  }
  EXPECT_EQ(ids.size(), 1'000U);
  EXPECT_EQ(secrets.size(), 1'000U);
}

TEST(NewKey, LastsUnlessItIsTemporary) {
  CountingRandom random;
  const Key lasting = make_key(request, random, made_at);
  EXPECT_TRUE(lasting.session_token.empty());
  EXPECT_FALSE(lasting.expires_at);
  EXPECT_EQ(lasting.created_at, made_at);
  EXPECT_EQ(lasting.principal.id, request.principal.id);
  EXPECT_EQ(lasting.principal.tier, "gold");
  KeyRequest for_an_hour = request;
  for_an_hour.valid_for = std::chrono::hours(1);
  const Key temporary = make_key(for_an_hour, random, made_at);
  EXPECT_EQ(temporary.session_token.reveal().size(), 64U);
  EXPECT_EQ(temporary.expires_at, made_at + std::chrono::hours(1));
  EXPECT_NE(temporary.session_token.reveal().substr(0, 40), temporary.secret_access_key.reveal());
}

TEST(NewKey, CanBeKeptInAKeyFile) {
  CountingRandom random;
  KeyRequest for_an_hour = request;
  for_an_hour.valid_for = std::chrono::hours(1);
  const Key key = make_key(for_an_hour, random, made_at);
  EXPECT_TRUE(parse_keys(std::string(keys_text({&key, 1}).reveal())));
}

TEST(MakeSecret, IsAnotherOneEachTime) {
  CountingRandom random;
  EXPECT_NE(make_secret(random).reveal(), make_secret(random).reveal());
}

}  // namespace skymarshal::auth::key_test
