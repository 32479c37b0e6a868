// The fields of a request by name, so that signing and verifying look each up in no more than logarithmic
// time, whatever a client sends. A view of the headers, which must outlive it unchanged.
#pragma once

#include "base/text.hpp"
#include "http/message.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::aws {

class FieldIndex {
 public:
  using Fields = std::span<const http::Header* const>;

  explicit FieldIndex(const http::Headers& headers) {
    sorted_.reserve(headers.size());
    for (const http::Header& field : headers) sorted_.push_back(&field);
    std::ranges::sort(sorted_, [](const http::Header* a, const http::Header* b) {
      const int order = compare(a->name, b->name);
      // Their places in the request keep the order of fields of one name.
      return order != 0 ? order < 0 : a < b;
    });
  }

  /// Those of one name stand together, in the order they came; the names in no order that means anything.
  Fields all() const& { return sorted_; }
  Fields all() const&& = delete;

  Fields find(std::string_view name) const& {
    const auto before = [](const http::Header* field, std::string_view sought) {
      return compare(field->name, sought) < 0;
    };
    const auto begin = std::lower_bound(sorted_.begin(), sorted_.end(), name, before);
    auto end = begin;
    while (end != sorted_.end() && compare((*end)->name, name) == 0) ++end;
    return {begin, end};
  }
  Fields find(std::string_view name) const&& = delete;

 private:
  /// By length first, which tells most names apart at once.
  static int compare(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const int difference =
          static_cast<unsigned char>(ascii_lower(a[i])) - static_cast<unsigned char>(ascii_lower(b[i]));
      if (difference != 0) return difference;
    }
    return 0;
  }

  std::vector<const http::Header*> sorted_;
};

}  // namespace skymarshal::aws
