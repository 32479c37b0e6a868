#include "aws/credential_scope.hpp"

#include "base/text.hpp"
#include "base/time_format.hpp"

#include <algorithm>
#include <array>

namespace skymarshal::aws {
namespace {

bool is_word(std::string_view text, std::size_t length_max) {
  const auto allowed = [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.'; };
  return !text.empty() && text.size() <= length_max && std::ranges::all_of(text, allowed);
}

}  // namespace

std::string CredentialScope::text() const { return date + "/" + region + "/" + service + "/aws4_request"; }

std::optional<CredentialName> parse_credential(std::string_view text) {
  std::array<std::string_view, 5> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t slash = text.find('/');
    const bool last = i + 1 == parts.size();
    if ((slash == std::string_view::npos) != last) return std::nullopt;
    parts[i] = text.substr(0, slash);
    if (!last) text.remove_prefix(slash + 1);
  }
  const auto& [key_id, date, region, service, end] = parts;
  if (!is_word(key_id, 128) || date.size() != 8 || !std::ranges::all_of(date, is_digit) ||
      !is_word(region, 64) || !is_word(service, 64) || end != "aws4_request") {
    return std::nullopt;
  }
  return CredentialName{std::string(key_id), {std::string(date), std::string(region), std::string(service)}};
}

std::string to_text(const CredentialName& credential) {
  return credential.access_key_id + "/" + credential.scope.text();
}

std::string amz_date(WallTime time) {
  std::string text = iso8601(time);
  // 2026-01-31T09:05:00.123Z without its punctuation and milliseconds.
  text.erase(text.size() - 5, 4);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

std::optional<WallTime> parse_amz_date(std::string_view text) {
  if (text.size() != 16) return std::nullopt;
  std::string extended(text);
  for (const std::size_t at : {4U, 7U}) extended.insert(at, 1, '-');
  for (const std::size_t at : {13U, 16U}) extended.insert(at, 1, ':');
  return parse_iso8601(extended);
}

}  // namespace skymarshal::aws
