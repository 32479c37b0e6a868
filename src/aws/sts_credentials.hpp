// Credentials of roles, by AWS STS: AssumeRole, signed with credentials that there are already, and
// AssumeRoleWithWebIdentity, which a token speaks for. Coroutines of one look for credentials.
// Sources: docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html,
// .../API_AssumeRoleWithWebIdentity.html,
// .../CommonErrors.html. STS answers XML unless JSON is asked for, as auth/sts_client does, too.
#pragma once

#include "aws/credential_source.hpp"

#include <chrono>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::aws {

struct Role {
  std::string arn;
  /// Empty: one of ours, with the time.
  std::string session_name = {};
  /// AssumeRole only.
  std::string external_id = {};
  /// nullopt: the service's own, 1 hour.
  std::optional<std::chrono::seconds> duration = {};
  /// For messages: "profile ops".
  std::string named_by = {};
};

boost::asio::awaitable<Result<FoundCredentials>> assume_role(const SourceParts& parts, const Role& role,
                                                             const Credentials& source);

/// `token_file` is read anew each time, as whoever writes it replaces the token before it expires.
boost::asio::awaitable<Result<FoundCredentials>> assume_role_with_web_identity(const SourceParts& parts,
                                                                               const Role& role,
                                                                               std::string token_file);

}  // namespace skymarshal::aws
