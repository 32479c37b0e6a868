// Requests from a fuzzer's bytes: "METHOD TARGET", then "Name: value" a line, an empty line, the body.
// Whatever the bytes are, there is a request.
#pragma once

#include "http/message.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace skymarshal::fuzz {

inline void check(bool holds) {
  if (!holds) std::abort();
}

/// Takes the text before the separator out of `rest`; all of it where there is none.
inline std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return taken;
}

inline http::Request request_of(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  http::Request request;
  std::string_view line = take(rest, '\n');
  request.method = take(line, ' ');
  request.target = line;
  while (!rest.empty()) {
    line = take(rest, '\n');
    if (line.empty()) break;
    const std::string_view name = take(line, ':');
    request.headers.add(std::string(name), std::string(line));
  }
  request.body = rest;
  return request;
}

}  // namespace skymarshal::fuzz
