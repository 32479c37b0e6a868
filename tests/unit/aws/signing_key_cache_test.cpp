// What the cache gives, what it forgets, and that threads may share it.
#include "aws/signing_key_cache.hpp"

#include "aws/sigv4_signer.hpp"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::aws::signing_key_cache_test {

const CredentialScope scope{"20260101", "us-east-1", "execute-api"};

TEST(SigningKeyCache, GivesTheDerivedKeyEveryTime) {
  SigningKeyCache cache;
  const Secret secret("one");
  const Sha256 expected = derive_signing_key(secret, scope);
  EXPECT_EQ(cache.find_or_derive("A", secret, scope), expected);
  EXPECT_EQ(cache.size(), 1u);
  EXPECT_EQ(cache.find_or_derive("A", secret, scope), expected);
  EXPECT_EQ(cache.size(), 1u);
}

TEST(SigningKeyCache, KeepsScopesAndIdsApart) {
  SigningKeyCache cache;
  const Secret secret("one");
  for (const CredentialScope& each : {scope, CredentialScope{"20260102", "us-east-1", "execute-api"},
                                      CredentialScope{"20260101", "eu-west-1", "execute-api"},
                                      CredentialScope{"20260101", "us-east-1", "sts"}}) {
    EXPECT_EQ(cache.find_or_derive("A", secret, each), derive_signing_key(secret, each));
  }
  EXPECT_EQ(cache.find_or_derive("B", Secret("two"), scope), derive_signing_key(Secret("two"), scope));
  EXPECT_EQ(cache.find_or_derive("A", secret, scope), derive_signing_key(secret, scope));
  EXPECT_EQ(cache.size(), 5u);
}

TEST(SigningKeyCache, DerivesAnewForANewSecret) {
  SigningKeyCache cache;
  cache.find_or_derive("A", Secret("old"), scope);
  EXPECT_EQ(cache.find_or_derive("A", Secret("new"), scope), derive_signing_key(Secret("new"), scope));
  EXPECT_EQ(cache.find_or_derive("A", Secret("new"), scope), derive_signing_key(Secret("new"), scope));
  // The old secret is not accepted for the key of the new one.
  EXPECT_EQ(cache.find_or_derive("A", Secret("old"), scope), derive_signing_key(Secret("old"), scope));
  EXPECT_EQ(cache.size(), 1u);
}

TEST(SigningKeyCache, HoldsNoMoreThanItMay) {
  SigningKeyCache cache(64);
  const Secret secret("one");
  for (int i = 0; i < 2'000; ++i) cache.find_or_derive("KEY" + std::to_string(i), secret, scope);
  EXPECT_LE(cache.size(), 64u);
  EXPECT_GT(cache.size(), 32u);
  // What went is derived again, and right.
  EXPECT_EQ(cache.find_or_derive("KEY0", secret, scope), derive_signing_key(secret, scope));
  EXPECT_LE(cache.size(), 64u);
}

TEST(SigningKeyCache, HoldsOneAShardAtLeast) {
  SigningKeyCache cache(0);
  EXPECT_EQ(cache.find_or_derive("A", Secret("one"), scope), derive_signing_key(Secret("one"), scope));
  EXPECT_EQ(cache.size(), 1u);
}

TEST(SigningKeyCache, IsSharedByThreads) {
  SigningKeyCache cache(16);
  const Secret secret("one");
  const Sha256 expected = derive_signing_key(secret, scope);
  std::vector<int> wrong(4);
  {
    std::vector<std::jthread> threads;
    for (int& count : wrong)
      threads.emplace_back([&cache, &secret, &expected, &count] {
        for (int i = 0; i < 500; ++i)
          if (cache.find_or_derive("KEY" + std::to_string(i % 40), secret, scope) != expected) ++count;
      });
  }
  EXPECT_EQ(wrong, std::vector<int>(4));
  EXPECT_LE(cache.size(), 16u);
}

}  // namespace skymarshal::aws::signing_key_cache_test
