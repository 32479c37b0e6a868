#include "runtime/agentcore.hpp"

#include "aws/partition.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <vector>

namespace skymarshal::runtime {
namespace {

Error bad_arn(const std::string& why) {
  return make_error(Errc::invalid_request,
                    "AGENTCORE_RUNTIME_ARN: " + why +
                        "; write arn:aws:bedrock-agentcore:REGION:ACCOUNT:runtime/NAME, as the console and "
                        "`aws bedrock-agentcore-control list-agent-runtimes` show it");
}

bool is_resource(std::string_view text) {
  constexpr std::string_view kind = "runtime/";
  constexpr std::size_t name_bytes_max = 256;
  if (!text.starts_with(kind)) return false;
  const std::string_view name = text.substr(kind.size());
  return !name.empty() && name.size() <= name_bytes_max &&
         std::ranges::all_of(name, [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; });
}

http::Endpoint endpoint_of(const AgentCoreAddress& address, std::string_view scheme,
                           std::string_view operation) {
  const RuntimeArn& arn = address.arn;
  http::Endpoint endpoint;
  endpoint.scheme = scheme;
  endpoint.host = aws::service_host("bedrock-agentcore", arn.region, address.use_fips);
  endpoint.port = 443;
  if (address.override) {
    // A plain one, for a test on this machine, stays plain.
    const bool is_web_socket = scheme == "wss";
    const bool is_plain = !address.override->secure();
    endpoint.scheme = is_web_socket ? (is_plain ? "ws" : "wss") : (is_plain ? "http" : "https");
    endpoint.host = address.override->host;
    endpoint.port = address.override->port;
  }
  endpoint.target = "/runtimes/" + http::percent_encode(arn.text) + "/" + std::string(operation);
  if (!address.qualifier.empty()) endpoint.target += "?qualifier=" + http::percent_encode(address.qualifier);
  return endpoint;
}

}  // namespace

Result<RuntimeArn> parse_runtime_arn(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, ':');
  if (!is_visible_ascii(text) || parts.size() != 6 || parts[0] != "arn") return bad_arn("this is no ARN");
  if (aws::find_partition(parts[1]) == nullptr)
    return bad_arn("there is no partition '" + std::string(parts[1]) + "'");
  if (parts[2] != "bedrock-agentcore")
    return bad_arn("the service is '" + std::string(parts[2]) + "' and not bedrock-agentcore");
  if (!is_host_label(parts[3])) return bad_arn("the region is missing");
  if (aws::partition_of_region(parts[3]).name != parts[1])
    return bad_arn("the region '" + std::string(parts[3]) + "' is none of the partition '" +
                   std::string(parts[1]) + "'");
  if (parts[4].size() != 12 || !is_digits(parts[4])) return bad_arn("the account has no 12 digits");
  if (!is_resource(parts[5]))
    return bad_arn("the resource is no runtime/NAME; an endpoint is named by its qualifier");
  return RuntimeArn{std::string(text), std::string(parts[3])};
}

http::Endpoint websocket_endpoint(const AgentCoreAddress& address) {
  return endpoint_of(address, "wss", "ws");
}

http::Endpoint invocations_endpoint(const AgentCoreAddress& address) {
  return endpoint_of(address, "https", "invocations");
}

http::Endpoint stop_endpoint(const AgentCoreAddress& address) {
  return endpoint_of(address, "https", "stopruntimesession");
}

}  // namespace skymarshal::runtime
