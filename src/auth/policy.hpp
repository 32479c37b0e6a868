// What an identity may do, in IAM's words: statements that allow or deny actions on resources. Pure.
// Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html and
// docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::auth {

/// Longest document that parse_policy takes, as AWS has it for a role.
inline constexpr std::size_t policy_bytes_max = 10'240;

/// `*` stands for any characters, `?` for one. Takes at most pattern × text steps, whatever they are.
bool wildcard_match(std::string_view pattern, std::string_view text);

enum class Effect { allow, deny };

struct Statement {
  Effect effect = Effect::allow;
  /// Patterns such as "execute-api:Invoke"; actions compare without regard to letter case.
  std::vector<std::string> actions;
  /// Patterns such as "POST /api/v1/invoke" or "GET /api/v1/sessions/*".
  std::vector<std::string> resources;
};

class Policy {
 public:
  Policy() = default;
  explicit Policy(std::vector<Statement> statements) : statements_(std::move(statements)) {}

  /// Explicit deny wins; without an allow it is no.
  bool allows(std::string_view action, std::string_view resource) const;

  const std::vector<Statement>& statements() const { return statements_; }

 private:
  std::vector<Statement> statements_;
};

/// {"Statement":[{"Effect":"Allow","Action":"execute-api:Invoke","Resource":["POST /api/v1/invoke"]}]}, as a
/// policy document has it: Statement, Action and Resource may be one or a list; "Version" "2012-10-17" and
/// "Sid" are accepted, everything else (Condition, NotAction, Principal, …) is refused rather than passed
/// over. So is a pattern that fits no action, or nothing of the form "METHOD /path": a deny of it would deny
/// nothing. Errc::invalid_request names the statement and the element.
Result<Policy> parse_policy(std::string_view json);
/// The document of a policy, on one line.
std::string to_json(const Policy& policy);

}  // namespace skymarshal::auth
