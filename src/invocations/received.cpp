#include "invocations/received.hpp"

#include "base/json_writer.hpp"

#include <cstdint>
#include <string>

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

/// The seq of the first chunk from which on all fit.
std::uint64_t first_that_fits(const Journal& journal, std::uint64_t count, std::size_t bytes_max) {
  std::uint64_t first = count + 1;
  for (std::size_t bytes = 0; first > 1; --first) {
    // Each stands behind a bracket or a comma.
    bytes += chunk_at(journal, first - 1)->chunk.data().size() + 1;
    if (bytes > bytes_max) break;
  }
  return first;
}

}  // namespace

void add_received(Error& error, const Journal& journal, std::size_t bytes_max) {
  const std::uint64_t count = count_chunks(journal);
  if (count == 0) return;
  std::string received;
  JsonWriter json(received);
  json.begin_object().member("count", count).key("chunks").begin_array();
  for (std::uint64_t seq = first_that_fits(journal, count, bytes_max); seq <= count; ++seq) {
    json.raw(chunk_at(journal, seq)->chunk.data());
  }
  json.end_array().end_object();

  // Behind the members that are there already.
  std::string& details = error.details;
  if (details.empty()) details = "{}";
  details.pop_back();
  if (details.size() > 1) details += ',';
  details.append("\"received\":").append(received).append("}");
}

}  // namespace skymarshal::invocations
