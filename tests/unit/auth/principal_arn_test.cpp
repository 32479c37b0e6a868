#include "auth/principal_arn.hpp"

#include <string>

#include <gtest/gtest.h>

namespace skymarshal::auth::principal_arn_test {

TEST(PrincipalArn, KnowsTheFormsOfIamAndSts) {
  for (const auto* arn :
       {"arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:user/ops",
        "arn:aws:iam::123456789012:user/division/team/ops.night+1=a,b@x_y-z",
        "arn:aws:iam::123456789012:role/Ops", "arn:aws:iam::123456789012:role/path/Ops",
        "arn:aws:sts::123456789012:assumed-role/Ops/anna@example.com",
        "arn:aws:sts::123456789012:federated-user/anna", "arn:aws-cn:iam::123456789012:user/ops",
        "arn:aws-us-gov:iam::000000000000:user/ops", "arn:aws-iso-b:iam::123456789012:user/ops"}) {
    EXPECT_TRUE(is_principal_arn(arn)) << arn;
  }
}

TEST(PrincipalArn, RefusesEverythingElse) {
  for (const auto* arn : {"",
                          "arn",
                          "ops",
                          "arn:aws:iam::123456789012:",
                          "arn:aws:iam::123456789012:user",
                          "arn:aws:iam::123456789012:user/",
                          "arn:aws:iam::123456789012:user//ops",
                          "arn:aws:iam::123456789012:user/ops/",
                          "arn:aws:iam::12345678901:user/ops",
                          "arn:aws:iam::1234567890123:user/ops",
                          "arn:aws:iam::12345678901a:user/ops",
                          "arn:aws:iam:us-east-1:123456789012:user/ops",
                          "arn:aws:s3::123456789012:user/ops",
                          "arn:aws:iam::123456789012:group/ops",
                          "arn:aws:iam::123456789012:assumed-role/a/b",
                          "arn:aws:sts::123456789012:user/ops",
                          "arn:aws:sts::123456789012:assumed-role/a",
                          "arn:aws:sts::123456789012:assumed-role/a/b/c",
                          "arn:aws:sts::123456789012:root",
                          "arn:aws:sts::123456789012:federated-user/a/b",
                          "arn:amazon:iam::123456789012:user/ops",
                          "arn:aws-:iam::123456789012:user/ops",
                          "arn:awsx:iam::123456789012:user/ops",
                          "arn:aws-CN:iam::123456789012:user/ops",
                          "ARN:aws:iam::123456789012:user/ops",
                          "arn:aws:iam::123456789012:user/o ps",
                          "arn:aws:iam::123456789012:user/ops\n",
                          "arn:aws:iam::123456789012:user/*",
                          "arn:aws:iam::123456789012:user/a:b",
                          "arn:aws:iam::123456789012:root/x"}) {
    EXPECT_FALSE(is_principal_arn(arn)) << arn;
  }
}

TEST(PrincipalArn, IsBounded) {
  const std::string head = "arn:aws:iam::123456789012:user/";
  EXPECT_TRUE(is_principal_arn(head + std::string(2048 - head.size(), 'a')));
  EXPECT_FALSE(is_principal_arn(head + std::string(2049 - head.size(), 'a')));
}

}  // namespace skymarshal::auth::principal_arn_test
