// DynamoDB's API for a test program: npm's dynalite in a process of its own, on a free port of this machine,
// started when it is first asked for; or whatever SKYMARSHAL_DYNAMODB_ENDPOINT names, real AWS among them,
// with the credentials of AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION. Ends with
// the program.
#pragma once

#include "aws/credentials_provider.hpp"
#include "base/clock.hpp"
#include "base/id.hpp"
#include "dynamodb/client.hpp"
#include "dynamodb/tables.hpp"

#include <memory>

namespace skymarshal::test {

/// For all tests of the program. Throws if it cannot be started.
const http::Endpoint& dynamodb_endpoint();

/// Tables of one test's own, and a client that sees them; they are deleted when it goes.
class DynamoDbTables {
 public:
  DynamoDbTables();
  ~DynamoDbTables();
  DynamoDbTables(const DynamoDbTables&) = delete;
  DynamoDbTables& operator=(const DynamoDbTables&) = delete;

  const dynamodb::TableNames& names() const { return names_; }
  /// Another client of them.
  std::unique_ptr<dynamodb::Client> connect();
  dynamodb::Client& client() { return *client_; }

 private:
  SystemClock clock_;
  SystemRandom random_;
  aws::FixedCredentials credentials_;
  dynamodb::TableNames names_;
  std::unique_ptr<dynamodb::Client> client_;
};

}  // namespace skymarshal::test
