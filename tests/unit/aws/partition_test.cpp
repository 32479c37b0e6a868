// Which partition a region is in, and the hosts of its services.
// What is expected is what AWS's SDK for JavaScript resolves for the same region.
#include "aws/partition.hpp"

#include <gtest/gtest.h>

namespace skymarshal::aws::partition_test {

TEST(Partition, HasTheRegionsOfItsName) {
  const std::vector<std::pair<std::string, std::string>> partition_by_region = {
      {"us-east-1", "aws"},
      {"eu-central-1", "aws"},
      {"me-central-1", "aws"},
      {"ap-southeast-7", "aws"},
      {"mx-central-1", "aws"},
      {"cn-north-1", "aws-cn"},
      {"us-gov-west-1", "aws-us-gov"},
      {"eusc-de-east-1", "aws-eusc"},
      {"us-iso-east-1", "aws-iso"},
      {"us-isob-east-1", "aws-iso-b"},
      {"eu-isoe-west-1", "aws-iso-e"},
      {"us-isof-south-1", "aws-iso-f"}};
  for (const auto& [region, partition] : partition_by_region) {
    EXPECT_EQ(partition_of_region(region).name, partition) << region;
    EXPECT_EQ(find_partition(partition), &partition_of_region(region));
  }
  EXPECT_EQ(find_partition("aws-moon"), nullptr);
  EXPECT_EQ(find_partition(""), nullptr);
}

TEST(Partition, HasHostsOfItsOwn) {
  EXPECT_EQ(service_host("sts", "eu-central-1", false), "sts.eu-central-1.amazonaws.com");
  EXPECT_EQ(service_host("sts", "cn-north-1", false), "sts.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(service_host("sts", "eusc-de-east-1", false), "sts.eusc-de-east-1.amazonaws.eu");
  EXPECT_EQ(service_host("sts", "us-iso-east-1", false), "sts.us-iso-east-1.c2s.ic.gov");
  EXPECT_EQ(service_host("sts", "us-isob-east-1", false), "sts.us-isob-east-1.sc2s.sgov.gov");
  EXPECT_EQ(service_host("sts", "eu-isoe-west-1", false), "sts.eu-isoe-west-1.cloud.adc-e.uk");
  EXPECT_EQ(service_host("sts", "us-isof-south-1", false), "sts.us-isof-south-1.csp.hci.ic.gov");
}

TEST(Partition, HasFipsHosts) {
  EXPECT_EQ(service_host("bedrock-agentcore", "us-gov-west-1", true),
            "bedrock-agentcore-fips.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(service_host_plain_in_govcloud("portal.sso", "us-east-1", true),
            "portal.sso-fips.us-east-1.amazonaws.com");
  EXPECT_EQ(service_host_plain_in_govcloud("portal.sso", "us-gov-west-1", true),
            "portal.sso.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(service_host_plain_in_govcloud("sts", "us-east-1", false), "sts.us-east-1.amazonaws.com");
}

}  // namespace skymarshal::aws::partition_test
