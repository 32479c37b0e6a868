// A whole gateway on a port of its own for a test, with the embedded agents and files that vanish.
#pragma once

#include "app/wiring.hpp"
#include "cli/gateway_client.hpp"
#include "settings/settings.hpp"
#include "support/temporary_folder.hpp"

#include <map>
#include <memory>
#include <string>

namespace skymarshal::test {

class RunningService {
 public:
  explicit RunningService(std::map<std::string, std::string> flags = {}) {
    flags.try_emplace("listen", "127.0.0.1:0");
    flags.try_emplace("database", folder_.file("test.db").string());
    flags.try_emplace("log_level", "OFF");
    flags.try_emplace("threads", "1");
    settings::SettingSources sources;
    sources.flags = std::move(flags);
    sources.dev = true;
    service_ = app::GatewayService::open(settings::load_settings(sources).value()).value();
    service_->start();
  }

  app::GatewayService& service() { return *service_; }
  cli::EndpointArguments endpoint() const { return {service_->url(), {}}; }
  std::string database() const { return folder_.file("test.db").string(); }

  http::Response fetch(const std::string& method, const std::string& path, std::string body = {}) {
    auto client = cli::GatewayClient::open(endpoint(), {}).value();
    return client.fetch(client.request(method, path, std::move(body)), std::chrono::seconds(20)).value();
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<app::GatewayService> service_;
};

inline constexpr const char* disruption =
    "Flight EY283 from BKK to AUH: hydraulic fault on A6-BNC before departure, 3 hours delay";

}  // namespace skymarshal::test
