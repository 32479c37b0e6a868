// UTF-8 text (RFC 3629) seen as Unicode scalar values. Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace skymarshal {

/// Strict: no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text);

/// How many bytes from the start are UTF-8; all of them where is_utf8().
std::size_t utf8_prefix(std::string_view text);

/// How many bytes the first scalar value of valid UTF-8 has; 1 where its first byte begins none. `text` must
/// not be empty.
std::size_t scalar_bytes(std::string_view text);

/// How many Unicode scalar values valid UTF-8 holds.
std::size_t count_scalars(std::string_view text);

/// Without the characters of the Unicode property White_Space at both ends. `text` must be valid UTF-8.
std::string_view trim_unicode_space(std::string_view text);

}  // namespace skymarshal
