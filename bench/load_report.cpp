#include "load_report.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::bench {
namespace {

/// As a JSON string; what a server sent may hold anything.
std::string json_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char character : text) {
    const bool plain = character >= ' ' && character <= '~' && character != '"' && character != '\\';
    quoted += plain ? std::string(1, character)
                    : fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(character)));
  }
  return quoted + "\"";
}

}  // namespace

std::uint64_t LoadReport::error_count() const {
  std::uint64_t count = 0;
  for (const auto& [kind, times] : errors) count += times;
  return count;
}

double LoadReport::invocations_per_second() const {
  return measured_seconds > 0 ? static_cast<double>(invocations_in_time) / measured_seconds : 0;
}

double LoadReport::own_cpu_us_per_invocation() const {
  return static_cast<double>(own_cpu_us) /
         static_cast<double>(std::max<std::uint64_t>(invocations_measured, 1));
}

std::string LoadReport::as_json() const {
  std::string kinds;
  for (const auto& [kind, times] : errors) {
    kinds += fmt::format("{}{}:{}", kinds.empty() ? "" : ",", json_quoted(kind), times);
  }
  return fmt::format(
      "{{\"invocations_per_second\":{:.1f},\"p50_ms\":{:.3f},\"p90_ms\":{:.3f},\"p99_ms\":{:.3f},"
      "\"max_ms\":{:.3f},\"invocations_measured\":{},\"invocations_total\":{},\"measured_seconds\":{:.3f},"
      "\"chunks\":{},\"chunk_delay_p50_us\":{:.1f},\"chunk_delay_p99_us\":{:.1f},\"bytes_received\":{},"
      "\"own_cpu_us_per_invocation\":{:.1f},\"errors\":{{{}}},\"first_error\":{}}}",
      invocations_per_second(), latency.percentile_us(0.5) / 1000, latency.percentile_us(0.9) / 1000,
      latency.percentile_us(0.99) / 1000, latency.max_us() / 1000, invocations_measured, invocations_total,
      measured_seconds, chunks, chunk_delay.percentile_us(0.5), chunk_delay.percentile_us(0.99),
      bytes_received, own_cpu_us_per_invocation(), kinds, json_quoted(first_error));
}

std::string LoadReport::as_text() const {
  std::string text = fmt::format(
      "{:.0f} invocations/s   p50 {:.3f} ms   p90 {:.3f} ms   p99 {:.3f} ms   max {:.3f} ms\n"
      "{} measured of {} in {:.2f} s, {} chunks, {} bytes received, own CPU {:.1f} us an invocation\n",
      invocations_per_second(), latency.percentile_us(0.5) / 1000, latency.percentile_us(0.9) / 1000,
      latency.percentile_us(0.99) / 1000, latency.max_us() / 1000, invocations_measured, invocations_total,
      measured_seconds, chunks, bytes_received, own_cpu_us_per_invocation());
  if (chunk_delay.count() > 0) {
    text += fmt::format("delay a chunk   p50 {:.1f} us   p99 {:.1f} us\n", chunk_delay.percentile_us(0.5),
                        chunk_delay.percentile_us(0.99));
  }
  for (const auto& [kind, times] : errors) text += fmt::format("error {}: {}\n", kind, times);
  if (!first_error.empty()) text += fmt::format("first error: {}\n", first_error);
  return text;
}

}  // namespace skymarshal::bench
