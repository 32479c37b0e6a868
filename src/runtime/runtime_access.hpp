// What lets a request in at the door of a runtime that asks who comes: a signature (SigV4), or a bearer
// token. Shared by all threads; answers arrive on the asker's executor.
#pragma once

#include "aws/credentials_provider.hpp"
#include "aws/service_error.hpp"
#include "aws/service_signer.hpp"
#include "base/clock.hpp"
#include "http/message.hpp"
#include "runtime/run_failure.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::runtime {

class RuntimeAccess {
 public:
  /// What a request was let in with, or not; for its access alone.
  using Pass = std::shared_ptr<const void>;

  virtual ~RuntimeAccess() = default;

  /// Adds the fields that say who asks to a request that has all others of its own, its final Host among
  /// them, and sets `pass`. The failure is that there was nothing to say it with.
  virtual boost::asio::awaitable<std::optional<Failure>> authorize(http::Request& request, Pass& pass) = 0;
  /// Whether a request that was refused so may be let in when it is authorised anew.
  virtual boost::asio::awaitable<bool> may_authorize_again(aws::ServiceError refusal, Pass pass) = 0;
};

class SignedAccess final : public RuntimeAccess {
 public:
  /// `credentials` and `clock` must outlive it.
  SignedAccess(const std::string& region, aws::CredentialsProvider& credentials, const Clock& clock);

  boost::asio::awaitable<std::optional<Failure>> authorize(http::Request& request, Pass& pass) override;
  boost::asio::awaitable<bool> may_authorize_again(aws::ServiceError refusal, Pass pass) override;

 private:
  aws::ServiceSigner signer_;
};

/// OAuth 2.0 (RFC 6750): the token in a file, which somebody else keeps fresh. It is read for every request.
class BearerAccess final : public RuntimeAccess {
 public:
  static constexpr std::size_t token_bytes_max = 16 * 1024;

  explicit BearerAccess(std::filesystem::path token_file) : token_file_(std::move(token_file)) {}

  /// Why it holds no token now; empty if it holds one.
  std::string problem() const;
  boost::asio::awaitable<std::optional<Failure>> authorize(http::Request& request, Pass& pass) override;
  boost::asio::awaitable<bool> may_authorize_again(aws::ServiceError refusal, Pass pass) override;

 private:
  std::filesystem::path token_file_;
};

}  // namespace skymarshal::runtime
