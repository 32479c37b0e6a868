#include "dynamodb/invocation_table.hpp"

#include <algorithm>
#include <utility>

namespace skymarshal::dynamodb {

using invocations::InvocationHead;
using invocations::InvocationRecord;
using invocations::InvocationState;

namespace {

InvocationHead head_of_erased(const ClaimItem& claim, const Principal& owner) {
  InvocationHead head;
  head.request_id = claim.held_by;
  head.owner = owner;
  head.fingerprint = claim.fingerprint;
  return head;
}

/// Of an ending in the head; one of a run that failed may hold all that it had said.
constexpr std::size_t ending_bytes_max = 4'096;

Item place_in_list(const Principal& owner, const std::pair<std::int64_t, RequestId>& place) {
  const auto& [time_ms, id] = place;
  Item item = invocation_key(id);
  item.text("user_id", owner.id).digits("listed_at", listed_at(from_unix_ms(time_ms), id));
  return item;
}

bool is_open(const InvocationItem& invocation) { return !has_ended(invocation.head.state); }

}  // namespace

InvocationTable::Answer<std::optional<InvocationItem>> InvocationTable::find(RequestId id) {
  Call call("GetItem", access_->options().names.invocations);
  call.key(invocation_key(id)).consistent();
  const auto item = co_await access_->client().get(std::move(call));
  if (!item) co_return access_->failed(item.error());
  if (!*item) co_return std::optional<InvocationItem>();
  auto invocation = read_invocation(**item);
  if (!invocation) co_return access_->not_ours("the head of an invocation");
  co_return invocation;
}

InvocationTable::Answer<bool> InvocationTable::put(const InvocationRecord& record) {
  const std::string word = access_->fresh_word();
  const std::int64_t ttl_s = access_->session_ttl(record.accepted_at);
  Item item = invocation_item(record, word, ttl_s);
  std::vector<Item> parts = pack_text(item, "prompt", record.prompt, record.request_id.str(),
                                      access_->invocation_texts(), {.ttl_s = ttl_s});
  const auto parted =
      co_await write_parts(access_->client(), access_->options().names.invocations, std::move(parts));
  if (!parted) co_return access_->failed(parted.error());
  Call call("PutItem", access_->options().names.invocations);
  call.item(std::move(item)).condition("attribute_not_exists(#request_id) OR #word = :word");
  call.values(Item().text(":word", word));
  co_return co_await write_if(std::move(call));
}

InvocationTable::Answer<bool> InvocationTable::start(RequestId id, Principal owner) {
  Call call("UpdateItem", access_->options().names.invocations);
  call.key(invocation_key(id)).update("SET #state = :running");
  call.condition("#user_id = :owner AND #state = :queued");
  Item values;
  values.text(":owner", owner.id).text(":running", to_text(InvocationState::running));
  call.values(values.text(":queued", to_text(InvocationState::queued)));
  auto started = co_await write_if(std::move(call));
  if (!started || *started) co_return started;
  // Nobody else has others' invocations run: this was started by a write whose answer was lost.
  const auto invocation = co_await find(id);
  if (!invocation) co_return invocation.error();
  if (!*invocation || (*invocation)->head.owner != owner) co_return false;
  co_return is_open(**invocation);
}

/// A long ending stands with the interaction alone, from where it is read anyway.
InvocationTable::Answer<bool> InvocationTable::end(End end) {
  const bool is_short = end.ending.text.size() <= ending_bytes_max;
  Call call("UpdateItem", access_->options().names.invocations);
  call.key(invocation_key(end.id));
  std::string update =
      "SET #state = :state, #ended_at = :ended_at, #interaction_at = :interaction_at, "
      "#last_chunk = :last_chunk, #ttl = :ttl";
  if (end.releases_claim) update += ", #claim_released = :yes";
  update += is_short ? ", #ending = :ending REMOVE " : " REMOVE #ending, ";
  call.update(update + "#runner, #stop_asked");
  call.condition("attribute_exists(#user_id) AND (#state = :waiting OR #state = :under_way)");
  constexpr auto interrupted = InvocationState::interrupted;
  Item values;
  values.text(":waiting", to_text(end.corrects ? interrupted : InvocationState::queued));
  const InvocationState started = end.only_if_it_waits ? InvocationState::queued : InvocationState::running;
  values.text(":under_way", to_text(end.corrects ? interrupted : started));
  values.text(":state", to_text(end.state)).number(":ended_at", unix_ms(end.ended_at));
  if (is_short) values.text(":ending", end.ending.text);
  values.number(":last_chunk", end.ending.last_chunk);
  values.number(":interaction_at", unix_ms(end.interaction_at));
  values.number(":ttl", access_->session_ttl(end.ended_at));
  if (end.releases_claim) values.flag(":yes", true);
  call.values(std::move(values));
  return write_if(std::move(call));
}

InvocationTable::Answer<void> InvocationTable::remove_open(RequestId id) {
  Call call("DeleteItem", access_->options().names.invocations);
  call.key(invocation_key(id)).condition("attribute_not_exists(#ended_at)");
  const auto removed = co_await write_if(std::move(call));
  if (!removed) co_return removed.error();
  if (!*removed) co_return skymarshal::Result<void>();
  co_return co_await remove_batches(id);
}

/// The claim first: once the head is gone, nobody knows of it any more.
InvocationTable::Answer<void> InvocationTable::forget(RequestId id) {
  const auto invocation = co_await find(id);
  if (!invocation) co_return invocation.error();
  if (!*invocation) co_return skymarshal::Result<void>();
  if (!(*invocation)->idempotency_key.empty() && !(*invocation)->claim_released) {
    const InvocationHead& head = (*invocation)->head;
    Call keep("UpdateItem", access_->options().names.invocations);
    keep.key(claim_key(head.owner, (*invocation)->idempotency_key));
    keep.update("SET #erased_since = :since").condition("#held_by = :id");
    keep.values(
        Item().text(":id", id.view()).number(":since", unix_ms(head.ended_at.value_or(head.accepted_at))));
    const auto kept = co_await write_if(std::move(keep));
    if (!kept) co_return kept.error();
  }
  const auto removed = co_await remove_batches(id);
  if (!removed) co_return removed.error();
  Call call("DeleteItem", access_->options().names.invocations);
  call.key(invocation_key(id));
  const auto gone = co_await write_if(std::move(call));
  if (!gone) co_return gone.error();
  co_return skymarshal::Result<void>();
}

/// Its journal is kept no longer, and its claim is free.
bool InvocationTable::is_forgotten(const InvocationItem& invocation) const {
  return invocation.head.ended_at &&
         access_->now() - *invocation.head.ended_at > access_->options().journal_retain;
}

InvocationTable::Answer<InvocationTable::Claimed> InvocationTable::claimant(const Principal& owner,
                                                                            const std::string& key) {
  Call call("GetItem", access_->options().names.invocations);
  call.key(claim_key(owner, key)).consistent();
  const auto item = co_await access_->client().get(std::move(call));
  if (!item) co_return access_->failed(item.error());
  if (!*item) co_return Claimed();
  const auto claim = read_claim(**item);
  if (!claim) co_return access_->not_ours("a claim");
  const Claimed free{std::nullopt, claim->held_by};
  if (claim->erased_since) {
    const bool is_old = access_->now() - *claim->erased_since > access_->options().journal_retain;
    if (is_old) co_return free;
    co_return Claimed{head_of_erased(*claim, owner), {}};
  }
  const auto holder = co_await find(claim->held_by);
  if (!holder) co_return holder.error();
  if (!*holder || (*holder)->claim_released || is_forgotten(**holder)) co_return free;
  co_return Claimed{(*holder)->head, {}};
}

InvocationTable::Answer<bool> InvocationTable::put_claim(const InvocationRecord& record,
                                                         std::optional<RequestId> taken_from) {
  Item item = claim_key(record.owner, record.claim->key);
  item.text("held_by", record.request_id.view()).text("fingerprint", record.claim->fingerprint);
  item.number("ttl", access_->journal_ttl(record.accepted_at));
  Call call("PutItem", access_->options().names.invocations);
  call.item(std::move(item));
  call.condition("attribute_not_exists(#request_id) OR #held_by = :id OR #held_by = :before");
  const RequestId before = taken_from.value_or(record.request_id);
  call.values(Item().text(":id", record.request_id.view()).text(":before", before.view()));
  return write_if(std::move(call));
}

InvocationTable::Answer<void> InvocationTable::drop_claim(const Principal& owner, const std::string& key,
                                                          RequestId held_by) {
  Call call("DeleteItem", access_->options().names.invocations);
  call.key(claim_key(owner, key)).condition("#held_by = :id").values(Item().text(":id", held_by.view()));
  const auto dropped = co_await write_if(std::move(call));
  if (!dropped) co_return dropped.error();
  co_return skymarshal::Result<void>();
}

InvocationTable::Answer<InvocationTable::Listed> InvocationTable::list(ListRange range) {
  Listed listed;
  std::optional<Item> next = Item();
  if (range.behind) next = place_in_list(range.owner, *range.behind);
  const StoreOptions& options = access_->options();
  for (int asked = 0; next && listed.heads.size() < range.limit; ++asked) {
    if (range.state && asked == options.filtered_questions_max) {
      listed.looked_until = read_place(*next);
      if (!listed.looked_until) co_return access_->not_ours("the list of a user's invocations");
      co_return listed;
    }
    Call call("Query", access_->options().names.invocations);
    call.index(owners_index).key_condition("#user_id = :owner").backward();
    Item values;
    values.text(":owner", range.owner.id);
    if (range.state) {
      call.filter("#state = :state");
      values.text(":state", to_text(*range.state));
    }
    call.values(std::move(values));
    call.limit(range.state ? options.filtered_items_max : range.limit - listed.heads.size());
    if (!next->empty()) call.start_behind(*next);
    auto page = co_await access_->client().page(std::move(call));
    if (!page) co_return access_->failed(page.error());
    for (const Item& item : page->items) {
      auto invocation = read_invocation(item);
      if (!invocation) co_return access_->not_ours("the list of a user's invocations");
      if (listed.heads.size() < range.limit) listed.heads.push_back(std::move(invocation->head));
    }
    next = std::move(page->next);
  }
  co_return listed;
}

InvocationTable::Answer<std::vector<InvocationRecord>> InvocationTable::open_ones(std::string runner) {
  std::vector<Item> keys;
  std::optional<Item> next = Item();
  while (next) {
    Call call("Query", access_->options().names.invocations);
    call.index(open_index).key_condition("#runner = :runner").values(Item().text(":runner", runner));
    if (!next->empty()) call.start_behind(*next);
    auto page = co_await access_->client().page(std::move(call));
    if (!page) co_return access_->failed(page.error());
    for (const Item& item : page->items)
      keys.push_back(Item().text("request_id", item.find_text("request_id").value_or("")).number("seq", 0));
    next = std::move(page->next);
  }
  // The index may lag behind: what it names is looked at.
  auto items =
      co_await access_->client().get_all(access_->options().names.invocations, std::move(keys), true);
  if (!items) co_return access_->failed(items.error());
  std::vector<InvocationRecord> records;
  for (Item& item : *items) {
    const auto invocation = read_invocation(item);
    if (!invocation) {
      // Said in the log, and no reason to leave the others open.
      (void)access_->not_ours("the head of an invocation");
      continue;
    }
    if (!is_open(*invocation) || invocation->runner != runner) continue;
    auto record = co_await record_of(std::move(item));
    if (!record) co_return record.error();
    records.push_back(*std::move(record));
  }
  std::ranges::sort(records, {}, &InvocationRecord::accepted_at);
  co_return records;
}

InvocationTable::Answer<void> InvocationTable::ask_to_stop(RequestId id, Principal owner) {
  Call call("UpdateItem", access_->options().names.invocations);
  call.key(invocation_key(id)).update("SET #stop_asked = :now");
  call.condition("#user_id = :owner AND attribute_exists(#runner)");
  call.values(Item().text(":owner", owner.id).number(":now", unix_ms(access_->now())));
  const auto asked = co_await write_if(std::move(call));
  if (!asked) co_return asked.error();
  co_return skymarshal::Result<void>();
}

InvocationTable::Answer<std::vector<RequestId>> InvocationTable::stop_asked(std::string runner) {
  std::vector<RequestId> ids;
  std::optional<Item> next = Item();
  while (next) {
    Call call("Query", access_->options().names.invocations);
    call.index(open_index).key_condition("#runner = :runner").filter("attribute_exists(#stop_asked)");
    call.values(Item().text(":runner", runner)).attributes("#request_id");
    if (!next->empty()) call.start_behind(*next);
    auto page = co_await access_->client().page(std::move(call));
    if (!page) co_return access_->failed(page.error());
    for (const Item& item : page->items) {
      if (const auto id = RequestId::parse(item.find_text("request_id").value_or(""))) ids.push_back(*id);
    }
    next = std::move(page->next);
  }
  co_return ids;
}

InvocationTable::Answer<InvocationRecord> InvocationTable::record_of(Item item) {
  InvocationItem invocation = *read_invocation(item);
  auto prompt = co_await unpack_text(access_->client(), access_->invocation_texts(), item, "prompt");
  if (!prompt) {
    const auto failure = access_->failed(prompt.error());
    // It is ended without its prompt rather than never.
    if (failure.code != Errc::store_refused) co_return failure;
    prompt = std::string();
  }
  InvocationRecord record;
  record.request_id = invocation.head.request_id;
  record.session_id = invocation.head.session_id;
  record.owner = invocation.head.owner;
  record.prompt = *std::move(prompt);
  record.accepted_at = invocation.head.accepted_at;
  record.runner = std::move(invocation.runner);
  if (!invocation.idempotency_key.empty())
    record.claim = {std::move(invocation.idempotency_key), std::move(invocation.head.fingerprint)};
  record.waits = invocation.head.state == InvocationState::queued;
  co_return record;
}

/// False: its condition did not hold.
InvocationTable::Answer<bool> InvocationTable::write_if(Call call) {
  const auto written = co_await access_->client().write(std::move(call));
  if (!written && is_condition(written.error())) co_return false;
  if (!written) co_return access_->failed(written.error());
  co_return true;
}

SessionTable::Forget forget_by(std::shared_ptr<TableAccess> access) {
  return [table = std::make_shared<InvocationTable>(std::move(access))](RequestId id) {
    return table->forget(id);
  };
}

}  // namespace skymarshal::dynamodb
