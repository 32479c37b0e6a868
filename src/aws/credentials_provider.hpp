// Whoever signs asks it for credentials each time, as they change while the program runs: they are
// short-lived almost everywhere. Shared by all threads; answers arrive on the asker's executor.
#pragma once

#include "aws/credentials.hpp"
#include "aws/error.hpp"

#include <memory>
#include <utility>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::aws {

class CredentialsProvider {
 public:
  using Shared = std::shared_ptr<const Credentials>;

  virtual ~CredentialsProvider() = default;

  /// Good now. unusable_credentials: where they were looked for, and why there were none.
  virtual boost::asio::awaitable<Result<Shared>> current() = 0;
  /// For whom `seen` was refused, though it is not old: newer ones, or `seen` again if there are none to be
  /// had now.
  virtual boost::asio::awaitable<Shared> newer_than(Shared seen) = 0;
};

/// Those of a key that somebody gave.
class FixedCredentials final : public CredentialsProvider {
 public:
  explicit FixedCredentials(Credentials credentials)
      : credentials_(std::make_shared<const Credentials>(std::move(credentials))) {}

  boost::asio::awaitable<Result<Shared>> current() override { co_return credentials_; }
  boost::asio::awaitable<Shared> newer_than(Shared seen) override { co_return seen; }

 private:
  const Shared credentials_;
};

}  // namespace skymarshal::aws
