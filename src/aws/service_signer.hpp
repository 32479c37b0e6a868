// Signs what this process sends to one AWS service: with credentials that are current, and by the service's
// clock where ours is wrong. Shared by all threads.
// Source for the clock: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html (a
// signature holds for 5 minutes)
#pragma once

#include "aws/credentials_provider.hpp"
#include "aws/error.hpp"
#include "aws/service_error.hpp"
#include "aws/sigv4_signer.hpp"
#include "base/clock.hpp"
#include "http/message.hpp"

#include <atomic>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::aws {

class ServiceSigner {
 public:
  /// `credentials` and `clock` must outlive it.
  ServiceSigner(SigningOptions options, CredentialsProvider& credentials, const Clock& clock)
      : options_(std::move(options)), credentials_(credentials), clock_(clock) {}
  ServiceSigner(const ServiceSigner&) = delete;
  ServiceSigner& operator=(const ServiceSigner&) = delete;

  /// What a request was signed with.
  struct Used {
    CredentialsProvider::Shared credentials;
    /// What the service's clock was taken to be ahead of ours.
    std::int64_t clock_offset_ms = 0;
  };
  /// Signs it as sign() does. unusable_credentials too.
  boost::asio::awaitable<Result<Used>> sign(http::Request& request);

  /// Whether the request that was refused so, signed with `used`, may be let in when it is signed again:
  /// there are newer credentials, or the clock has been corrected since, whoever it was that was told so
  /// first.
  boost::asio::awaitable<bool> may_sign_again(const ServiceError& refusal, Used used);

  const SigningOptions& options() const { return options_; }

 private:
  bool correct_clock(const ServiceError& refusal, std::int64_t used_offset_ms);

  const SigningOptions options_;
  CredentialsProvider& credentials_;
  const Clock& clock_;
  /// What the service's clock is ahead of ours.
  std::atomic<std::int64_t> clock_offset_ms_ = 0;
};

}  // namespace skymarshal::aws
