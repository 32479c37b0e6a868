// The value of the header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header), as it is taken here.
// Pure.
#pragma once

#include "base/text.hpp"

#include <cstddef>
#include <string_view>

namespace skymarshal::http {

inline constexpr std::size_t idempotency_key_characters_max = 255;

/// 1 to 255 visible ASCII characters: so none of them is a line end, behind which another field would begin.
constexpr bool is_idempotency_key(std::string_view text) {
  return is_visible_ascii(text) && text.size() <= idempotency_key_characters_max;
}

}  // namespace skymarshal::http
