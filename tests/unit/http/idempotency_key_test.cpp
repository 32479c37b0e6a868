#include "http/idempotency_key.hpp"

#include <string>

#include <gtest/gtest.h>

namespace skymarshal::http::idempotency_key_test {

TEST(IdempotencyKey, HasOneTo255VisibleCharacters) {
  for (const std::string& key : {std::string("k"), std::string("!~"), std::string(255, 'k')})
    EXPECT_TRUE(is_idempotency_key(key)) << key;
  for (const std::string& text :
       {std::string(), std::string(256, 'k'), std::string("a b"), std::string("a\r\nb"), std::string("\x7F"),
        std::string("é"), std::string("a\0b", 3)})
    EXPECT_FALSE(is_idempotency_key(text)) << text;
}

}  // namespace skymarshal::http::idempotency_key_test
