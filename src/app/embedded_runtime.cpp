#include "app/embedded_runtime.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace skymarshal::app {
namespace {

/// nullptr if the settings name none.
Result<std::shared_ptr<agents::ops::OperationsDatabase>> open_operations(const std::string& name) {
  if (name.empty()) return std::shared_ptr<agents::ops::OperationsDatabase>();
  auto database = name == "sample" ? agents::ops::OperationsDatabase::sample()
                                   : agents::ops::OperationsDatabase::open(name);
  if (!database) {
    return make_error(Errc::store_unavailable,
                      "cannot open the operations database '" + name + "': " + database.error().message);
  }
  return std::make_shared<agents::ops::OperationsDatabase>(*std::move(database));
}

agents::assessment::ScoreWeights score_weights(const settings::Settings& settings) {
  const auto shares = settings::parse_named_numbers(settings.get<"option_weights">(), 100).value();
  const auto share = [&shares](const char* score) { return static_cast<std::int32_t>(shares.at(score)); };
  return {share("safety"), share("cost"), share("passenger"), share("network")};
}

Result<std::optional<agents::wording::LanguageModel::Options>> language_model_options(
    const settings::Settings& settings, RandomSource& random) {
  std::optional<agents::wording::LanguageModel::Options> none;
  if (settings.get<"llm_url">().empty()) return none;
  agents::wording::LanguageModel::Options options;
  options.endpoint = agents::wording::chat_endpoint(http::parse_endpoint(settings.get<"llm_url">()).value());
  options.model = settings.get<"llm_model">();
  options.api_key = settings.get<"llm_api_key">();
  options.deadline = settings.get<"llm_timeout_ms">();
  options.random = &random;
  if (options.endpoint.secure()) {
    auto tls = net::TlsContext::client({});
    if (!tls) return make_error(Errc::invalid_request, tls.error().message);
    options.tls = std::move(*tls);
  }
  return std::optional(std::move(options));
}

}  // namespace

Result<agents::server::AgentServer::Options> agent_options(const settings::Settings& settings,
                                                           RandomSource& random) {
  agents::server::AgentServer::Options options;
  options.chunk_delay = settings.get<"agent_chunk_delay_ms">();
  options.weights = score_weights(settings);
  auto operations = open_operations(settings.get<"ops_database">());
  if (!operations) return operations.error();
  options.operations = *std::move(operations);
  auto model = language_model_options(settings, random);
  if (!model) return model.error();
  options.language_model = *std::move(model);
  return options;
}

EmbeddedRuntime::EmbeddedRuntime(agents::server::AgentServer::Options options, const Clock& clock,
                                 Logger& log)
    : server_(io_.get_executor(), std::move(options), clock, log) {}

EmbeddedRuntime::~EmbeddedRuntime() { stop(); }

Result<std::uint16_t> EmbeddedRuntime::start(const std::string& host, std::uint16_t port) {
  const auto listening = server_.listen(host, port);
  if (!listening) return listening;
  server_.start();
  thread_ = std::thread([this] { io_.run(); });
  return listening;
}

void EmbeddedRuntime::stop() {
  if (!thread_.joinable()) return;
  server_.stop();
  thread_.join();
}

}  // namespace skymarshal::app
