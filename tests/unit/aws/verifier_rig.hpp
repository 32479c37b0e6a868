// A verifier that knows the key of AWS's test suite, and requests that are signed for it.
#pragma once

#include "aws/sigv4_signer.hpp"
#include "aws/sigv4_verifier.hpp"
#include "unit/aws/signing_samples.hpp"

#include <string>
#include <string_view>
#include <variant>

#include <gtest/gtest.h>

namespace skymarshal::aws {

inline const VerifierOptions suite_verifier{"service", "us-east-1", std::chrono::seconds(300),
                                            std::chrono::seconds(604'800)};
inline const Sha256 suite_key =
    derive_signing_key(Secret(std::string(suite_secret)), {"20150830", "us-east-1", "service"});

/// "accepted", "mismatch", or the refusal's kind and words.
inline std::string verdict(const http::Request& request, const VerifierOptions& options = suite_verifier,
                           WallTime now = suite_time) {
  const auto read = read_claimed_signature(request, options, now);
  if (const auto* claim = std::get_if<ClaimedSignature>(&read))
    return matches(*claim, request, suite_key) ? "accepted" : "mismatch";
  const auto& refusal = std::get<SignatureRefusal>(read);
  constexpr std::string_view kinds[] = {"missing", "malformed", "expired", "mismatch"};
  return std::string(kinds[static_cast<std::size_t>(refusal.fault)]) + ": " + refusal.message;
}

/// That it is refused as malformed, in words that hold `words`.
inline testing::AssertionResult malformed_for(std::string_view words, const http::Request& request) {
  const std::string said = verdict(request);
  if (said.starts_with("malformed: ") && said.find(words) != std::string::npos)
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << said;
}

inline http::Request signed_request(http::Request request = {"POST",
                                                             "/api/v1/invoke?a=1&b=2",
                                                             {{"Host", "gateway.example"},
                                                              {"Content-Type", "application/json"},
                                                              {"X-Amz-Meta", "m"}},
                                                             "{\"prompt\":\"x\"}"},
                                    std::string token = {}) {
  SigningOptions options = suite_options();
  options.send_payload_hash = true;
  EXPECT_TRUE(sign(request, suite_credentials(std::move(token)), options, suite_time));
  return request;
}

inline http::Request presigned_request(std::chrono::seconds valid_for = std::chrono::seconds(3600),
                                       std::string token = {}) {
  http::Request request{"GET", "/api/v1/sessions?limit=5", {{"Host", "gateway.example"}}, ""};
  EXPECT_TRUE(presign(request, suite_credentials(std::move(token)), suite_options(), suite_time, valid_for));
  return request;
}

inline http::Request with(http::Request request, std::string_view field, std::string value) {
  request.headers.set(field, std::move(value));
  return request;
}

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from << " in " << text;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

inline http::Request with_authorization(std::string_view from, std::string_view to) {
  http::Request request = signed_request();
  return with(request, "Authorization",
              replaced(std::string(*request.headers.find("Authorization")), from, to));
}

inline http::Request with_target(std::string_view from, std::string_view to) {
  http::Request request = presigned_request();
  request.target = replaced(request.target, from, to);
  return request;
}

}  // namespace skymarshal::aws
