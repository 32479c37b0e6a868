// A text that must not be seen: keys, tokens. It cannot be printed, logged or compared by accident, and its
// memory is wiped when it is given up. A value; whoever takes the text out of it answers for the copy.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace skymarshal {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(text) { wipe(text); }
  Secret(const Secret& other) = default;
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { wipe(other.text_); }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      wipe(text_);
      text_ = other.text_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe(text_);
      text_ = std::move(other.text_);
      wipe(other.text_);
    }
    return *this;
  }
  ~Secret() { wipe(text_); }

  bool empty() const { return text_.empty(); }
  /// Valid as long as this.
  std::string_view reveal() const { return text_; }

 private:
  /// Through volatile, so that no compiler leaves out writes that nothing reads.
  static void wipe(std::string& text) noexcept {
    // All that it has room for: a short text that was moved away still stands there. Nothing is allocated.
    text.resize(text.capacity());
    volatile char* const bytes = text.data();
    for (std::size_t i = 0; i < text.size(); ++i) bytes[i] = '\0';
    text.clear();
  }

  std::string text_;
};

}  // namespace skymarshal
