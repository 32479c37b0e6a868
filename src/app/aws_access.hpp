// What every part needs that talks to AWS: credentials, and the region. Made once, from the settings and from
// where AWS's own tools look; only where some part needs it.
#pragma once

#include "aws/credentials_provider.hpp"
#include "base/error.hpp"
#include "base/refreshed_value.hpp"
#include "settings/settings.hpp"

#include <map>
#include <memory>
#include <string>

namespace skymarshal::app {

class AwsAccess {
 public:
  /// `environment`: the process's variables. Waits until there are credentials: invalid_request says which
  /// sources were looked at, and what to do. The references must outlive it.
  static Result<std::unique_ptr<AwsAccess>> open(const settings::Settings& settings,
                                                 const std::map<std::string, std::string>& environment,
                                                 const RefreshParts& parts);
  AwsAccess(const AwsAccess&) = delete;
  AwsAccess& operator=(const AwsAccess&) = delete;

  aws::CredentialsProvider& credentials() { return *credentials_; }
  /// Never empty.
  const std::string& region() const { return region_; }

 private:
  AwsAccess() = default;

  std::unique_ptr<aws::CredentialsProvider> credentials_;
  std::string region_;
};

}  // namespace skymarshal::app
