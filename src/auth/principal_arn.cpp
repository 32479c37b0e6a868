#include "auth/principal_arn.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstddef>

namespace skymarshal::auth {
namespace {

constexpr std::size_t arn_bytes_max = 2048;
constexpr std::size_t account_digits = 12;

/// The characters of names and paths in IAM.
bool is_name_character(char c) {
  return is_letter_or_digit(c) || std::string_view("_+=,.@-").find(c) != std::string_view::npos;
}

/// Takes the text up to `end` and that character away from `rest`; all of it if there is none.
std::string_view take_until(std::string_view& rest, char end) {
  const std::size_t at = std::min(rest.find(end), rest.size());
  const std::string_view taken = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return taken;
}

bool is_partition(std::string_view text) {
  return (text == "aws" || text.starts_with("aws-")) && !text.ends_with('-') &&
         std::ranges::all_of(text,
                             [](char c) { return (is_letter_or_digit(c) && !is_capital(c)) || c == '-'; });
}

/// "a/b/c": none of the names is empty. Returns how many there are, 0 if it is no path.
std::size_t count_names(std::string_view path) {
  if (path.empty() || path.ends_with('/')) return 0;
  std::size_t names = 0;
  while (!path.empty()) {
    const std::string_view name = take_until(path, '/');
    if (name.empty() || !std::ranges::all_of(name, is_name_character)) return 0;
    ++names;
  }
  return names;
}

bool is_resource(std::string_view service, std::string_view resource) {
  if (service == "iam" && resource == "root") return true;
  const std::string_view kind = take_until(resource, '/');
  const std::size_t names = count_names(resource);
  if (service == "iam") return (kind == "user" || kind == "role") && names >= 1;
  return (kind == "assumed-role" && names == 2) || (kind == "federated-user" && names == 1);
}

}  // namespace

bool is_principal_arn(std::string_view text) {
  if (text.size() > arn_bytes_max) return false;
  if (take_until(text, ':') != "arn" || !is_partition(take_until(text, ':'))) return false;
  const std::string_view service = take_until(text, ':');
  const std::string_view region = take_until(text, ':');
  const std::string_view account = take_until(text, ':');
  return (service == "iam" || service == "sts") && region.empty() && account.size() == account_digits &&
         std::ranges::all_of(account, is_digit) && is_resource(service, text);
}

}  // namespace skymarshal::auth
