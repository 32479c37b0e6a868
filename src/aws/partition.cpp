#include "aws/partition.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace skymarshal::aws {
namespace {

/// The last one has what none before it has.
constexpr std::array<Partition, 8> partitions = {{{"aws-cn", "cn-", "amazonaws.com.cn"},
                                                  {"aws-us-gov", "us-gov-", "amazonaws.com"},
                                                  {"aws-eusc", "eusc-", "amazonaws.eu"},
                                                  {"aws-iso", "us-iso-", "c2s.ic.gov"},
                                                  {"aws-iso-b", "us-isob-", "sc2s.sgov.gov"},
                                                  {"aws-iso-e", "eu-isoe-", "cloud.adc-e.uk"},
                                                  {"aws-iso-f", "us-isof-", "csp.hci.ic.gov"},
                                                  {"aws", "", "amazonaws.com"}}};

}  // namespace

const Partition* find_partition(std::string_view name) {
  const auto* const found = std::ranges::find(partitions, name, &Partition::name);
  return found == partitions.end() ? nullptr : found;
}

const Partition& partition_of_region(std::string_view region) {
  return *std::ranges::find_if(
      partitions, [region](std::string_view prefix) { return region.starts_with(prefix); },
      &Partition::region_prefix);
}

std::string service_host(std::string_view service, std::string_view region, bool use_fips) {
  return fmt::format("{}{}.{}.{}", service, use_fips ? "-fips" : "", region,
                     partition_of_region(region).dns_suffix);
}

std::string service_host_plain_in_govcloud(std::string_view service, std::string_view region, bool use_fips) {
  return service_host(service, region, use_fips && partition_of_region(region).name != "aws-us-gov");
}

}  // namespace skymarshal::aws
