#include "aws/service_signer.hpp"

#include <utility>

namespace skymarshal::aws {
namespace {

/// Less than this is no reason for a refusal: a signature holds for five minutes, and a Date has whole
/// seconds.
constexpr Milliseconds correction_min{60'000};

}  // namespace

boost::asio::awaitable<Result<ServiceSigner::Used>> ServiceSigner::sign(http::Request& request) {
  auto credentials = co_await credentials_.current();
  if (!credentials) co_return credentials.error();
  const std::int64_t offset_ms = clock_offset_ms_;
  const WallTime now = clock_.wall_now() + Milliseconds(offset_ms);
  const Result<void> done = aws::sign(request, **credentials, options_, now);
  if (!done) co_return done.error();
  co_return Used{*std::move(credentials), offset_ms};
}

boost::asio::awaitable<bool> ServiceSigner::may_sign_again(const ServiceError& refusal, Used used) {
  if (is_about_the_clock(refusal) && correct_clock(refusal, used.clock_offset_ms)) co_return true;
  if (!is_about_credentials(refusal)) co_return false;
  const CredentialsProvider::Shared newer = co_await credentials_.newer_than(used.credentials);
  co_return newer != used.credentials;
}

bool ServiceSigner::correct_clock(const ServiceError& refusal, std::int64_t used_offset_ms) {
  if (!refusal.answered_at) return false;
  const std::int64_t offset_ms = (*refusal.answered_at - clock_.wall_now()).count();
  clock_offset_ms_ = offset_ms;
  return std::abs(offset_ms - used_offset_ms) >= correction_min.count();
}

}  // namespace skymarshal::aws
