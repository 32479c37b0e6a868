#include "aws/service_error.hpp"

#include "base/json_reader.hpp"
#include "base/time_format.hpp"
#include "http/retry_after.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

namespace skymarshal::aws {
namespace {

constexpr std::string_view type_field = "X-Amzn-ErrorType";

/// "com.amazonaws.dynamodb.v20120810#ThrottlingException:http://…/" is "ThrottlingException".
std::string bare_code(std::string_view code) {
  code = code.substr(0, code.find(':'));
  const std::size_t mark = code.rfind('#');
  return std::string(mark == std::string_view::npos ? code : code.substr(mark + 1));
}

std::string first_text(const JsonObject& members, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    std::string text = members.text(name);
    if (!text.empty()) return text;
  }
  return {};
}

bool is_one_of(const ServiceError& error, std::span<const std::string_view> codes) {
  return std::ranges::find(codes, error.code) != codes.end();
}

bool says(const ServiceError& error, std::string_view words) {
  return error.message.find(words) != std::string::npos;
}

}  // namespace

ServiceError read_service_error(const http::Response& response) {
  constexpr std::array<std::string_view, 3> code_names = {"__type", "code", "Code"};
  constexpr std::array<std::string_view, 3> message_names = {"message", "Message", "errorMessage"};
  ServiceError error;
  error.status = response.status;
  if (const auto date = response.headers.find("Date")) error.answered_at = parse_http_date(*date);
  if (const auto wait = response.headers.find("Retry-After"))
    error.retry_after = http::parse_retry_after_seconds(*wait);
  std::string code(response.headers.find(type_field).value_or(std::string_view()));
  std::string body = response.body;
  const std::string_view json = pad_json(body);
  if (validate_json(json)) {
    const JsonObject members = json_object(json);
    if (code.empty()) code = first_text(members, code_names);
    error.message = first_text(members, message_names);
  }
  error.code = bare_code(code);
  return error;
}

bool is_throttling(const ServiceError& error) {
  constexpr std::array<std::string_view, 14> codes = {"Throttling",
                                                      "ThrottlingException",
                                                      "ThrottledException",
                                                      "RequestThrottledException",
                                                      "TooManyRequestsException",
                                                      "ProvisionedThroughputExceededException",
                                                      "TransactionInProgressException",
                                                      "RequestLimitExceeded",
                                                      "BandwidthLimitExceeded",
                                                      "LimitExceededException",
                                                      "RequestThrottled",
                                                      "SlowDown",
                                                      "PriorRequestNotComplete",
                                                      "EC2ThrottledException"};
  return error.status == 429 || is_one_of(error, codes);
}

bool is_transient(const ServiceError& error) {
  constexpr std::array<std::string_view, 8> codes = {"RequestTimeout",
                                                     "RequestTimeoutException",
                                                     "InternalError",
                                                     "InternalServerError",
                                                     "InternalServerException",
                                                     "ServiceUnavailable",
                                                     "ItemCollectionSizeLimitExceededException",
                                                     "ReplicatedWriteConflictException"};
  constexpr std::array<unsigned, 4> statuses = {500, 502, 503, 504};
  return std::ranges::find(statuses, error.status) != statuses.end() || is_one_of(error, codes);
}

bool is_about_credentials(const ServiceError& error) {
  constexpr std::array<std::string_view, 7> codes = {
      "ExpiredToken",       "ExpiredTokenException",       "RequestExpired", "InvalidClientTokenId",
      "InvalidAccessKeyId", "UnrecognizedClientException", "InvalidToken"};
  return is_one_of(error, codes) || (error.code.empty() && says(error, "security token"));
}

bool is_about_the_clock(const ServiceError& error) {
  constexpr std::array<std::string_view, 3> codes = {"RequestTimeTooSkewed", "RequestInTheFuture",
                                                     "RequestExpired"};
  // A signature beyond its time is refused under the code of one that does not fit.
  return is_one_of(error, codes) || says(error, "Signature expired") ||
         says(error, "Signature not yet current");
}

}  // namespace skymarshal::aws
