#include "auth/policy.hpp"

#include "auth/json_document.hpp"
#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace skymarshal::auth {
namespace {

constexpr std::size_t statements_max = 100;
constexpr std::size_t patterns_max = 200;
constexpr std::size_t pattern_bytes_max = 1024;
constexpr std::size_t sid_bytes_max = 256;

/// The actions of API Gateway. A pattern that fits none of them is a mistake: a deny of it would deny
/// nothing.
constexpr std::array<std::string_view, 3> known_actions = {
    "execute-api:Invoke", "execute-api:InvalidateCache", "execute-api:ManageConnections"};

/// Where `same` tells whether a character of the pattern stands for one of the text.
template <typename Same>
bool matches(std::string_view pattern, std::string_view text, Same same) {
  // Where the last `*` stands, and how much of the text it has taken. Only the last one may ever have to take
  // more: what an earlier one could take besides, a later one can take as well.
  constexpr std::size_t none = std::string_view::npos;
  std::size_t star = none, taken_until = 0;
  std::size_t p = 0, t = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken_until = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || same(pattern[p], text[t]))) {
      ++p;
      ++t;
    } else if (star != none) {
      p = star + 1;
      t = ++taken_until;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == none;
}

bool matches_action(std::string_view pattern, std::string_view action) {
  return matches(pattern, action, [](char a, char b) { return ascii_lower(a) == ascii_lower(b); });
}

bool fits_an_action(std::string_view pattern) {
  return std::ranges::any_of(known_actions,
                             [pattern](std::string_view action) { return matches_action(pattern, action); });
}

/// Whether it fits some text that begins like this.
bool fits_a_beginning(std::string_view pattern, std::string_view beginning) {
  for (std::size_t i = 0; i < beginning.size(); ++i) {
    if (i == pattern.size()) return false;
    if (pattern[i] == '*') return true;
    if (pattern[i] != '?' && pattern[i] != beginning[i]) return false;
  }
  return true;
}

/// Whether it fits some request: "METHOD /path". HEAD counts as GET, and paths have no capitals: session ids
/// are compared in lower case.
bool fits_a_resource(std::string_view pattern) {
  const std::string_view path = pattern.substr(std::min(pattern.find('/'), pattern.size()));
  if (std::ranges::any_of(path, [](char c) { return c != ascii_lower(c); })) return false;
  static constexpr std::array<std::string_view, 5> beginnings = {"GET /", "POST /", "PUT /", "PATCH /",
                                                                 "DELETE /"};
  return std::ranges::any_of(
      beginnings, [pattern](std::string_view beginning) { return fits_a_beginning(pattern, beginning); });
}

struct PatternRule {
  bool (*fits)(std::string_view pattern);
  std::string_view example;
};

constexpr PatternRule action_rule{fits_an_action, "execute-api:Invoke"};
constexpr PatternRule resource_rule{fits_a_resource, "POST /api/v1/invoke, GET /api/v1/sessions/* or *"};

/// One pattern or a list of them.
Result<std::vector<std::string>> read_patterns(const DocumentValue& value, const PatternRule& rule) {
  std::vector<std::string_view> slices{value.json};
  if (json_kind(value.json) == JsonKind::array) {
    auto elements = read_array(value, patterns_max);
    if (!elements) return elements.error();
    slices = *std::move(elements);
  }
  if (slices.empty()) return document_error(value.where, fmt::format("is empty: write {}", rule.example));
  std::vector<std::string> patterns;
  for (const std::string_view slice : slices) {
    auto pattern = read_string({slice, value.where}, pattern_bytes_max);
    if (!pattern) return pattern.error();
    if (!is_printable_ascii(*pattern))
      return document_error(value.where, "holds characters that no pattern has");
    if (!rule.fits(*pattern)) {
      return document_error(value.where,
                            fmt::format("'{}' would never fit: write such as {}", *pattern, rule.example));
    }
    patterns.push_back(*std::move(pattern));
  }
  return patterns;
}

Result<Effect> read_effect(const DocumentValue& value) {
  const auto text = read_string(value, pattern_bytes_max);
  if (!text) return text.error();
  if (*text == "Allow") return Effect::allow;
  if (*text == "Deny") return Effect::deny;
  return document_error(value.where, "must be \"Allow\" or \"Deny\"");
}

Result<Statement> read_statement(const DocumentValue& value) {
  static constexpr std::array<std::string_view, 4> known = {"Effect", "Action", "Resource", "Sid"};
  const auto object = DocumentObject::read(value, known);
  if (!object) return object.error();
  const auto effect = object->need("Effect"), action = object->need("Action"),
             resource = object->need("Resource");
  for (const auto* required : {&effect, &action, &resource}) {
    if (!*required) return required->error();
  }
  if (const auto sid = object->optional_text("Sid", sid_bytes_max); !sid) return sid.error();
  const auto what = read_effect(*effect);
  if (!what) return what.error();
  auto actions = read_patterns(*action, action_rule);
  if (!actions) return actions.error();
  auto resources = read_patterns(*resource, resource_rule);
  if (!resources) return resources.error();
  return Statement{*what, *std::move(actions), *std::move(resources)};
}

Result<void> check_version(const DocumentObject& policy) {
  const auto version = policy.optional_text("Version", pattern_bytes_max);
  if (version && version->value_or("2012-10-17") == "2012-10-17") return {};
  return document_error("Version", "must be \"2012-10-17\"");
}

void write_patterns(JsonWriter& json, std::string_view name, const std::vector<std::string>& patterns) {
  json.key(name).begin_array();
  for (const std::string& pattern : patterns) json.string(pattern);
  json.end_array();
}

}  // namespace

bool wildcard_match(std::string_view pattern, std::string_view text) {
  return matches(pattern, text, [](char a, char b) { return a == b; });
}

bool Policy::allows(std::string_view action, std::string_view resource) const {
  const auto fits = [&](const Statement& statement) {
    return std::ranges::any_of(statement.resources,
                               [&](const std::string& each) { return wildcard_match(each, resource); }) &&
           std::ranges::any_of(statement.actions,
                               [&](const std::string& each) { return matches_action(each, action); });
  };
  bool allowed = false;
  for (const Statement& statement : statements_) {
    if (!fits(statement)) continue;
    if (statement.effect == Effect::deny) return false;
    allowed = true;
  }
  return allowed;
}

Result<Policy> parse_policy(std::string_view json) {
  if (json.size() > policy_bytes_max)
    return document_error("", fmt::format("the policy is longer than {} bytes", policy_bytes_max));
  std::string text(json);
  const auto document = read_document(pad_json(text), "the policy");
  if (!document) return document.error();
  static constexpr std::array<std::string_view, 2> known = {"Version", "Statement"};
  const auto object = DocumentObject::read(*document, known);
  if (!object) return object.error();
  if (const auto fine = check_version(*object); !fine) return fine.error();
  const auto statement = object->find("Statement");
  if (!statement) return document_error("Statement", "is missing");
  std::vector<std::string_view> slices{statement->json};
  if (json_kind(statement->json) == JsonKind::array) {
    auto elements = read_array({statement->json, "Statement"}, statements_max);
    if (!elements) return elements.error();
    slices = *std::move(elements);
  }
  if (slices.empty()) return document_error("Statement", "is empty: nothing would be allowed");
  std::vector<Statement> statements;
  for (const std::string_view slice : slices) {
    auto read = read_statement({slice, fmt::format("Statement {}", statements.size() + 1)});
    if (!read) return read.error();
    statements.push_back(*std::move(read));
  }
  Policy policy(std::move(statements));
  // So that whoever writes it down again can read that, too.
  if (to_json(policy).size() > policy_bytes_max)
    return document_error("", fmt::format("the policy is longer than {} bytes", policy_bytes_max));
  return policy;
}

std::string to_json(const Policy& policy) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("Version", "2012-10-17").key("Statement").begin_array();
  for (const Statement& statement : policy.statements()) {
    json.begin_object().member("Effect", statement.effect == Effect::allow ? "Allow" : "Deny");
    write_patterns(json, "Action", statement.actions);
    write_patterns(json, "Resource", statement.resources);
    json.end_object();
  }
  json.end_array().end_object();
  return out;
}

}  // namespace skymarshal::auth
