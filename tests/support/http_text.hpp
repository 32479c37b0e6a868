// HTTP/1.1 requests and answers as text, for tests that speak to the server in its own bytes.
#pragma once

#include <string>
#include <string_view>

namespace skymarshal::test {

inline std::string post_request(std::string_view path, std::string_view body) {
  return "POST " + std::string(path) +
         " HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

inline std::string get_request(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n\r\n";
}

inline unsigned status_of(std::string_view answer) {
  return answer.size() < 12 ? 0 : static_cast<unsigned>(std::stoul(std::string(answer.substr(9, 3))));
}

inline std::string body_of(std::string_view answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string() : std::string(answer.substr(end + 4));
}

/// What a chunked body carries; up to the last complete chunk.
inline std::string unchunked(std::string_view body) {
  std::string content;
  while (!body.empty()) {
    const std::size_t line_end = body.find("\r\n");
    if (line_end == std::string_view::npos) break;
    const std::size_t size = std::stoul(std::string(body.substr(0, line_end)), nullptr, 16);
    if (size == 0 || body.size() < line_end + 2 + size + 2) break;
    content += body.substr(line_end + 2, size);
    body.remove_prefix(line_end + 2 + size + 2);
  }
  return content;
}

}  // namespace skymarshal::test
