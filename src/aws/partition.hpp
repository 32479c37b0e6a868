// AWS's partitions: regions that have accounts and names of their own. Pure.
// Sources: docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html; the
// suffixes, the form of the regions' names and the FIPS hosts as in the endpoint rules of AWS's SDKs.
#pragma once

#include <string>
#include <string_view>

namespace skymarshal::aws {

struct Partition {
  /// As in an ARN.
  std::string_view name;
  /// What all names of its regions begin with; empty for the one that has all others.
  std::string_view region_prefix;
  /// Of its services' hosts.
  std::string_view dns_suffix;
};

/// By its name; null if there is none.
const Partition* find_partition(std::string_view name);
/// A region that nobody has heard of is one of `aws`.
const Partition& partition_of_region(std::string_view region);

/// sts.eu-central-1.amazonaws.com, or sts-fips.….
std::string service_host(std::string_view service, std::string_view region, bool use_fips);
/// The same of a service whose plain name in GovCloud is its FIPS endpoint: DynamoDB, STS, and those of IAM
/// Identity Center.
std::string service_host_plain_in_govcloud(std::string_view service, std::string_view region, bool use_fips);

}  // namespace skymarshal::aws
