#include "aws/service_signer.hpp"

#include <utility>

namespace skymarshal::aws {
namespace {

/// Less than this is no reason for a refusal: a signature holds for five minutes, and a Date has whole
/// seconds.
constexpr Milliseconds correction_min{60'000};

}  // namespace

boost::asio::awaitable<Result<CredentialsProvider::Shared>> ServiceSigner::sign(http::Request& request) {
  auto credentials = co_await credentials_.current();
  if (!credentials) co_return credentials.error();
  const WallTime now = clock_.wall_now() + Milliseconds(clock_offset_ms_.load());
  const Result<void> done = aws::sign(request, **credentials, options_, now);
  if (!done) co_return done.error();
  co_return *std::move(credentials);
}

boost::asio::awaitable<bool> ServiceSigner::may_sign_again(const ServiceError& refusal,
                                                           CredentialsProvider::Shared used) {
  if (is_about_the_clock(refusal) && correct_clock(refusal)) co_return true;
  if (!is_about_credentials(refusal)) co_return false;
  const CredentialsProvider::Shared newer = co_await credentials_.newer_than(used);
  co_return newer != used;
}

bool ServiceSigner::correct_clock(const ServiceError& refusal) {
  if (!refusal.answered_at) return false;
  const std::int64_t offset_ms = (*refusal.answered_at - clock_.wall_now()).count();
  const std::int64_t before_ms = clock_offset_ms_.exchange(offset_ms);
  return std::abs(offset_ms - before_ms) >= correction_min.count();
}

}  // namespace skymarshal::aws
