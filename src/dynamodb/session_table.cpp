#include "dynamodb/session_table.hpp"

#include "invocations/session_errors.hpp"

#include <utility>

namespace skymarshal::dynamodb {

using invocations::Session;

SessionTable::Answer<std::optional<SessionHead>> SessionTable::find(SessionId id) {
  auto head = co_await read_any(id);
  if (!head || !*head || !(*head)->is_erased) co_return head;
  const auto erased = co_await finish_erasing(id);
  if (!erased) co_return erased.error();
  co_return std::optional<SessionHead>();
}

SessionTable::Answer<SessionTable::Claimed> SessionTable::claim(SessionId id, Principal principal,
                                                                std::optional<RequestId> opens) {
  const WallTime now = access_->now();
  const std::int64_t activity_min_ms = unix_ms(now - access_->options().expire_after);
  for (int race = 0; race < races_max; ++race) {
    const auto head = co_await find(id);
    if (!head) co_return head.error();
    if (*head) {
      const Session& session = (*head)->session;
      if (session.owner != principal) co_return invocations::session_not_found();
      if (unix_ms(session.last_activity_at) < activity_min_ms) co_return invocations::session_expired();
      if (!opens || (*head)->has_open(*opens)) co_return Claimed{session, false};
      const auto opened = co_await open(id, principal, *opens, activity_min_ms);
      if (!opened) co_return opened.error();
      if (*opened) co_return Claimed{session, false};
      continue;
    }
    const Session fresh{id, principal, now, now, 0, false};
    Item more;
    if (opens) more.text_set("open", {opens->str()});
    const auto made = co_await make(fresh, std::move(more));
    if (!made) co_return made.error();
    if (*made) co_return Claimed{fresh, true};
  }
  co_return access_->lost_races();
}

SessionTable::Answer<Session> SessionTable::create(SessionId id, Principal owner) {
  const WallTime now = access_->now();
  const Session fresh{id, std::move(owner), now, now, 0, false};
  const std::string word = access_->fresh_word();
  Item more;
  more.text("first", word);
  const auto made = co_await make(fresh, std::move(more));
  if (!made) co_return made.error();
  if (*made) co_return fresh;
  // An answer may have been lost on its way: then it is ours, and says so.
  const auto head = co_await find(id);
  if (!head) co_return head.error();
  if (*head && (*head)->first == word) co_return fresh;
  co_return make_error(Errc::internal, "the new session's id is in use");
}

SessionTable::Answer<void> SessionTable::take_back(Claimed claimed, RequestId request) {
  const Session& session = claimed.session;
  Call close("UpdateItem", access_->options().names.sessions);
  close.key(head_key(session.id)).update("DELETE #open :requests").condition("#owner = :owner");
  close.values(Item().text(":owner", session.owner.id).text_set(":requests", {request.str()}));
  const auto closed = co_await write_if(std::move(close));
  if (!closed) co_return closed.error();
  if (!claimed.was_made) co_return skymarshal::Result<void>();
  Call remove("DeleteItem", access_->options().names.sessions);
  remove.key(head_key(session.id));
  remove.condition(
      "#owner = :owner AND #interaction_count = :none AND attribute_not_exists(#open) AND "
      "attribute_not_exists(#turn_holder) AND attribute_not_exists(#erased_at)");
  remove.values(Item().text(":owner", session.owner.id).number(":none", 0));
  const auto removed = co_await write_if(std::move(remove));
  if (!removed) co_return removed.error();
  if (!*removed) co_return skymarshal::Result<void>();
  Call unlist("DeleteItem", access_->options().names.sessions);
  unlist.key(listing_key(session.id, unix_ms(session.last_activity_at)));
  const auto unlisted = co_await write_if(std::move(unlist));
  if (!unlisted) co_return unlisted.error();
  co_return skymarshal::Result<void>();
}

SessionTable::Answer<std::optional<SessionHead>> SessionTable::read_any(SessionId id) {
  Call call("GetItem", access_->options().names.sessions);
  call.key(head_key(id)).consistent();
  const auto item = co_await access_->client().get(std::move(call));
  if (!item) co_return access_->failed(item.error());
  if (!*item) co_return std::optional<SessionHead>();
  auto head = read_head(**item);
  if (!head) co_return access_->not_ours("the head of a session");
  co_return head;
}

/// The session, and whether it has the request's interaction: one question.
SessionTable::Answer<SessionTable::Found> SessionTable::look(SessionId id, RequestId request) {
  const Item place = place_key(id, request);
  std::vector<Item> keys = {head_key(id), place};
  const auto items =
      co_await access_->client().get_all(access_->options().names.sessions, std::move(keys), true);
  if (!items) co_return access_->failed(items.error());
  Found found;
  for (const Item& item : *items) {
    if (const auto at = item.find_number("at")) {
      found.place_ms = at;
      continue;
    }
    found.head = read_head(item);
    if (!found.head) co_return access_->not_ours("the head of a session");
  }
  if (!found.head || !found.head->is_erased) co_return found;
  const auto erased = co_await finish_erasing(id);
  if (!erased) co_return erased.error();
  co_return Found();
}

/// Listed first: what is listed and is not there is passed over. False: there is one of that id.
SessionTable::Answer<bool> SessionTable::make(Session session, Item more) {
  const auto listed = co_await put_listing(session);
  if (!listed) co_return listed.error();
  Item head = head_item(session, access_->session_ttl(session.last_activity_at));
  if (const auto first = more.find_text("first")) head.text("first", *first);
  if (more.has("open")) head.text_set("open", more.find_texts("open"));
  Call call("PutItem", access_->options().names.sessions);
  call.item(std::move(head)).condition("attribute_not_exists(#session_id)");
  co_return co_await write_if(std::move(call));
}

/// Nullopt: it is not the owner's, is being erased, or was last active before that.
SessionTable::Answer<std::optional<SessionHead>> SessionTable::open(SessionId id, Principal owner,
                                                                    RequestId request,
                                                                    std::int64_t activity_min_ms) {
  Call call("UpdateItem", access_->options().names.sessions);
  call.key(head_key(id)).update("ADD #open :requests").returning("ALL_NEW");
  call.condition("#owner = :owner AND attribute_not_exists(#erased_at) AND #last_activity >= :activity_min");
  Item values = Item().text(":owner", owner.id);
  values.text_set(":requests", {request.str()}).number(":activity_min", activity_min_ms);
  call.values(std::move(values));
  const auto updated = co_await access_->client().write(std::move(call));
  if (!updated && is_condition(updated.error())) co_return std::optional<SessionHead>();
  if (!updated) co_return access_->failed(updated.error());
  auto head = read_head(*updated);
  if (!head) co_return access_->not_ours("the head of a session");
  co_return head;
}

SessionTable::Answer<void> SessionTable::put_listing(const Session& session) {
  Item item = listing_item(session, access_->session_ttl(session.last_activity_at));
  item.number("put_at", unix_ms(access_->now()));
  Call call("PutItem", access_->options().names.sessions);
  call.item(std::move(item));
  const auto put = co_await write_if(std::move(call));
  if (!put) co_return put.error();
  co_return skymarshal::Result<void>();
}

SessionTable::Answer<std::optional<HeldTurn>> SessionTable::take_turn(SessionId id, Principal owner,
                                                                      TurnWish wish) {
  for (int race = 0; race < races_max; ++race) {
    Call call("UpdateItem", access_->options().names.sessions);
    call.key(head_key(id));
    call.update(
        "SET #turn_holder = :request, #turn_runner = :runner, #turn_until = :until "
        "ADD #turn_number :one, #open :requests");
    call.condition(
        "#owner = :owner AND attribute_not_exists(#erased_at) AND (attribute_not_exists(#turn_holder) OR "
        "#turn_runner = :runner OR #turn_until < :now OR #turn_holder = :dead)");
    Item values;
    values.text(":owner", owner.id).text(":request", wish.request.view()).text(":runner", wish.runner);
    values.number(":until", wish.until_ms).number(":now", unix_ms(access_->now())).number(":one", 1);
    values.text(":dead", wish.dead_holder).text_set(":requests", {wish.request.str()});
    const auto taken = co_await write_if(std::move(call.values(std::move(values))));
    if (!taken) co_return taken.error();
    if (*taken) co_return HeldTurn{wish.request.str(), wish.runner, wish.until_ms};
    const auto head = co_await find(id);
    if (!head) co_return head.error();
    if (!*head || (*head)->session.owner != owner) co_return std::optional<HeldTurn>();
    if (!(*head)->turn.holder.empty()) co_return (*head)->turn;
  }
  co_return access_->lost_races();
}

SessionTable::Answer<void> SessionTable::give_turn_back(SessionId id, RequestId request) {
  Call call("UpdateItem", access_->options().names.sessions);
  call.key(head_key(id));
  call.update("REMOVE #turn_holder, #turn_runner, #turn_until DELETE #open :requests");
  call.condition("#turn_holder = :request");
  call.values(Item().text(":request", request.view()).text_set(":requests", {request.str()}));
  const auto given = co_await write_if(std::move(call));
  if (!given) co_return given.error();
  co_return skymarshal::Result<void>();
}

/// False: its condition did not hold.
SessionTable::Answer<bool> SessionTable::write_if(Call call) {
  const auto written = co_await access_->client().write(std::move(call));
  if (!written && is_condition(written.error())) co_return false;
  if (!written) co_return access_->failed(written.error());
  co_return true;
}

}  // namespace skymarshal::dynamodb
