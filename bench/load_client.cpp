// The load client: invokes a runtime straight (ws, ws-stream) or through a gateway (http, sse), or reads what
// was begun before (events), checks every answer to its end, and prints rates, latencies, errors and its own
// CPU use. Exit status 1 on any error.
#include "load_run.hpp"
#include "runtime_answer.hpp"

#include <cstdio>
#include <exception>
#include <fstream>
#include <map>
#include <stdexcept>

#include <CLI/CLI.hpp>

namespace skymarshal::bench {
namespace {

/// What the command line holds beside the run itself.
struct CommandLine {
  LoadOptions load;
  double seconds = 0;
  double timeout_seconds = 60;
  bool json = false;
  bool tolerate = false;
  bool expect_stub_answer = false;
  std::string paths_file;
};

std::vector<std::string> lines_of(const std::string& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

const std::map<std::string, LoadMode>& modes() {
  static const std::map<std::string, LoadMode> names = {{"ws", LoadMode::websocket},
                                                        {"ws-stream", LoadMode::websocket_stream},
                                                        {"http", LoadMode::buffered},
                                                        {"sse", LoadMode::event_stream},
                                                        {"events", LoadMode::followed}};
  return names;
}

void declare(CLI::App& app, CommandLine& line) {
  LoadOptions& load = line.load;
  app.add_option(
         "mode", load.mode,
         "ws | ws-stream: straight to a runtime; http | sse: through a gateway; events: what was begun")
      ->required()
      ->transform(CLI::CheckedTransformer(modes()));
  app.add_option("--host", load.host, "IPv4 address")->capture_default_str();
  app.add_option("--port", load.port, "port")->required();
  app.add_option("--path", load.path, "default: /ws, or /api/v1/invoke");
  app.add_option("--paths", line.paths_file, "file with a path of events on each line, one for each lane")
      ->check(CLI::ExistingFile);
  app.add_option("--prompt", load.prompt, "what to ask");
  app.add_option("--connections", load.connections, "invocations at a time")->capture_default_str();
  auto* count = app.add_option("--invocations", load.invocations, "end after so many");
  app.add_option("--seconds", line.seconds, "begin none after so long")->excludes(count);
  app.add_option("--warmup", load.warmup, "invocations before the measurement")->capture_default_str();
  app.add_option("--timeout", line.timeout_seconds, "seconds an invocation may take")->capture_default_str();
  app.add_option("--expect-text", load.expected_text, "text that every answer must hold");
  app.add_option("--expect-chunks", load.expected_chunks, "chunks that every streamed answer must hold");
  app.add_flag("--expect-stub-answer", line.expect_stub_answer, "every answer is the runtime stub's, whole");
  app.add_flag("--json", line.json, "print one JSON object");
  app.add_flag("--tolerate", line.tolerate, "exit status 0 in spite of errors");
}

void complete_options(CommandLine& line) {
  LoadOptions& load = line.load;
  const bool straight = load.mode == LoadMode::websocket || load.mode == LoadMode::websocket_stream;
  if (load.path.empty()) load.path = straight ? "/ws" : "/api/v1/invoke";
  if (line.expect_stub_answer) load.expected_text = answer_end_mark;
  load.duration = std::chrono::milliseconds(static_cast<std::int64_t>(line.seconds * 1000));
  load.invocation_timeout = std::chrono::milliseconds(static_cast<std::int64_t>(line.timeout_seconds * 1000));
  if (load.invocations == 0 && line.seconds <= 0) load.invocations = 1000;
  if (load.mode != LoadMode::followed) return;
  load.followed_paths = lines_of(line.paths_file);
  if (load.followed_paths.empty())
    throw std::runtime_error("mode events needs --paths with a path on each line");
  load.invocations = load.connections;
}

int run_client(int argc, char** argv) {
  CommandLine line;
  CLI::App app{"Loads a runtime or a gateway with invocations and measures it."};
  declare(app, line);
  CLI11_PARSE(app, argc, argv);
  complete_options(line);
  raise_descriptor_limit();
  LoadRun run(line.load);
  const LoadReport& report = run.run();
  const std::string text = line.json ? report.as_json() + "\n" : report.as_text();
  std::fputs(text.c_str(), stdout);
  return report.error_count() > 0 && !line.tolerate ? 1 : 0;
}

}  // namespace
}  // namespace skymarshal::bench

int main(int argc, char** argv) {
  try {
    return skymarshal::bench::run_client(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "load_client: %s\n", error.what());
    return 2;
  }
}
