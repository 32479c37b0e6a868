// What the texts of the settings may be. Each fails with Errc::invalid_request and says what is allowed.
// Pure.
#pragma once

#include "base/error.hpp"

#include <string_view>

namespace skymarshal::settings {

/// HOST:PORT
Result<void> check_listen(std::string_view text);
/// iam, jwt, sts or none.
Result<void> check_auth(std::string_view text);
/// The name of a file, an https URL, or an http URL on this machine.
Result<void> check_jwks(std::string_view text);
/// The name of a claim.
Result<void> check_claim(std::string_view text);
/// Fit for a header field.
Result<void> check_server_id(std::string_view text);
/// Patterns of ARNs with commas between them; one that fits every account is refused.
Result<void> check_arn_patterns(std::string_view text);
/// As of check_jwks, but no file.
Result<void> check_trusted_endpoint(std::string_view text);
/// name=requests,…
Result<void> check_rate_limit_tiers(std::string_view text);
/// A WebSocket or HTTP URL, or empty for the embedded runtime.
Result<void> check_runtime_url(std::string_view text);
/// Origins with commas between them, or "*".
Result<void> check_origins(std::string_view text);
/// queue or reject
Result<void> check_concurrency(std::string_view text);
/// direct, or a way with limits of its own.
Result<void> check_edge(std::string_view text);
/// A file's name.
Result<void> check_not_empty(std::string_view text);
/// The name of a region of AWS, or empty.
Result<void> check_aws_region(std::string_view text);
/// sqlite or dynamodb
Result<void> check_store(std::string_view text);
/// local, dynamodb, or empty for what `store` says.
Result<void> check_rate_limit_store(std::string_view text);
/// As DynamoDB has them: 3 to 255 letters, digits, '_', '-' and '.'.
Result<void> check_table_name(std::string_view text);
/// The name of a runtime's endpoint, or empty.
Result<void> check_agentcore_qualifier(std::string_view text);
/// websocket or http
Result<void> check_agentcore_protocol(std::string_view text);
/// An https or wss URL without a path, a plain one on this machine, or empty.
Result<void> check_agentcore_endpoint(std::string_view text);
/// safety, cost, passenger and network with their shares of a hundred.
Result<void> check_option_weights(std::string_view text);
/// The URL of a chat completions API, or empty for no language model.
Result<void> check_llm_url(std::string_view text);
/// Fit for a header field; the message does not repeat it.
Result<void> check_llm_api_key(std::string_view text);
Result<void> check_log_level(std::string_view text);

}  // namespace skymarshal::settings
