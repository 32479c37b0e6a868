// Keys and randomness for tests.
#pragma once

#include "auth/key.hpp"
#include "base/id.hpp"

#include <cstddef>
#include <string>

namespace skymarshal::auth {

/// Counts: every text that is made of it is another one.
class CountingRandom final : public RandomSource {
 public:
  void fill(std::span<std::byte> bytes) override {
    for (std::byte& byte : bytes)
      byte = static_cast<std::byte>(
          (state_ = state_ * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U) >> 56);
  }

 private:
  std::uint64_t state_ = 1;
};

inline Key sample_key(std::string access_key_id = "SKMAAAAAAAAAAAAAAAAA") {
  Key key;
  key.access_key_id = std::move(access_key_id);
  key.secret_access_key = Secret("very-secret-very-secret-very-secret-0001");
  key.principal = {"arn:aws:iam::123456789012:user/ops", ""};
  key.created_at = from_unix_ms(1'767'225'600'000);
  return key;
}

}  // namespace skymarshal::auth
