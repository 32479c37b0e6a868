#include "dynamodb/tables.hpp"

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace skymarshal::dynamodb {
namespace {

namespace asio = boost::asio;

/// A table is made in some seconds; some with indexes take a minute.
constexpr std::chrono::seconds creation_time_max{180};
constexpr std::chrono::milliseconds creation_look_interval{100};

void write_key_schema(JsonWriter& json, const KeyPart& partition, const KeyPart& sort) {
  json.key("KeySchema").begin_array();
  json.begin_object().member("AttributeName", partition.name).member("KeyType", "HASH").end_object();
  json.begin_object().member("AttributeName", sort.name).member("KeyType", "RANGE").end_object();
  json.end_array();
}

void write_index(JsonWriter& json, const IndexDefinition& index) {
  json.begin_object().member("IndexName", index.name);
  write_key_schema(json, index.partition, index.sort);
  json.key("Projection").begin_object();
  if (index.projected.empty()) {
    json.member("ProjectionType", "KEYS_ONLY");
  } else {
    json.member("ProjectionType", "INCLUDE").key("NonKeyAttributes").begin_array();
    for (const std::string_view name : index.projected) json.string(name);
    json.end_array();
  }
  json.end_object().end_object();
}

std::map<std::string_view, std::string_view> key_attributes(const TableDefinition& table) {
  std::map<std::string_view, std::string_view> types;
  types.emplace(table.partition.name, table.partition.type);
  types.emplace(table.sort.name, table.sort.type);
  for (const IndexDefinition& index : table.indexes) {
    types.emplace(index.partition.name, index.partition.type);
    types.emplace(index.sort.name, index.sort.type);
  }
  return types;
}

std::string name_of(std::string_view element, std::string_view member) {
  return json_object(element).text(member);
}

/// "session_id and timestamp", as described.
std::string described_keys(const JsonObject& described) {
  std::string partition = "nothing";
  std::string sort = "nothing";
  for (const std::string_view part : json_elements(described.find("KeySchema").value_or("[]"))) {
    std::string& place = name_of(part, "KeyType") == "HASH" ? partition : sort;
    place = name_of(part, "AttributeName");
  }
  return partition + " and " + sort;
}

std::string keys_of(const KeyPart& partition, const KeyPart& sort) {
  return fmt::format("{} and {}", partition.name, sort.name);
}

void compare_index(const IndexDefinition& index, const JsonObject& table, std::vector<std::string>& found) {
  for (const std::string_view element :
       json_elements(table.find("GlobalSecondaryIndexes", JsonKind::array).value_or("[]"))) {
    const JsonObject described = json_object(element);
    if (described.text("IndexName") != index.name) continue;
    const std::string keys = described_keys(described);
    if (keys != keys_of(index.partition, index.sort)) {
      found.push_back(fmt::format("index {} has the keys {} instead of {}", index.name, keys,
                                  keys_of(index.partition, index.sort)));
    }
    const JsonObject projection = json_object(described.find("Projection").value_or("{}"));
    if (projection.text("ProjectionType") == "ALL") return;
    std::vector<std::string> projected;
    for (const std::string_view name : json_elements(projection.find("NonKeyAttributes").value_or("[]")))
      projected.push_back(json_string(name).value_or(std::string()));
    for (const std::string_view name : index.projected) {
      if (std::ranges::find(projected, name) == projected.end())
        found.push_back(fmt::format("index {} lacks the attribute {}", index.name, name));
    }
    return;
  }
  found.push_back(fmt::format("there is no index {}", index.name));
}

asio::awaitable<void> wait_a_little() {
  asio::steady_timer timer(co_await asio::this_coro::executor, creation_look_interval);
  (void)co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

std::string naming(const TableDefinition& table) {
  std::string body;
  JsonWriter(body).begin_object().member("TableName", std::string_view(table.name)).end_object();
  return body;
}

bool is_active(std::string_view answer) {
  return json_object(json_object(answer).find("Table").value_or("{}")).text("TableStatus") == "ACTIVE";
}

/// Not all that speaks DynamoDB's protocol has TTL.
bool knows_no_such_operation(const Error& error) {
  return error.kind == ErrorKind::refused && error.message.find("UnknownOperation") != std::string::npos;
}

/// What a request is told whose first answer was lost on its way.
bool is_on_already(const Error& error) {
  return error.kind == ErrorKind::invalid && error.message.find("already enabled") != std::string::npos;
}

/// What is wrong with how its items go; nothing where the endpoint does not tell.
asio::awaitable<Result<std::vector<std::string>>> check_ttl(Client& client, const TableDefinition& table) {
  const auto answer = co_await client.send("DescribeTimeToLive", naming(table));
  if (!answer && knows_no_such_operation(answer.error())) co_return std::vector<std::string>();
  if (!answer) co_return answer.error();
  const JsonObject ttl = json_object(json_object(*answer).find("TimeToLiveDescription").value_or("{}"));
  std::vector<std::string> problems;
  if (!ttl.text("TimeToLiveStatus").starts_with("ENABL") || ttl.text("AttributeName") != ttl_attribute) {
    problems.push_back(
        fmt::format("items do not go by themselves: switch TTL on for the attribute {}", ttl_attribute));
  }
  co_return problems;
}

asio::awaitable<Result<TableReport>> check_one(Client& client, const TableDefinition& table) {
  TableReport report{table.name, false, {}};
  const auto described = co_await client.send("DescribeTable", naming(table));
  if (!described && described.error().kind == ErrorKind::not_found) {
    report.problems.emplace_back("there is no such table: `skymarshal store init` makes it");
    co_return report;
  }
  if (!described) co_return described.error();
  report.problems = differences(table, *described);
  auto of_ttl = co_await check_ttl(client, table);
  if (!of_ttl) co_return of_ttl.error();
  std::ranges::move(*of_ttl, std::back_inserter(report.problems));
  co_return report;
}

asio::awaitable<Result<void>> wait_until_active(Client& client, const TableDefinition& table) {
  const auto give_up = std::chrono::steady_clock::now() + creation_time_max;
  for (;;) {
    const auto described = co_await client.send("DescribeTable", naming(table));
    const bool is_missing = !described && described.error().kind == ErrorKind::not_found;
    if (!described && !is_missing) co_return described.error();
    if (described && is_active(*described)) co_return Result<void>();
    if (std::chrono::steady_clock::now() >= give_up) {
      co_return Error{ErrorKind::unavailable, fmt::format("the table {} was not made within {} s", table.name,
                                                          creation_time_max.count())};
    }
    co_await wait_a_little();
  }
}

/// An endpoint without such a thing is none of AWS's: the report of check_one() says what it says.
asio::awaitable<Result<void>> switch_ttl_on(Client& client, const TableDefinition& table) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("TableName", std::string_view(table.name));
  json.key("TimeToLiveSpecification").begin_object();
  json.member("AttributeName", ttl_attribute).member("Enabled", true).end_object().end_object();
  const auto done = co_await client.send("UpdateTimeToLive", std::move(body));
  if (!done && !knows_no_such_operation(done.error()) && !is_on_already(done.error())) co_return done.error();
  co_return Result<void>();
}

asio::awaitable<Result<TableReport>> create_one(Client& client, const TableDefinition& table) {
  const auto described = co_await client.send("DescribeTable", naming(table));
  if (described) co_return co_await check_one(client, table);
  if (described.error().kind != ErrorKind::not_found) co_return described.error();
  // It may come again after an answer that was lost.
  const auto created = co_await client.send("CreateTable", create_table_body(table));
  if (!created && created.error().message.find("ResourceInUse") == std::string::npos)
    co_return created.error();
  const auto active = co_await wait_until_active(client, table);
  if (!active) co_return active.error();
  const auto switched = co_await switch_ttl_on(client, table);
  if (!switched) co_return switched.error();
  auto report = co_await check_one(client, table);
  if (report) report->was_created = true;
  co_return report;
}

}  // namespace

std::array<TableDefinition, 3> table_definitions(const TableNames& names) {
  return {TableDefinition{names.sessions,
                          {"session_id", "S"},
                          {"timestamp", "N"},
                          {{sessions_index, {"user_id", "S"}, {"timestamp", "N"}, {}}}},
          TableDefinition{names.invocations,
                          {"request_id", "S"},
                          {"seq", "N"},
                          {{owners_index,
                            {"user_id", "S"},
                            {"listed_at", "N"},
                            {"session_id", "state", "accepted_at", "ended_at"}},
                           {open_index, {"runner", "S"}, {"listed_at", "N"}, {"stop_asked"}}}},
          TableDefinition{names.limits, {"client_id", "S"}, {"window", "N"}, {}}};
}

std::string create_table_body(const TableDefinition& table) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("TableName", std::string_view(table.name));
  json.member("BillingMode", "PAY_PER_REQUEST");
  json.key("AttributeDefinitions").begin_array();
  for (const auto& [name, type] : key_attributes(table)) {
    json.begin_object().member("AttributeName", name).member("AttributeType", type).end_object();
  }
  json.end_array();
  write_key_schema(json, table.partition, table.sort);
  if (!table.indexes.empty()) {
    json.key("GlobalSecondaryIndexes").begin_array();
    for (const IndexDefinition& index : table.indexes) write_index(json, index);
    json.end_array();
  }
  json.end_object();
  return body;
}

std::vector<std::string> differences(const TableDefinition& table, std::string_view described) {
  const JsonObject as_it_is = json_object(json_object(described).find("Table").value_or("{}"));
  std::vector<std::string> found;
  if (const std::string status = as_it_is.text("TableStatus"); status != "ACTIVE" && status != "UPDATING")
    found.push_back(fmt::format("it is {} and takes nothing", status.empty() ? "in no state" : status));
  if (const std::string keys = described_keys(as_it_is); keys != keys_of(table.partition, table.sort)) {
    found.push_back(
        fmt::format("it has the keys {} instead of {}", keys, keys_of(table.partition, table.sort)));
  }
  for (const auto& [name, type] : key_attributes(table)) {
    for (const std::string_view element :
         json_elements(as_it_is.find("AttributeDefinitions").value_or("[]"))) {
      if (name_of(element, "AttributeName") == name && name_of(element, "AttributeType") != type) {
        found.push_back(fmt::format("the attribute {} is of type {} instead of {}", name,
                                    name_of(element, "AttributeType"), type));
      }
    }
  }
  for (const IndexDefinition& index : table.indexes) compare_index(index, as_it_is, found);
  return found;
}

asio::awaitable<Result<std::vector<TableReport>>> create_tables(Client& client, TableNames names) {
  std::vector<TableReport> reports;
  for (const TableDefinition& table : table_definitions(names)) {
    auto report = co_await create_one(client, table);
    if (!report) co_return report.error();
    reports.push_back(*std::move(report));
  }
  co_return reports;
}

asio::awaitable<Result<std::vector<TableReport>>> check_tables(Client& client, TableNames names) {
  std::vector<TableReport> reports;
  for (const TableDefinition& table : table_definitions(names)) {
    auto report = co_await check_one(client, table);
    if (!report) co_return report.error();
    reports.push_back(*std::move(report));
  }
  co_return reports;
}

}  // namespace skymarshal::dynamodb
