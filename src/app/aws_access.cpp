#include "app/aws_access.hpp"

#include <utility>

namespace skymarshal::app {

Result<std::unique_ptr<AwsAccess>> AwsAccess::open(const settings::Settings& settings,
                                                   const std::map<std::string, std::string>& environment,
                                                   const RefreshParts&) {
  auto found = aws::find_credentials({environment, {}});
  if (!found) return make_error(Errc::invalid_request, found.error().message);
  if (!found->credentials) {
    return make_error(Errc::invalid_request,
                      "there are no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }
  std::unique_ptr<AwsAccess> access(new AwsAccess);
  access->credentials_ = std::make_unique<aws::FixedCredentials>(*std::move(found->credentials));
  access->region_ = settings.get<"aws_region">().empty() ? found->region : settings.get<"aws_region">();
  if (access->region_.empty()) {
    return make_error(Errc::invalid_request,
                      "no AWS region is named: set AWS_REGION, such as AWS_REGION=eu-central-1");
  }
  return access;
}

}  // namespace skymarshal::app
