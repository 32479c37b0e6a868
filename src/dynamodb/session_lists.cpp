// What is read of sessions beyond their heads, and how they are erased: the part of SessionTable that goes
// through many items.
#include "dynamodb/session_table.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

namespace skymarshal::dynamodb {

using invocations::Interaction;
using invocations::Session;

namespace {

/// Longer than any save takes: what has stood in the list for so long beside what the head says was left by a
/// crash. What an activity's own time says is nothing: an end may come late from an outbox.
constexpr std::chrono::minutes stale_after{10};

Interaction& interaction_of(SessionTable::Saved& saved) { return saved.interaction; }

}  // namespace

SessionTable::Answer<std::optional<SessionTable::Saved>> SessionTable::read(SessionId id,
                                                                            std::int64_t timestamp_ms) {
  Call call("GetItem", access_->options().names.sessions);
  call.key(interaction_key(id, timestamp_ms)).consistent();
  auto item = co_await access_->client().get(std::move(call));
  if (!item) co_return access_->failed(item.error());
  if (!*item) co_return std::optional<Saved>();
  auto saved = co_await whole(**std::move(item));
  if (!saved) co_return saved.error();
  co_return std::optional(*std::move(saved));
}

SessionTable::Answer<SessionTable::Page> SessionTable::interactions(Session session, std::int64_t after_ms,
                                                                    std::size_t limit) {
  // Places come before 1. An earlier session of this id was last active before the whole time for which heads
  // are kept; half of it is left to clocks that differ, and to ends that came late from an outbox.
  const WallTime own_since = session.created_at - access_->options().retain_for / 2;
  const std::int64_t from_ms = std::max({after_ms + 1, std::int64_t{1}, unix_ms(own_since)});
  Page answer;
  std::size_t bytes = 0;
  std::optional<Item> next = Item();
  while (next) {
    Call call("Query", access_->options().names.sessions);
    call.key_condition("#session_id = :id AND #timestamp >= :from").filter("#user_id = :owner").consistent();
    Item values;
    values.text(":id", session.id.view()).number(":from", from_ms).text(":owner", session.owner.id);
    call.values(std::move(values));
    call.limit(limit + 1 - answer.interactions.size());
    if (!next->empty()) call.start_behind(*next);
    auto page = co_await access_->client().page(std::move(call));
    if (!page) co_return access_->failed(page.error());
    for (Item& item : page->items) {
      answer.has_more = answer.interactions.size() == limit || bytes > access_->options().page_bytes_max;
      if (answer.has_more) co_return answer;
      auto saved = co_await whole(std::move(item));
      if (!saved) co_return saved.error();
      Interaction& interaction = interaction_of(*saved);
      bytes += interaction.prompt.size() + interaction.response->size();
      answer.interactions.push_back(std::move(interaction));
    }
    next = std::move(page->next);
  }
  co_return answer;
}

/// With its texts, wherever they stand.
SessionTable::Answer<SessionTable::Saved> SessionTable::whole(Item item) {
  auto interaction = read_interaction(item);
  if (!interaction) co_return access_->not_ours("an interaction");
  auto prompt = co_await unpack_text(access_->client(), access_->session_texts(), item, "prompt");
  if (!prompt) co_return access_->failed(prompt.error());
  auto response = co_await unpack_text(access_->client(), access_->session_texts(), item, "response_text");
  if (!response) co_return access_->failed(response.error());
  auto message = co_await unpack_text(access_->client(), access_->session_texts(), item, "error_message");
  if (!message) co_return access_->failed(message.error());
  auto end = co_await unpack_text(access_->client(), access_->session_texts(), item, "ending");
  if (!end) co_return access_->failed(end.error());
  interaction->prompt = *std::move(prompt);
  interaction->response = share_text(*std::move(response));
  interaction->error_message = *std::move(message);
  Ending ending{*std::move(end), item.find_number("last_chunk").value_or(0)};
  ending.releases_claim = item.has("releases_claim");
  co_return Saved{*std::move(interaction), std::move(ending)};
}

SessionTable::Answer<std::vector<Session>> SessionTable::list(ListRange range) {
  std::vector<Session> sessions;
  std::optional<Item> next = Item();
  if (range.behind) {
    // Where it went on is in the range, or nothing is.
    range.activity_max_ms = std::min(range.activity_max_ms, range.behind->first);
    next = listing_key(range.behind->second, range.behind->first).text("user_id", range.owner.id);
  }
  if (range.activity_max_ms < range.activity_min_ms) co_return sessions;
  while (next && sessions.size() < range.limit) {
    Call call("Query", access_->options().names.sessions);
    call.index(sessions_index).key_condition("#user_id = :owner AND #timestamp BETWEEN :newest AND :oldest");
    Item values;
    values.text(":owner", range.owner.id).number(":newest", -range.activity_max_ms);
    call.values(values.number(":oldest", -range.activity_min_ms));
    call.limit(range.limit - sessions.size());
    if (!next->empty()) call.start_behind(*next);
    auto page = co_await access_->client().page(std::move(call));
    if (!page) co_return access_->failed(page.error());
    auto some = co_await listed(page->items, range.owner);
    if (!some) co_return some.error();
    std::ranges::move(*some, std::back_inserter(sessions));
    next = std::move(page->next);
  }
  co_return sessions;
}

/// Of what is listed, what is there as it is listed; what a crash left in the list is taken out of it.
SessionTable::Answer<std::vector<Session>> SessionTable::listed(const std::vector<Item>& listings,
                                                                const Principal& owner) {
  const std::string& table = access_->options().names.sessions;
  std::vector<Item> keys;
  std::vector<std::pair<SessionId, std::int64_t>> wanted;
  for (const Item& listing : listings) {
    const auto id = SessionId::parse(listing.find_text("session_id").value_or(std::string_view()));
    const auto timestamp = listing.find_number("timestamp");
    if (!id || !timestamp) co_return access_->not_ours("the list of a user's sessions");
    wanted.emplace_back(*id, -*timestamp);
    const Item key = head_key(*id);
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
  }
  const auto items = co_await access_->client().get_all(table, std::move(keys), true);
  if (!items) co_return access_->failed(items.error());
  std::map<SessionId, SessionHead> heads;
  for (const Item& item : *items) {
    auto head = read_head(item);
    if (!head) co_return access_->not_ours("the head of a session");
    const SessionId id = head->session.id;
    heads.emplace(id, *std::move(head));
  }
  std::vector<Session> sessions;
  std::vector<Item> stale;
  for (const auto& [id, activity_ms] : wanted) {
    const auto head = heads.find(id);
    const bool is_there = head != heads.end() && !head->second.is_erased &&
                          head->second.session.owner == owner &&
                          unix_ms(head->second.session.last_activity_at) == activity_ms;
    if (is_there) {
      sessions.push_back(head->second.session);
    } else if (from_unix_ms(activity_ms) < access_->now() - stale_after) {
      stale.push_back(listing_key(id, activity_ms));
    }
  }
  for (Item& key : stale) {
    const auto removed = co_await unlist_stale(std::move(key));
    if (!removed) co_return removed.error();
  }
  co_return sessions;
}

/// Unless it was put there just now: then its head is about to say the same.
SessionTable::Answer<bool> SessionTable::unlist_stale(Item key) {
  Call call("DeleteItem", access_->options().names.sessions);
  call.key(std::move(key)).condition("attribute_not_exists(#put_at) OR #put_at < :long_ago");
  call.values(Item().number(":long_ago", unix_ms(access_->now() - stale_after)));
  return write_if(std::move(call));
}

SessionTable::Answer<bool> SessionTable::erase(SessionId id, Principal owner) {
  const auto head = co_await find(id);
  if (!head) co_return head.error();
  if (!*head || (*head)->session.owner != owner) co_return false;
  const auto marked = co_await mark_erased(id, "#owner = :limit", Item().text(":limit", owner.id));
  if (!marked) co_return marked.error();
  const auto erased = co_await finish_erasing(id);
  if (!erased) co_return erased.error();
  co_return *marked;
}

SessionTable::Answer<std::size_t> SessionTable::erase_older(std::int64_t before_ms) {
  std::size_t count = 0;
  std::optional<Item> next = Item();
  while (next) {
    Call call("Scan", access_->options().names.sessions);
    call.filter("#timestamp = :head AND #last_activity < :before").attributes("#session_id");
    call.values(Item().number(":head", 0).number(":before", before_ms));
    if (!next->empty()) call.start_behind(*next);
    auto page = co_await access_->client().page(std::move(call));
    if (!page) co_return access_->failed(page.error());
    for (const Item& item : page->items) {
      const auto id = SessionId::parse(item.find_text("session_id").value_or(std::string_view()));
      if (!id) co_return access_->not_ours("the head of a session");
      const auto marked =
          co_await mark_erased(*id, "#last_activity < :limit", Item().number(":limit", before_ms));
      if (!marked) co_return marked.error();
      const auto erased = co_await finish_erasing(*id);
      if (!erased) co_return erased.error();
      count += *marked ? 1 : 0;
    }
    next = std::move(page->next);
  }
  co_return count;
}

/// From then on it is there for nobody. False: it was erased before, or is not as the condition says. By a
/// word it knows its own mark, where the answer to that was lost.
SessionTable::Answer<bool> SessionTable::mark_erased(SessionId id, std::string condition, Item values) {
  Call call("UpdateItem", access_->options().names.sessions);
  call.key(head_key(id)).update("SET #erased_at = :now, #erased_by = :word");
  call.condition("(" + condition + " AND attribute_not_exists(#erased_at)) OR #erased_by = :word");
  call.values(values.number(":now", unix_ms(access_->now())).text(":word", access_->fresh_word()));
  return write_if(std::move(call));
}

/// Of one that is marked as erased, by whomever; the head goes last, so that whoever comes upon it goes on.
SessionTable::Answer<void> SessionTable::finish_erasing(SessionId id) {
  auto keys = co_await forget_contents(id);
  if (!keys) co_return keys.error();
  const std::vector<Item> nothing_put;
  const auto deleted =
      co_await access_->client().write_all(access_->options().names.sessions, nothing_put, *std::move(keys));
  if (!deleted) co_return access_->failed(deleted.error());
  Call call("DeleteItem", access_->options().names.sessions);
  call.key(head_key(id)).condition("attribute_exists(#erased_at)");
  const auto gone = co_await write_if(std::move(call));
  if (!gone) co_return gone.error();
  co_return skymarshal::Result<void>();
}

/// The keys of all that is in it but its head, once what its requests left elsewhere is forgotten. None of
/// one that is not marked as erased.
SessionTable::Answer<std::vector<Item>> SessionTable::forget_contents(SessionId id) {
  const TextTable texts = access_->session_texts();
  std::vector<Item> keys;
  std::vector<RequestId> requests;
  bool is_erased = false;
  std::optional<Item> next = Item();
  while (next) {
    Call call("Query", access_->options().names.sessions);
    call.key_condition("#session_id = :id").values(Item().text(":id", id.view())).consistent();
    if (!next->empty()) call.start_behind(*next);
    auto page = co_await access_->client().page(std::move(call));
    if (!page) co_return access_->failed(page.error());
    for (const Item& item : page->items) {
      const Item key = Item()
                           .text("session_id", id.view())
                           .digits("timestamp", std::string(item.find_digits("timestamp").value_or("0")));
      is_erased = is_erased || item.has("erased_at");
      for (const std::string& open : item.find_texts("open")) {
        if (const auto request = RequestId::parse(open)) requests.push_back(*request);
      }
      // It stands beside an ending, whose own name says how it is kept.
      if (item.has("last_chunk")) {
        if (const auto request = RequestId::parse(item.find_text("request_id").value_or(std::string_view())))
          requests.push_back(*request);
      }
      for (const std::string_view name : {"prompt", "response_text", "error_message", "ending"})
        std::ranges::move(part_keys(item, name, texts), std::back_inserter(keys));
      if (key != head_key(id)) keys.push_back(key);
    }
    next = std::move(page->next);
  }
  if (!is_erased) co_return std::vector<Item>();
  for (const RequestId& request : requests) {
    const auto forgotten = co_await forget_(request);
    if (!forgotten) co_return forgotten.error();
  }
  co_return keys;
}

SessionTable::Answer<void> SessionTable::probe() {
  Item item;
  item.text("session_id", "probe").number("timestamp", 0).number("at", unix_ms(access_->now()));
  Call call("PutItem", access_->options().names.sessions);
  call.item(item.number("ttl", access_->session_ttl(access_->now())));
  const auto put = co_await write_if(std::move(call));
  if (!put) co_return put.error();
  co_return skymarshal::Result<void>();
}

}  // namespace skymarshal::dynamodb
