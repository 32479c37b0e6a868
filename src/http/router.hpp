// Finds what a path means. Routes are patterns of whole segments: "/api/v1/sessions/{session_id}".
// Built once, then only read: safe from any thread.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::http {

template <typename Handler>
class Router {
 public:
  struct Match {
    /// Null where no route has this path.
    const Handler* handler = nullptr;
    /// What stood in the places of the pattern's {names}, in order.
    std::vector<std::string> parameters;
    /// The methods that the path knows; empty where there is no such path.
    std::vector<std::string> allowed;
  };

  void add(std::string method, std::string_view pattern, Handler handler) {
    routes_.push_back({std::move(method), split(pattern), std::move(handler)});
  }

  Match find(std::string_view method, const std::vector<std::string>& segments) const {
    Match match;
    for (const Route& route : routes_) {
      if (!fits(route.pattern, segments)) continue;
      match.allowed.push_back(route.method);
      if (route.method != method || match.handler != nullptr) continue;
      match.handler = &route.handler;
      for (std::size_t i = 0; i < segments.size(); ++i) {
        if (is_parameter(route.pattern[i])) match.parameters.push_back(segments[i]);
      }
    }
    return match;
  }

 private:
  struct Route {
    std::string method;
    std::vector<std::string> pattern;
    Handler handler;
  };

  static bool is_parameter(std::string_view segment) { return segment.starts_with('{'); }

  static std::vector<std::string> split(std::string_view pattern) {
    std::vector<std::string> segments;
    // The root has no segments, as parse_target gives it; a slash behind a segment opens an empty one.
    if (pattern == "/") return segments;
    for (std::size_t from = 1; from <= pattern.size();) {
      const std::size_t slash = std::min(pattern.find('/', from), pattern.size());
      segments.emplace_back(pattern.substr(from, slash - from));
      from = slash + 1;
    }
    return segments;
  }

  static bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
    if (pattern.size() != segments.size()) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (is_parameter(pattern[i]) ? segments[i].empty() : pattern[i] != segments[i]) return false;
    }
    return true;
  }

  std::vector<Route> routes_;
};

}  // namespace skymarshal::http
