// What the embedded agents cost: CPU of a whole assessment of the sample day, and of its parts.
// Run by ./dev bench; one thread, nothing else of the gateway.
#include "agents/assessment/orchestrator.hpp"
#include "agents/facts/prompt_facts.hpp"
#include "agents/ops/operations_database.hpp"
#include "base/clock.hpp"

#include <string>
#include <string_view>

#include <benchmark/benchmark.h>

namespace skymarshal {
namespace {

constexpr std::string_view prompt =
    "Flight EY283 from BKK to AUH: hydraulic fault on A6-BNC before departure, 3 hours delay, 286 "
    "passengers, 51 "
    "connecting";

/// As the runtime does it: read the prompt, look the day up, ask all seven, rank the options, write it all.
void whole_assessment(benchmark::State& state) {
  const SystemClock clock;
  const agents::assessment::Orchestrator orchestrator(agents::assessment::seven_agents(), {}, clock);
  agents::ops::OperationsDatabase database = agents::ops::OperationsDatabase::sample().value();
  std::string message;
  std::size_t bytes = 0;
  for (auto _ : state) {
    agents::assessment::Assessment assessment =
        orchestrator.begin(agents::assessment::understand(agents::facts::read_facts(prompt), &database));
    while (assessment.next(message)) bytes += message.size();
  }
  state.counters["bytes"] = static_cast<double>(bytes) / static_cast<double>(state.iterations());
}
BENCHMARK(whole_assessment)->Unit(benchmark::kMicrosecond);

void prompt_alone(benchmark::State& state) {
  const SystemClock clock;
  const agents::assessment::Orchestrator orchestrator(agents::assessment::seven_agents(), {}, clock);
  std::string message;
  for (auto _ : state) {
    agents::assessment::Assessment assessment =
        orchestrator.begin(agents::assessment::understand(agents::facts::read_facts(prompt), nullptr));
    while (assessment.next(message)) benchmark::DoNotOptimize(message.data());
  }
}
BENCHMARK(prompt_alone)->Unit(benchmark::kMicrosecond);

void look_up_the_day(benchmark::State& state) {
  agents::ops::OperationsDatabase database = agents::ops::OperationsDatabase::sample().value();
  const agents::facts::Facts facts = agents::facts::read_facts(prompt);
  for (auto _ : state) benchmark::DoNotOptimize(agents::assessment::understand(facts, &database));
}
BENCHMARK(look_up_the_day)->Unit(benchmark::kMicrosecond);

void read_prompt(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(agents::facts::read_facts(prompt));
}
BENCHMARK(read_prompt)->Unit(benchmark::kMicrosecond);

/// The longest prompt that the gateway lets through, most of it noise.
void read_long_prompt(benchmark::State& state) {
  std::string noise;
  while (noise.size() < 4'900)
    noise += "Lorem ipsum dolor sit amet, consectetur 17 adipiscing elit: AB 42-C. ";
  const std::string text = noise + std::string(prompt) + noise;
  for (auto _ : state) benchmark::DoNotOptimize(agents::facts::read_facts(text));
}
BENCHMARK(read_long_prompt)->Unit(benchmark::kMicrosecond);

/// A prompt that looks like numbers, ranges and dates from its first to its last character.
void read_worst_prompt(benchmark::State& state) {
  std::string text;
  while (text.size() < 10'000) text += "1-";
  for (auto _ : state) benchmark::DoNotOptimize(agents::facts::read_facts(text));
}
BENCHMARK(read_worst_prompt)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace skymarshal

BENCHMARK_MAIN();
