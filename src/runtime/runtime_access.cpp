#include "runtime/runtime_access.hpp"

#include "base/crypto.hpp"
#include "base/file.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"

#include <utility>

namespace skymarshal::runtime {
namespace {

namespace asio = boost::asio;

/// Callers can do nothing about it but come again.
Failure no_authority(std::string cause) {
  Error error = make_error(Errc::runtime_unavailable,
                           "the gateway cannot say who it is to the runtime: its credentials are missing or "
                           "cannot be had now; its operator finds the reason in the log");
  error.retry_after = std::chrono::seconds(5);
  return {std::move(error), std::move(cause)};
}

aws::SigningOptions agentcore_signing(const std::string& region) {
  aws::SigningOptions options;
  options.region = region;
  options.service = "bedrock-agentcore";
  // As AWS's own JavaScript SDK sends it.
  options.send_payload_hash = true;
  return options;
}

/// A token is one word (RFC 6750 section 2.1); nothing of it is ever told.
std::shared_ptr<const Secret> read_token(const std::filesystem::path& file, std::string& problem) {
  auto text = read_file(file, BearerAccess::token_bytes_max);
  if (!text) {
    problem = "the bearer token's file cannot be read: " + text.error().message();
    return nullptr;
  }
  const std::string_view token = trim(*text, " \t\r\n");
  if (text->size() > BearerAccess::token_bytes_max || !is_visible_ascii(token)) {
    problem = "the bearer token's file does not hold one token of at most 16 KiB";
    return nullptr;
  }
  auto secret = std::make_shared<const Secret>(std::string(token));
  // The buffer it came through must not keep it.
  text->assign(text->size(), '\0');
  return secret;
}

}  // namespace

SignedAccess::SignedAccess(const std::string& region, aws::CredentialsProvider& credentials,
                           const Clock& clock)
    : signer_(agentcore_signing(region), credentials, clock) {}

asio::awaitable<std::optional<Failure>> SignedAccess::authorize(http::Request& request, Pass& pass) {
  auto used = co_await signer_.sign(request);
  if (!used) co_return no_authority(used.error().message);
  pass = std::make_shared<const aws::ServiceSigner::Used>(*std::move(used));
  co_return std::nullopt;
}

asio::awaitable<bool> SignedAccess::may_authorize_again(aws::ServiceError refusal, Pass pass) {
  const auto used = std::static_pointer_cast<const aws::ServiceSigner::Used>(std::move(pass));
  co_return co_await signer_.may_sign_again(refusal, *used);
}

std::string BearerAccess::problem() const {
  std::string problem;
  read_token(token_file_, problem);
  return problem;
}

asio::awaitable<std::optional<Failure>> BearerAccess::authorize(http::Request& request, Pass& pass) {
  std::string problem;
  auto token = read_token(token_file_, problem);
  if (!token) co_return no_authority(std::move(problem));
  request.headers.set("Authorization", "Bearer " + std::string(token->reveal()));
  pass = std::move(token);
  co_return std::nullopt;
}

asio::awaitable<bool> BearerAccess::may_authorize_again(aws::ServiceError refusal, Pass pass) {
  if (refusal.status != 401 && refusal.status != 403) co_return false;
  std::string problem;
  const auto now = read_token(token_file_, problem);
  const auto used = std::static_pointer_cast<const Secret>(pass);
  co_return now&& used && now->reveal() != used->reveal();
}

}  // namespace skymarshal::runtime
