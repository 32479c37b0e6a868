// Credentials that the place where this runs hands out, to everything on it: a container's endpoint (ECS, EKS
// Pod Identity), and the instance metadata service of EC2, version 2 only: version 1 answers whoever can have
// a program fetch a URL. Coroutines of one look for credentials.
// Sources: docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html,
// .../feature-imds-credentials.html and docs.aws.amazon.com/AWSEC2/latest/UserGuide/
// instance-metadata-security-credentials.html
#pragma once

#include "aws/credential_source.hpp"

#include <boost/asio/awaitable.hpp>

namespace skymarshal::aws {

/// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, or _FULL_URI: https, or http to this machine and the addresses
/// that AWS names. AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE (read anew each time), or _TOKEN.
boost::asio::awaitable<SourceAnswer> container_credentials(const SourceParts& parts);

/// AWS_EC2_METADATA_DISABLED, AWS_EC2_METADATA_SERVICE_ENDPOINT, _ENDPOINT_MODE. An instance without a role,
/// and a machine without the service, are not configured.
boost::asio::awaitable<SourceAnswer> instance_credentials(const SourceParts& parts);

/// Whether the service is likely there: its endpoint has been set, or the machine says that it is an EC2
/// instance. `machine`: where the kernel tells about it.
/// Source: docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html
bool expects_instance(const Configuration& configuration, const std::filesystem::path& machine = "/sys");

}  // namespace skymarshal::aws
