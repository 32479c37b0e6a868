#include "runtime/runtime_requests.hpp"

#include "aws/service_error.hpp"
#include "base/crypto.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "http/retry_after.hpp"

#include <algorithm>
#include <utility>

namespace skymarshal::runtime {
namespace {

namespace asio = boost::asio;

/// InvokeAgentRuntime's RuntimeClientError (docs.aws.amazon.com/bedrock-agentcore/latest/APIReference/
/// API_InvokeAgentRuntime.html). It stands for two things that only its words tell apart: the container did
/// not come up in time, or it did and answered with an error
/// (github.com/aws/bedrock-agentcore-sdk-python/issues/599 and /519).
constexpr unsigned failed_dependency = 424;
constexpr std::string_view container_answered = "Received error (";
constexpr std::string_view container_came_late = "Runtime initialization time exceeded";
/// Of the same API, and retryable by it.
constexpr unsigned conflict = 409;
constexpr std::string_view retryable_conflict = "RetryableConflictException";

RuntimeWords words_of(const Refusal& refusal) {
  RuntimeWords words;
  words.http_status = refusal.answer.status;
  words.body = plain_words(refusal.answer.body, RuntimeWords::body_bytes_max);
  const std::string again(refusal.answer.headers.find("Retry-After").value_or(std::string_view()));
  words.retry_after = http::parse_retry_after(again, refusal.now);
  return words;
}

/// Services answer a signature that does not fit with what they made of the request, signed fields and
/// session token among it (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html):
/// that is nobody's to read.
std::string without_signed_request(std::string words) {
  for (const std::string_view begin : {"Canonical String", "String-to-Sign"})
    words.resize(std::min(words.size(), words.find(begin)));
  return words;
}

/// Statuses by which an HTTP runtime speaks of its door; all others speak of the agent behind it.
bool is_about_the_door(unsigned status) {
  return status < 400 || status == 401 || status == 403 || status == 404 || status == 405 || status == 429 ||
         status == 502 || status == 503 || status == 504;
}

/// The agent's own failure, as JSON or as plain words.
Failure failure_of_agent(const Refusal& refusal) {
  std::string body = refusal.answer.body;
  const std::string_view json = pad_json(body);
  RuntimeWords words;
  if (validate_json(json) && json_kind(trim(json, json_space)) == JsonKind::object)
    words = read_error_message(json, json_object(json));
  if (words.code.empty() && words.message.empty())
    words.message = plain_words(refusal.answer.body, RuntimeWords::body_bytes_max);
  words.http_status = refusal.answer.status;
  return reported(words);
}

Again again_after(const Refusal& refusal) {
  const unsigned status = refusal.answer.status;
  // Errors of a server leave open whether it had begun: proxies say 503 also of one that broke off.
  return status == 429 || (status >= 500 && !refusal.prompt_was_sent) ? Again::later : Again::no;
}

}  // namespace

http::Request request_to_runtime(std::string method, const RuntimeOptions& options,
                                 const invocations::RuntimeRequest& invocation) {
  http::Request request{std::move(method), options.endpoint.target, {}, {}};
  request.headers.add("Host", options.endpoint.authority());
  request.headers.add(std::string(session_field), invocation.session_id.str());
  if (options.tells_principal && !invocation.principal.id.empty())
    request.headers.add(std::string(user_field), user_id_of(invocation.principal));
  return request;
}

std::string user_id_of(const Principal& principal) {
  constexpr std::size_t bytes_max = 1024;
  if (is_visible_ascii(principal.id) && principal.id.size() <= bytes_max) return principal.id;
  return "sha256:" + hex(as_text(sha256(principal.id)));
}

asio::awaitable<AttemptOutcome> judge_refusal(Refusal refusal, RuntimeAccess* access,
                                              RuntimeAccess::Pass pass) {
  RuntimeWords words = words_of(refusal);
  const unsigned status = refusal.answer.status;
  if (access == nullptr) {
    if (refusal.prompt_was_sent && !is_about_the_door(status))
      co_return failed_attempt(failure_of_agent(refusal));
    co_return failed_attempt(refused(words, refusal.cause), again_after(refusal));
  }
  const aws::ServiceError error = aws::read_service_error(refusal.answer);
  words.code = plain_words(error.code, RuntimeWords::name_bytes_max);
  words.message = without_signed_request(plain_words(error.message, RuntimeWords::message_bytes_max));
  words.body = words.message.empty() ? without_signed_request(std::move(words.body)) : std::string();
  if (status == failed_dependency) {
    if (words.message.starts_with(container_answered))
      co_return failed_attempt(failed_behind_service(words, refusal.cause));
    const bool has_not_begun = words.message.starts_with(container_came_late) || !refusal.prompt_was_sent;
    co_return failed_attempt(not_started(words, refusal.cause),
                             has_not_begun ? Again::until_started : Again::no);
  }
  const bool may_be_about_us = status == 400 || status == 401 || status == 403;
  if (may_be_about_us && pass && co_await access->may_authorize_again(error, std::move(pass)))
    co_return failed_attempt(refused(words, refusal.cause), Again::at_once);
  const bool is_conflict = status == conflict && error.code == retryable_conflict;
  if (is_conflict || (aws::is_throttling(error) && status < 500)) {
    refusal.answer.status = words.http_status = 429;
  }
  co_return failed_attempt(refused(words, refusal.cause), again_after(refusal));
}

}  // namespace skymarshal::runtime
