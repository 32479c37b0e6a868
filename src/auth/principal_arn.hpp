// Names of AWS identities: the ARNs of IAM and STS. Pure.
// Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
#pragma once

#include <string_view>

namespace skymarshal::auth {

/// arn:aws:iam::123456789012:root, …:user/path/name, …:role/path/name,
/// arn:aws:sts::123456789012:assumed-role/role/session, …:federated-user/name; any partition of AWS
/// (aws-cn, aws-us-gov, …).
bool is_principal_arn(std::string_view text);

}  // namespace skymarshal::auth
