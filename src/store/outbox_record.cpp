#include "store/outbox_record.hpp"

#include "store/byte_fields.hpp"
#include "store/invocation_codec.hpp"
#include "store/session_codec.hpp"

#include <utility>

namespace skymarshal::store {
namespace {

using invocations::FinishedInvocation;
using invocations::Interaction;

/// Records of the first version begin with a session's id, and so never with this. The last character is the
/// version.
constexpr std::string_view mark = "SKYR2";
constexpr char interaction_kind = 'i';
constexpr char finished_kind = 'f';

void append_finished(std::string& out, const FinishedInvocation& finished) {
  out += finished.releases_claim ? '1' : '0';
  append_text(out, encode_ending(finished.end));
  append_number(out, finished.rest.first_seq);
  append_number(out, finished.rest.chunks.size());
  for (const std::string& chunk : finished.rest.chunks) append_text(out, chunk);
  append_text(out, encode_interaction(finished.interaction));
}

std::optional<OutboxRecord> read_finished(std::string_view bytes) {
  FieldReader fields(bytes);
  FinishedInvocation finished;
  const std::string_view releases = fields.bytes(1);
  auto end = decode_ending(fields.slice());
  finished.rest.first_seq = fields.number();
  for (std::uint64_t left = fields.number(); left > 0 && fields.is_whole(); --left) {
    finished.rest.chunks.push_back(fields.text());
  }
  auto interaction = decode_interaction(fields.slice());
  if (!end || !interaction || !fields.ended_whole() || (releases != "0" && releases != "1")) {
    return std::nullopt;
  }
  finished.releases_claim = releases == "1";
  finished.interaction = *std::move(interaction);
  finished.end = *std::move(end);
  finished.end.body = finished.interaction.response;
  return OutboxRecord(std::move(finished));
}

std::optional<OutboxRecord> interaction_in(std::string_view bytes) {
  auto interaction = decode_interaction(bytes);
  if (!interaction) return std::nullopt;
  return OutboxRecord(*std::move(interaction));
}

}  // namespace

const Interaction& interaction_of(const OutboxRecord& record) {
  const auto* const finished = std::get_if<FinishedInvocation>(&record);
  return finished != nullptr ? finished->interaction : std::get<Interaction>(record);
}

std::string encode_record(const OutboxRecord& record) {
  std::string out(mark);
  if (const auto* const finished = std::get_if<FinishedInvocation>(&record)) {
    out += finished_kind;
    append_finished(out, *finished);
  } else {
    out += interaction_kind;
    out += encode_interaction(std::get<Interaction>(record));
  }
  return out;
}

std::optional<OutboxRecord> decode_record(std::string_view bytes) {
  if (!bytes.starts_with(mark)) return interaction_in(bytes);
  FieldReader fields(bytes.substr(mark.size()));
  const std::string_view kind = fields.bytes(1);
  const std::string_view payload = bytes.substr(mark.size() + kind.size());
  if (kind == std::string_view(&interaction_kind, 1)) return interaction_in(payload);
  if (kind == std::string_view(&finished_kind, 1)) return read_finished(payload);
  return std::nullopt;
}

}  // namespace skymarshal::store
