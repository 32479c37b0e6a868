#include "cli/cli_signing.hpp"

#include <initializer_list>

#include <CLI/CLI.hpp>

namespace skymarshal::cli {
namespace {

constexpr const char* group = "Who you are";

CLI::Option* add_text(CLI::App& command, const char* flag, std::string& text, const char* type,
                      const char* help) {
  return command.add_option(flag, text, help)->type_name(type)->group(group);
}

CLI::Option* add_secret(CLI::App& command, const char* flag, Secret& secret, const char* type,
                        const char* help) {
  const auto take = [&secret](const std::string& text) { secret = Secret(text); };
  return command.add_option_function<std::string>(flag, take, help)->type_name(type)->group(group);
}

}  // namespace

void add_signing(CLI::App& command, SigningArguments& arguments) {
  CLI::Option* const profile =
      add_text(command, "--profile", arguments.profile, "NAME",
               "Sign with this profile of the shared AWS files. Default: the variables AWS_ACCESS_KEY_ID and "
               "AWS_SECRET_ACCESS_KEY, else the profile of AWS_PROFILE or 'default'; without any, nothing is "
               "signed.");
  CLI::Option* const key = add_text(command, "--access-key-id,--access-key", arguments.access_key_id, "ID",
                                    "Sign with this access key.");
  CLI::Option* const secret = add_secret(
      command, "--secret-access-key,--secret-key", arguments.secret_access_key, "KEY",
      "Its secret. Other users of this machine can see it in the list of processes: better set the variable "
      "AWS_SECRET_ACCESS_KEY.");
  CLI::Option* const token =
      add_secret(command, "--session-token", arguments.session_token, "TOKEN",
                 "The token of temporary credentials. Seen by others as well: better set AWS_SESSION_TOKEN.");
  add_text(command, "--region", arguments.region, "NAME",
           "AWS region to sign for. Default: AWS_REGION, the profile's, or us-east-1.");
  CLI::Option* const bearer =
      add_text(command, "--bearer-token-file", arguments.bearer_token_file, "FILE",
               "Send the token (JWT) in this file instead, to a gateway with --auth jwt.");
  CLI::Option* const sts =
      add_text(command, "--sts-server-id", arguments.sts_server_id, "ID",
               "Send proof of your AWS identity instead, to the gateway of this id with --auth sts.");
  CLI::Option* const none =
      command.add_flag("--no-sign", arguments.no_sign, "Send no credentials at all.")->group(group);

  key->needs(secret);
  secret->needs(key);
  token->needs(key);
  profile->excludes(key);
  for (CLI::Option* const other : {profile, key, sts, none}) bearer->excludes(other);
  for (CLI::Option* const other : {profile, key, sts}) none->excludes(other);
}

}  // namespace skymarshal::cli
