// How an interaction comes into its session: the part of SessionTable that saves.
#include "base/json_reader.hpp"
#include "dynamodb/json_attribute.hpp"
#include "dynamodb/session_table.hpp"
#include "invocations/session_errors.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::dynamodb {

using invocations::Interaction;
using invocations::Session;

namespace {

/// All may want the same millisecond of a session at once.
constexpr int times_max = 2'000;

/// Of the texts of an interaction, compressed, in its own item. Together they leave room for what else is in
/// it, names of principals among that; what the answer's map needs beside them may not be there.
constexpr std::size_t response_inline_bytes_max = 200'000;
constexpr std::size_t prompt_inline_bytes_max = 60'000;
constexpr std::size_t ending_inline_bytes_max = 60'000;
constexpr std::size_t message_inline_bytes_max = 20'000;
static_assert(response_inline_bytes_max + prompt_inline_bytes_max + ending_inline_bytes_max +
                  message_inline_bytes_max <
              item_bytes_max - 50'000);

/// TTL takes items in no order, within some days of their time: none is to stand there without its parts.
constexpr std::int64_t parts_stay_longer_s = 7 * 86'400;

struct NamedText {
  std::string_view name;
  std::string_view text;
  std::size_t inline_bytes_max;
};

}  // namespace

SessionTable::Answer<SessionTable::Saved> SessionTable::save(Interaction interaction, Ending ending) {
  for (int race = 0; race < races_max; ++race) {
    auto found = co_await look(interaction.session_id, interaction.request_id);
    if (!found) co_return found.error();
    if (!found->head) {
      bool was_made = false;
      auto saved = co_await save_first(interaction, ending, was_made);
      if (!saved || was_made) co_return saved;
      continue;
    }
    SessionHead head = *std::move(found->head);
    if (head.session.owner != interaction.principal) co_return invocations::session_not_found();
    if (found->place_ms) {
      const auto counted = co_await count(head, interaction.request_id, *found->place_ms);
      if (!counted) co_return counted.error();
      co_return co_await saved_before(interaction.session_id, *found->place_ms);
    }
    // Whoever made the session has counted with it.
    const bool is_first = head.first == interaction.request_id.view();
    if (!is_first && !head.has_open(interaction.request_id)) {
      auto opened = co_await open(interaction.session_id, interaction.principal, interaction.request_id, 0);
      if (!opened) co_return opened.error();
      if (!*opened) continue;
      head = **std::move(opened);
    }
    co_return co_await save_into(std::move(head), std::move(interaction), std::move(ending));
  }
  co_return access_->lost_races();
}

/// Of a session that there is not: its head comes last, and with it the session, and its count.
SessionTable::Answer<SessionTable::Saved> SessionTable::save_first(Interaction interaction, Ending ending,
                                                                   bool& was_made) {
  Session session{interaction.session_id, interaction.principal, interaction.timestamp, {}, 1, false};
  auto placed = co_await place(std::move(interaction), std::move(ending));
  if (!placed) co_return placed;
  session.last_activity_at = placed->interaction.timestamp;
  Item more;
  more.text("first", placed->interaction.request_id.view());
  const auto made = co_await make(session, std::move(more));
  if (!made) co_return made.error();
  was_made = *made;
  if (!*made) co_return placed;
  co_return co_await put_place(*std::move(placed));
}

/// Of a session in which the request is open.
SessionTable::Answer<SessionTable::Saved> SessionTable::save_into(SessionHead head, Interaction interaction,
                                                                  Ending ending) {
  if (head.turn.holder == interaction.request_id.view()) ending.turn = head.turn.number;
  auto placed = co_await place(std::move(interaction), std::move(ending));
  if (!placed) co_return placed;
  auto saved = co_await put_place(*std::move(placed));
  if (!saved) co_return saved;
  const Interaction& kept = saved->interaction;
  const auto counted = co_await count(std::move(head), kept.request_id, unix_ms(kept.timestamp));
  if (!counted) co_return counted.error();
  co_return saved;
}

/// Where it stands: its own, or what one that died has put there for the same request.
SessionTable::Answer<SessionTable::Saved> SessionTable::place(Interaction interaction, Ending ending) {
  FreeTime place;
  if (ending.by_another) {
    const auto remains = co_await remains_of(interaction.session_id, interaction.request_id);
    if (!remains) co_return remains.error();
    place = *remains;
  }
  if (!place.is_taken_by_it) {
    const auto put = co_await put_interaction(interaction, ending);
    if (!put) co_return put.error();
    place = *put;
  }
  if (!place.is_taken_by_it) {
    interaction.timestamp = from_unix_ms(place.timestamp_ms);
    co_return Saved{std::move(interaction), std::move(ending)};
  }
  auto before = co_await saved_before(interaction.session_id, place.timestamp_ms);
  // The same once more is no other.
  if (before) before->is_new = before->ending.text == ending.text;
  co_return before;
}

/// Looks at all of the session's interactions.
SessionTable::Answer<SessionTable::FreeTime> SessionTable::remains_of(SessionId id, RequestId request) {
  std::optional<Item> next = Item();
  while (next) {
    Call call("Query", access_->options().names.sessions);
    call.key_condition("#session_id = :id AND #timestamp >= :first").filter("#request_id = :request");
    call.values(Item().text(":id", id.view()).text(":request", request.view()).number(":first", 1));
    call.attributes("#timestamp").consistent();
    if (!next->empty()) call.start_behind(*next);
    auto page = co_await access_->client().page(std::move(call));
    if (!page) co_return access_->failed(page.error());
    if (!page->items.empty())
      co_return FreeTime{page->items.front().find_number("timestamp").value_or(0), true};
    next = std::move(page->next);
  }
  co_return FreeTime();
}

/// With its texts, whose parts are written.
SessionTable::Answer<Item> SessionTable::whole_item(const Interaction& interaction, const Ending& ending) {
  const std::int64_t ttl_s = access_->content_ttl(interaction.timestamp);
  Item item = interaction_item(interaction, ttl_s);
  if (ending.releases_claim) item.flag("releases_claim", true);
  if (ending.turn > 0) item.number("turn", ending.turn);
  std::vector<NamedText> texts = {{"prompt", interaction.prompt, prompt_inline_bytes_max},
                                  {"response_text", *interaction.response, response_inline_bytes_max}};
  if (!interaction.error_message.empty())
    texts.push_back({"error_message", interaction.error_message, message_inline_bytes_max});
  if (!ending.text.empty()) {
    item.number("last_chunk", ending.last_chunk);
    texts.push_back({"ending", ending.text, ending_inline_bytes_max});
  }
  std::vector<Item> parts;
  for (const auto& [name, text, inline_bytes_max] : texts) {
    std::ranges::move(pack_text(item, name, text, interaction.request_id.view(), access_->session_texts(),
                                {.inline_bytes_max = inline_bytes_max, .ttl_s = ttl_s + parts_stay_longer_s}),
                      std::back_inserter(parts));
  }
  add_readable(item, *interaction.response);
  const auto written =
      co_await write_parts(access_->client(), access_->options().names.sessions, std::move(parts));
  if (!written) co_return access_->failed(written.error());
  co_return item;
}

/// As far as there is room: it says nothing that the text does not.
void SessionTable::add_readable(Item& item, std::string_view response) const {
  const std::size_t bytes_max = access_->options().readable_bytes_max;
  if (bytes_max == 0 || response.size() > bytes_max) return;
  std::string padded(response);
  pad_json(padded);
  if (!validate_json(padded)) return;
  auto map = json_as_map(padded, bytes_max);
  if (map && item.bytes_max() + map->size() + std::string_view("response").size() <= item_bytes_max)
    item.raw("response", *std::move(map));
}

SessionTable::Answer<bool> SessionTable::replace(Interaction interaction, Ending ending) {
  auto item = co_await whole_item(interaction, ending);
  if (!item) co_return item.error();
  Call call("PutItem", access_->options().names.sessions);
  call.item(*std::move(item)).condition("#request_id = :request");
  call.values(Item().text(":request", interaction.request_id.view()));
  co_return co_await write_if(std::move(call));
}

/// At its time, or at the next that is free; where it stands already, there.
SessionTable::Answer<SessionTable::FreeTime> SessionTable::put_interaction(const Interaction& interaction,
                                                                           const Ending& ending) {
  auto whole = co_await whole_item(interaction, ending);
  if (!whole) co_return whole.error();
  Item item = *std::move(whole);
  std::int64_t timestamp_ms = unix_ms(interaction.timestamp);
  for (int time = 0; time < times_max; ++time) {
    item.number("timestamp", timestamp_ms);
    Call call("PutItem", access_->options().names.sessions);
    call.item(item).condition("attribute_not_exists(#session_id)");
    const auto put = co_await write_if(std::move(call));
    if (!put) co_return put.error();
    if (*put) co_return FreeTime{timestamp_ms, false};
    const auto next = co_await free_time(interaction.session_id, interaction.request_id, timestamp_ms);
    if (!next) co_return next.error();
    if (next->is_taken_by_it) co_return *next;
    timestamp_ms = next->timestamp_ms;
  }
  co_return access_->lost_races();
}

SessionTable::Answer<SessionTable::FreeTime> SessionTable::free_time(SessionId id, RequestId request,
                                                                     std::int64_t from_ms) {
  std::int64_t free_ms = from_ms;
  std::optional<Item> next = Item();
  while (next) {
    Call call("Query", access_->options().names.sessions);
    call.key_condition("#session_id = :id AND #timestamp >= :from").attributes("#timestamp, #request_id");
    call.values(Item().text(":id", id.view()).number(":from", from_ms)).consistent();
    if (!next->empty()) call.start_behind(*next);
    auto page = co_await access_->client().page(std::move(call));
    if (!page) co_return access_->failed(page.error());
    for (const Item& item : page->items) {
      if (item.find_number("timestamp") != free_ms) co_return FreeTime{free_ms, false};
      if (item.find_text("request_id") == request.view()) co_return FreeTime{free_ms, true};
      ++free_ms;
    }
    next = std::move(page->next);
  }
  co_return FreeTime{free_ms, false};
}

/// Says that the request's interaction is the one at its time. Where another was said to be it before, that
/// is it, and this one goes.
SessionTable::Answer<SessionTable::Saved> SessionTable::put_place(Saved placed) {
  const Interaction& interaction = placed.interaction;
  const std::int64_t timestamp_ms = unix_ms(interaction.timestamp);
  Item item = place_key(interaction.session_id, interaction.request_id);
  item.number("at", timestamp_ms).number("ttl", access_->content_ttl(interaction.timestamp));
  Call call("PutItem", access_->options().names.sessions);
  call.item(std::move(item)).condition("attribute_not_exists(#session_id) OR #at = :at");
  call.values(Item().number(":at", timestamp_ms));
  const auto put = co_await write_if(std::move(call));
  if (!put) co_return put.error();
  if (*put) co_return placed;
  const auto found = co_await look(interaction.session_id, interaction.request_id);
  if (!found) co_return found.error();
  if (!found->place_ms) co_return access_->lost_races();
  Call remove("DeleteItem", access_->options().names.sessions);
  remove.key(interaction_key(interaction.session_id, timestamp_ms)).condition("#request_id = :request");
  remove.values(Item().text(":request", interaction.request_id.view()));
  const auto removed = co_await write_if(std::move(remove));
  if (!removed) co_return removed.error();
  co_return co_await saved_before(interaction.session_id, *found->place_ms);
}

/// Once: as long as the request is open. `head` is how the session was seen last.
SessionTable::Answer<void> SessionTable::count(SessionHead head, RequestId request,
                                               std::int64_t timestamp_ms) {
  for (int race = 0; race < races_max; ++race) {
    if (!head.has_open(request)) co_return skymarshal::Result<void>();
    const auto counted = co_await count_from(head, request, timestamp_ms);
    if (!counted) co_return counted.error();
    if (*counted) co_return skymarshal::Result<void>();
    auto again = co_await read_any(head.session.id);
    if (!again) co_return again.error();
    if (!*again || (*again)->is_erased) co_return skymarshal::Result<void>();
    head = **std::move(again);
  }
  co_return access_->lost_races();
}

/// False: the head is not as it was seen. The new place in the list comes before the head says that it
/// counts, and the old one goes after.
SessionTable::Answer<bool> SessionTable::count_from(const SessionHead& head, RequestId request,
                                                    std::int64_t timestamp_ms) {
  const std::int64_t activity_ms = unix_ms(head.session.last_activity_at);
  const bool is_newer = timestamp_ms > activity_ms;
  if (is_newer) {
    Session moved = head.session;
    moved.last_activity_at = from_unix_ms(timestamp_ms);
    const auto listed = co_await put_listing(moved);
    if (!listed) co_return listed.error();
  }
  const bool has_turn = head.turn.holder == request.view();
  Item values;
  values.number(":one", 1).number(":seen", activity_ms).text(":request", request.view());
  values.text_set(":requests", {request.str()});
  if (is_newer) {
    values.number(":at", timestamp_ms).number(":ttl", access_->session_ttl(from_unix_ms(timestamp_ms)));
  }
  Call call("UpdateItem", access_->options().names.sessions);
  call.key(head_key(head.session.id));
  call.update(fmt::format("{}{}ADD #interaction_count :one DELETE #open :requests",
                          is_newer ? "SET #last_activity = :at, #ttl = :ttl " : "",
                          has_turn ? "REMOVE #turn_holder, #turn_runner, #turn_until " : ""));
  call.condition(fmt::format("contains(#open, :request) AND #last_activity = :seen{}",
                             has_turn ? " AND #turn_holder = :request" : ""));
  call.values(std::move(values));
  auto counted = co_await write_if(std::move(call));
  if (!counted || !*counted || !is_newer) co_return counted;
  Call unlist("DeleteItem", access_->options().names.sessions);
  unlist.key(listing_key(head.session.id, activity_ms));
  const auto unlisted = co_await write_if(std::move(unlist));
  if (!unlisted) co_return unlisted.error();
  co_return true;
}

SessionTable::Answer<SessionTable::Saved> SessionTable::saved_before(SessionId id,
                                                                     std::int64_t timestamp_ms) {
  auto before = co_await read(id, timestamp_ms);
  if (!before) co_return before.error();
  if (!*before) co_return access_->not_ours("the place of an interaction");
  (*before)->is_new = false;
  co_return **std::move(before);
}

}  // namespace skymarshal::dynamodb
