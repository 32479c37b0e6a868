// A certificate authority for one test: makes its own keys and certificates, in files that vanish with it.
#pragma once

#include "support/temporary_folder.hpp"

#include <memory>
#include <string>

namespace skymarshal::test {

class TestAuthority {
 public:
  struct ServerFiles {
    std::string certificate_file;
    std::string key_file;
  };

  TestAuthority();
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  /// Its own certificate, as PEM.
  std::string file() const { return folder_.file("authority.pem").string(); }
  /// A certificate for `subject_name`: "DNS:localhost" or "IP:127.0.0.1", as OpenSSL writes them.
  ServerFiles issue(const std::string& subject_name);

 private:
  struct Keys;
  TemporaryFolder folder_;
  std::unique_ptr<Keys> keys_;
  int issued_ = 0;
};

}  // namespace skymarshal::test
