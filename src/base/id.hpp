// Names of things: version 4 UUIDs (RFC 9562 section 5.4), one type for each kind so that none is taken for
// another. Plain values of 36 characters, always lower case; no allocation.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace skymarshal {

/// Where randomness comes from. Safe to use from any thread.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual void fill(std::span<std::byte> bytes) = 0;
};

/// The operating system's cryptographic generator, by OpenSSL. Throws std::runtime_error if it fails.
class SystemRandom final : public RandomSource {
 public:
  void fill(std::span<std::byte> bytes) override;
};

/// Text of a version 4 UUID. The default value is the all-zero UUID, which names nothing.
class Uuid {
 public:
  static constexpr std::size_t length = 36;

  Uuid() { std::ranges::copy(std::string_view("00000000-0000-0000-0000-000000000000"), text_.begin()); }

  static Uuid generate(RandomSource& random);
  /// Any letter case; version nibble 4 and the RFC 9562 variant, else nullopt.
  static std::optional<Uuid> parse(std::string_view text);

  std::string_view view() const { return {text_.data(), text_.size()}; }
  std::string str() const { return std::string(view()); }
  auto operator<=>(const Uuid&) const = default;

 private:
  std::array<char, length> text_;
};

template <typename Tag>
class Id : public Uuid {
 public:
  Id() = default;
  static Id generate(RandomSource& random) { return Id(Uuid::generate(random)); }
  static std::optional<Id> parse(std::string_view text) {
    const auto uuid = Uuid::parse(text);
    return uuid ? std::optional(Id(*uuid)) : std::nullopt;
  }
  auto operator<=>(const Id&) const = default;

 private:
  explicit Id(const Uuid& uuid) : Uuid(uuid) {}
};

using RequestId = Id<struct RequestIdTag>;
using SessionId = Id<struct SessionIdTag>;

}  // namespace skymarshal

template <typename Tag>
struct std::hash<skymarshal::Id<Tag>> {
  std::size_t operator()(const skymarshal::Id<Tag>& id) const noexcept {
    return std::hash<std::string_view>()(id.view());
  }
};
