// HTTP messages as plain values, the same for every host. No sockets, no parsing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skymarshal::http {

/// Whether it is a token (RFC 9110 section 5.6.2), as the names of methods and fields are.
bool is_token(std::string_view text);

struct Header {
  std::string name;
  std::string value;
};

/// Header fields in the order they came; a name may occur more than once. Names compare without regard to
/// letter case (RFC 9110 section 5.1).
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> fields) : fields_(fields) {}

  void add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }
  /// Replaces every field of that name by one.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);
  /// The first field of that name.
  std::optional<std::string_view> find(std::string_view name) const;
  /// All fields of that name as one list (RFC 9110 section 5.3), or nullopt.
  std::optional<std::string> combined(std::string_view name) const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  std::size_t size() const { return fields_.size(); }

 private:
  std::vector<Header> fields_;
};

struct Request {
  std::string method;
  /// Origin form as it was received (RFC 9112 section 3.2.1): path and query, still percent-encoded.
  std::string target;
  Headers headers;
  std::string body;
  /// Address of the peer, without port; empty if unknown.
  std::string remote_address = {};
};

struct ResponseHead {
  unsigned status = 200;
  Headers headers = {};
};

struct Response {
  unsigned status = 200;
  Headers headers = {};
  std::string body = {};
};

/// The reason phrase of RFC 9110 section 15; "Unknown" for a status that has none there.
std::string_view reason_phrase(unsigned status);

}  // namespace skymarshal::http
