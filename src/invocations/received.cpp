#include "invocations/received.hpp"

#include "base/json_writer.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::invocations {
namespace {

const JournalEvent* chunk_at(const Journal& journal, std::uint64_t seq) {
  const JournalEvent* const event = journal.find(seq);
  return event != nullptr && !event->end ? event : nullptr;
}

std::uint64_t count_chunks(const Journal& journal) {
  std::uint64_t count = 0;
  while (chunk_at(journal, count + 1) != nullptr) ++count;
  return count;
}

/// The chunks that fit, in their order: the last ones before the first, and none left out for a large one
/// that does not fit itself.
std::vector<std::string_view> those_that_fit(const Journal& journal, std::uint64_t count,
                                             std::size_t bytes_max) {
  std::vector<std::string_view> chosen;
  std::size_t bytes = 0;
  for (std::uint64_t seq = count; seq > 0; --seq) {
    const std::string_view chunk = chunk_at(journal, seq)->chunk.data();
    // Each stands behind a bracket or a comma.
    if (bytes + chunk.size() + 1 > bytes_max) continue;
    bytes += chunk.size() + 1;
    chosen.push_back(chunk);
  }
  std::ranges::reverse(chosen);
  return chosen;
}

}  // namespace

void add_received(Error& error, const Journal& journal, std::size_t bytes_max) {
  const std::uint64_t count = count_chunks(journal);
  if (count == 0) return;
  std::string received;
  JsonWriter json(received);
  json.begin_object().member("count", count).key("chunks").begin_array();
  for (const std::string_view chunk : those_that_fit(journal, count, bytes_max)) json.raw(chunk);
  json.end_array().end_object();

  // Behind the members that are there already.
  std::string& details = error.details;
  if (details.empty()) details = "{}";
  details.pop_back();
  if (details.size() > 1) details += ',';
  details.append("\"received\":").append(received).append("}");
}

}  // namespace skymarshal::invocations
