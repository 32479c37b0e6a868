// What invocations said, a batch an item: the part of InvocationTable that keeps and removes it.
#include "base/text.hpp"
#include "dynamodb/invocation_table.hpp"

#include <algorithm>
#include <utility>

namespace skymarshal::dynamodb {

using invocations::JournalBatch;

namespace {

constexpr std::string_view chunks_name = "chunks";
/// Chunks are JSON on one line.
constexpr char between_chunks_of_a_batch = '\n';

std::string joined(const std::vector<std::string>& chunks) {
  std::string text;
  for (const std::string& chunk : chunks) {
    if (!text.empty()) text += between_chunks_of_a_batch;
    text += chunk;
  }
  return text;
}

std::vector<std::string> parted(std::string_view text) {
  std::vector<std::string> chunks;
  for (;;) {
    const std::size_t end = std::min(text.find(between_chunks_of_a_batch), text.size());
    chunks.emplace_back(text.substr(0, end));
    if (end == text.size()) return chunks;
    text.remove_prefix(end + 1);
  }
}

Item journal_key(const RequestId& id, std::int64_t last) {
  return Item().text("request_id", id.view()).number("seq", last);
}

}  // namespace

InvocationTable::Answer<void> InvocationTable::put_batch(RequestId id, const JournalBatch& batch) {
  if (batch.chunks.empty()) co_return skymarshal::Result<void>();
  const auto first = static_cast<std::int64_t>(batch.first_seq);
  const std::int64_t last = first + static_cast<std::int64_t>(batch.chunks.size()) - 1;
  const std::int64_t ttl_s = access_->journal_ttl(access_->now());
  Item item = journal_key(id, last);
  item.number("first", first).number("ttl", ttl_s);
  const std::string owner = id.str() + '#' + std::to_string(last);
  std::vector<Item> items =
      pack_text(item, chunks_name, joined(batch.chunks), owner, access_->invocation_texts(),
                {.inline_bytes_max = 350'000, .ttl_s = ttl_s});
  const std::string& table = access_->options().names.invocations;
  const auto parts = co_await write_parts(access_->client(), table, std::move(items));
  if (!parts) co_return access_->failed(parts.error());
  Call call("PutItem", table);
  const auto put = co_await write_if(std::move(call.item(std::move(item))));
  if (!put) co_return put.error();
  co_return skymarshal::Result<void>();
}

InvocationTable::Answer<std::int64_t> InvocationTable::last_chunk(RequestId id) {
  Call call("Query", access_->options().names.invocations);
  call.key_condition("#request_id = :id AND #seq > :head")
      .attributes("#seq")
      .backward()
      .consistent()
      .limit(1);
  call.values(Item().text(":id", id.view()).number(":head", 0));
  const auto page = co_await access_->client().page(std::move(call));
  if (!page) co_return access_->failed(page.error());
  if (page->items.empty()) co_return std::int64_t{0};
  co_return page->items.front().find_number("seq").value_or(0);
}

// From the batch on that ends with `after`, if one does: so one question tells those who have read it all how
// far that is.
InvocationTable::Answer<InvocationTable::Chunks> InvocationTable::chunks(RequestId id, std::uint64_t after,
                                                                         bool consistent) {
  Chunks answer;
  answer.batch.first_seq = after + 1;
  std::size_t bytes = 0;
  std::uint64_t next_seq = after + 1;
  std::optional<Item> next = Item();
  while (next) {
    Call call("Query", access_->options().names.invocations);
    call.key_condition("#request_id = :id AND #seq >= :after");
    call.values(Item()
                    .text(":id", id.view())
                    .number(":after", static_cast<std::int64_t>(std::max<std::uint64_t>(after, 1))));
    if (consistent) call.consistent();
    if (!next->empty()) call.start_behind(*next);
    auto page = co_await access_->client().page(std::move(call));
    if (!page) co_return access_->failed(page.error());
    for (const Item& item : page->items) {
      const auto last = item.find_number("seq");
      const auto first = item.find_number("first");
      if (!last || !first || *first > *last) co_return access_->not_ours("a part of a journal");
      // What is missing before it has not come here yet.
      if (static_cast<std::uint64_t>(*first) > next_seq) co_return answer;
      answer.last_chunk = *last;
      if (static_cast<std::uint64_t>(*last) < next_seq) continue;
      answer.has_more = bytes > access_->options().read_bytes_max;
      if (answer.has_more) co_return answer;
      auto text = co_await unpack_text(access_->client(), access_->invocation_texts(), item, chunks_name);
      if (!text) co_return access_->failed(text.error());
      std::vector<std::string> said = parted(*text);
      if (static_cast<std::int64_t>(said.size()) != *last - *first + 1)
        co_return access_->not_ours("a part of a journal");
      bytes += text->size();
      const auto known = static_cast<std::ptrdiff_t>(next_seq - static_cast<std::uint64_t>(*first));
      std::move(said.begin() + known, said.end(), std::back_inserter(answer.batch.chunks));
      next_seq = static_cast<std::uint64_t>(*last) + 1;
    }
    next = std::move(page->next);
  }
  co_return answer;
}

InvocationTable::Answer<void> InvocationTable::remove_batches(RequestId id) {
  const std::string& table = access_->options().names.invocations;
  std::optional<Item> next = Item();
  while (next) {
    Call call("Query", table);
    call.key_condition("#request_id = :id AND #seq > :head").consistent();
    call.attributes("#seq, #chunks_parts, #chunks_parts_of");
    call.values(Item().text(":id", id.view()).number(":head", 0));
    if (!next->empty()) call.start_behind(*next);
    auto page = co_await access_->client().page(std::move(call));
    if (!page) co_return access_->failed(page.error());
    std::vector<Item> keys;
    for (const Item& item : page->items) {
      std::ranges::move(part_keys(item, chunks_name, access_->invocation_texts()), std::back_inserter(keys));
      keys.push_back(journal_key(id, item.find_number("seq").value_or(0)));
    }
    const std::vector<Item> nothing_put;
    const auto removed = co_await access_->client().write_all(table, nothing_put, std::move(keys));
    if (!removed) co_return access_->failed(removed.error());
    next = std::move(page->next);
  }
  co_return skymarshal::Result<void>();
}

InvocationTable::Answer<std::size_t> InvocationTable::remove_journals(std::int64_t ended_before_ms) {
  std::size_t count = 0;
  std::optional<Item> next = Item();
  while (next) {
    Call call("Scan", access_->options().names.invocations);
    call.filter(
        "(#seq = :head AND #ended_at < :before AND attribute_not_exists(#journal_removed)) OR "
        "#erased_since < :before");
    call.values(Item().number(":head", 0).number(":before", ended_before_ms));
    if (!next->empty()) call.start_behind(*next);
    auto page = co_await access_->client().page(std::move(call));
    if (!page) co_return access_->failed(page.error());
    for (const Item& item : page->items) {
      const auto removed = co_await remove_old(item);
      if (!removed) co_return removed.error();
      count += *removed ? 1 : 0;
    }
    next = std::move(page->next);
  }
  co_return count;
}

/// A journal, or the claim of one that was erased; whether it was a journal.
InvocationTable::Answer<bool> InvocationTable::remove_old(const Item& item) {
  const std::string& table = access_->options().names.invocations;
  if (item.has("erased_since")) {
    Call call("DeleteItem", table);
    call.key(Item().text("request_id", item.find_text("request_id").value_or("")).number("seq", 0));
    call.condition("#held_by = :holder")
        .values(Item().text(":holder", item.find_text("held_by").value_or("")));
    const auto dropped = co_await write_if(std::move(call));
    if (!dropped) co_return dropped.error();
    co_return false;
  }
  const auto invocation = read_invocation(item);
  if (!invocation) co_return access_->not_ours("the head of an invocation");
  const RequestId id = invocation->head.request_id;
  const auto removed = co_await remove_batches(id);
  if (!removed) co_return removed.error();
  if (!invocation->idempotency_key.empty()) {
    const auto dropped = co_await drop_claim(invocation->head.owner, invocation->idempotency_key, id);
    if (!dropped) co_return dropped.error();
  }
  Call call("UpdateItem", table);
  call.key(invocation_key(id)).update("SET #journal_removed = :yes");
  call.condition("attribute_exists(#user_id) AND attribute_not_exists(#journal_removed)");
  call.values(Item().flag(":yes", true));
  co_return co_await write_if(std::move(call));
}

}  // namespace skymarshal::dynamodb
