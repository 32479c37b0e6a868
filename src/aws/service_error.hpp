// What an AWS service says when it refuses, and what that means to whoever asked. Pure.
// Sources: smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html (operation error serialization) and
// .../aws-restjson1-protocol.html; docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html;
// docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
#pragma once

#include "base/clock.hpp"
#include "http/message.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace skymarshal::aws {

struct ServiceError {
  unsigned status = 0;
  /// Without the namespace before it and the address behind it: "ThrottlingException". Empty if it names
  /// none.
  std::string code = {};
  /// Its own words, for logs and operators; empty if there are none.
  std::string message = {};
  /// By its clock, when it answered.
  std::optional<WallTime> answered_at = {};
  std::optional<std::chrono::seconds> retry_after = {};
};

/// Of an answer that is none of the 2xx, from its fields and its body, JSON or not.
ServiceError read_service_error(const http::Response& response);

/// It takes no more just now, of this kind or from this caller: ask again, later and less often.
bool is_throttling(const ServiceError& error);
/// Something broke on its side or on the way: ask again.
bool is_transient(const ServiceError& error);
/// The credentials are not, or no longer, good: newer ones may be.
bool is_about_credentials(const ServiceError& error);
/// The time in the signature is too far from the service's own.
bool is_about_the_clock(const ServiceError& error);

}  // namespace skymarshal::aws
