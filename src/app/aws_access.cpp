#include "app/aws_access.hpp"

#include "aws/configuration.hpp"
#include "aws/credential_chain.hpp"

#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace skymarshal::app {
namespace {

namespace asio = boost::asio;

Error not_set_up(const aws::Error& error) { return make_error(Errc::invalid_request, error.message); }

/// Waits for them. A gateway without credentials would refuse everything: it had better not start.
Result<void> first_look(aws::CredentialsProvider& credentials) {
  asio::io_context io;
  Result<void> looked;
  asio::co_spawn(io, credentials.current(),
                 [&looked](std::exception_ptr failure, aws::Result<aws::CredentialsProvider::Shared> found) {
                   if (failure) std::rethrow_exception(failure);
                   if (!found) looked = not_set_up(found.error());
                 });
  io.run();
  return looked;
}

}  // namespace

Result<std::unique_ptr<AwsAccess>> AwsAccess::open(const settings::Settings& settings,
                                                   const std::map<std::string, std::string>& environment,
                                                   const RefreshParts& parts) {
  const aws::ConfigurationSearch search{
      environment, {}, settings.get<"aws_region">(), settings.get<"aws_use_fips_endpoint">()};
  const auto configuration = aws::Configuration::read(search);
  if (!configuration) return not_set_up(configuration.error());
  const auto region = aws::find_region(*configuration);
  if (!region) return not_set_up(region.error());
  std::unique_ptr<AwsAccess> access(new AwsAccess);
  access->region_ = *region;
  if (access->region_.empty()) {
    return make_error(Errc::invalid_request,
                      "no AWS region is named: set AWS_REGION, such as AWS_REGION=eu-central-1");
  }
  access->credentials_ = std::make_unique<aws::CredentialChain>(
      aws::CredentialChainOptions{search},
      std::make_shared<aws::SourceHttp>(std::string(configuration->variable("AWS_CA_BUNDLE"))), parts);
  const Result<void> looked = first_look(*access->credentials_);
  if (!looked) return looked.error();
  return access;
}

}  // namespace skymarshal::app
