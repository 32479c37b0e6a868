// What the command line says about who sends a request. A value.
#pragma once

#include "base/secret.hpp"

#include <string>

namespace skymarshal::cli {

/// Empty texts were not given.
struct SigningArguments {
  /// Of the shared AWS files.
  std::string profile = {};
  std::string access_key_id = {};
  Secret secret_access_key = {};
  Secret session_token = {};
  std::string region = {};
  /// File of a token that is sent as it is.
  std::string bearer_token_file = {};
  /// Of a gateway that has STS asked who calls.
  std::string sts_server_id = {};
  bool no_sign = false;
};

}  // namespace skymarshal::cli
