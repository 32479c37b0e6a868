#include "dynamodb/stored_text.hpp"

#include "base/crypto.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <zstd.h>

#include <fmt/format.h>

namespace skymarshal::dynamodb {
namespace {

/// Below it compression saves nothing that is paid for: a write is counted in whole kilobytes.
constexpr std::size_t plain_bytes_max = 256;
/// More than any answer or journal holds; what says that it is longer was not written here.
constexpr std::size_t text_bytes_max = std::size_t{1} << 30;
constexpr int compression_level = 3;
/// Longest names of a partition are 2 KB.
constexpr std::string_view part_prefix = "text#";
constexpr std::size_t parts_per_partition = 2;
/// Of one step of writing; in JSON a third more.
constexpr std::size_t step_bytes_max = 800'000;

std::string compressed(std::string_view text) {
  // One a thread: making one costs more than compressing a short text.
  thread_local const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                                  &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, compression_level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size = ZSTD_compress2(context.get(), out.data(), out.size(), text.data(), text.size());
  if (ZSTD_isError(size) != 0) throw std::runtime_error("zstd cannot compress");
  out.resize(size);
  return out;
}

std::optional<std::string> decompressed(std::string_view bytes) {
  const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > text_bytes_max)
    return std::nullopt;
  std::string text(size, '\0');
  const std::size_t read = ZSTD_decompress(text.data(), text.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(read) != 0 || read != text.size()) return std::nullopt;
  return text;
}

std::string with(std::string_view name, std::string_view ending) {
  return fmt::format("{}_{}", name, ending);
}

std::string partition_of_part(std::string_view parts_of, std::size_t number) {
  return fmt::format("{}#{}", parts_of, number / parts_per_partition);
}

Item part_key(const TextTable& table, std::string_view parts_of, std::size_t number) {
  return std::move(Item()
                       .text(table.partition, partition_of_part(parts_of, number))
                       .number(table.sort, static_cast<std::int64_t>(number)));
}

Error damaged(std::string_view name) {
  return {ErrorKind::invalid, fmt::format("what stands in the table under {} is damaged", name)};
}

/// All parts of one partition, which follow the first `bytes` of the text.
boost::asio::awaitable<Result<void>> read_partition(Client& client, TextTable table, std::string partition,
                                                    std::size_t& number, std::string& bytes) {
  std::optional<Item> next = Item();
  while (next) {
    Call call("Query", table.name);
    call.key_condition(fmt::format("#{} = :partition", table.partition)).consistent();
    call.values(std::move(Item().text(":partition", partition)));
    if (!next->empty()) call.start_behind(*next);
    auto page = co_await client.page(std::move(call));
    if (!page) co_return page.error();
    for (const Item& part : page->items) {
      const auto content = part.find_bytes("part");
      if (!content || part.find_number(table.sort) != static_cast<std::int64_t>(number))
        co_return damaged(partition);
      bytes += *content;
      ++number;
    }
    next = std::move(page->next);
  }
  co_return Result<void>();
}

boost::asio::awaitable<Result<std::string>> read_parts(Client& client, TextTable table, std::string parts_of,
                                                       std::size_t count) {
  std::string bytes;
  std::size_t number = 0;
  for (std::size_t first = 0; first < count; first += parts_per_partition) {
    if (number != first) co_return damaged(parts_of);
    std::string partition = partition_of_part(parts_of, first);
    const auto read = co_await read_partition(client, table, std::move(partition), number, bytes);
    if (!read) co_return read.error();
  }
  if (number != count) co_return damaged(parts_of);
  co_return bytes;
}

}  // namespace

std::vector<Item> pack_text(Item& item, std::string_view name, std::string_view text, std::string_view owner,
                            const TextTable& table, const TextOptions& options) {
  if (text.size() <= plain_bytes_max) {
    item.text(name, text);
    return {};
  }
  std::string bytes = compressed(text);
  if (bytes.size() <= options.inline_bytes_max) {
    item.bytes(with(name, "zstd"), std::move(bytes));
    return {};
  }
  // By its content: parts of one that is written again take nothing from those of the first.
  const std::string partition =
      fmt::format("{}{}#{}", part_prefix, owner, hex(as_text(sha256(bytes)).substr(0, 16)));
  std::vector<Item> parts;
  for (std::size_t from = 0; from < bytes.size(); from += options.part_bytes_max) {
    Item part = part_key(table, partition, parts.size());
    part.bytes("part", bytes.substr(from, options.part_bytes_max)).number("ttl", options.ttl_s);
    parts.push_back(std::move(part));
  }
  item.text(with(name, "parts_of"), partition);
  item.number(with(name, "parts"), static_cast<std::int64_t>(parts.size()));
  return parts;
}

boost::asio::awaitable<Result<void>> write_parts(Client& client, std::string table, std::vector<Item> parts) {
  std::vector<Item> step;
  std::size_t bytes = 0;
  for (std::size_t number = 0; number < parts.size(); ++number) {
    bytes += parts[number].bytes_max();
    step.push_back(std::move(parts[number]));
    const bool is_last = number + 1 == parts.size();
    if (!is_last && bytes + parts[number + 1].bytes_max() <= step_bytes_max) continue;
    const std::vector<Item> nothing_deleted;
    const auto written = co_await client.write_all(table, std::exchange(step, {}), nothing_deleted);
    if (!written) co_return written.error();
    bytes = 0;
  }
  co_return Result<void>();
}

boost::asio::awaitable<Result<std::string>> unpack_text(Client& client, TextTable table, const Item& item,
                                                        std::string_view name) {
  if (const auto plain = item.find_text(name)) co_return std::string(*plain);
  const auto count = item.find_number(with(name, "parts"));
  const auto partition = item.find_text(with(name, "parts_of"));
  std::string bytes(item.find_bytes(with(name, "zstd")).value_or(std::string_view()));
  if (count && partition) {
    auto read = co_await read_parts(client, std::move(table), std::string(*partition),
                                    static_cast<std::size_t>(*count));
    if (!read) co_return read.error();
    bytes = *std::move(read);
  }
  if (bytes.empty()) co_return std::string();
  auto text = decompressed(bytes);
  if (!text) co_return damaged(name);
  co_return *std::move(text);
}

std::vector<Item> part_keys(const Item& item, std::string_view name, const TextTable& table) {
  const auto count = item.find_number(with(name, "parts"));
  const auto partition = item.find_text(with(name, "parts_of"));
  std::vector<Item> keys;
  if (!count || !partition) return keys;
  for (std::size_t number = 0; number < static_cast<std::size_t>(*count); ++number)
    keys.push_back(part_key(table, *partition, number));
  return keys;
}

}  // namespace skymarshal::dynamodb
