// The tables that sessions, invocations and shared counts stand in: what they are called, how they are made,
// and whether those that there are fit. Everything of them that the API has to be told is here.
// Attributes beyond keys are said where they are written: session_items, invocation_items, shared_windows.
#pragma once

#include "dynamodb/client.hpp"
#include "dynamodb/error.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::dynamodb {

struct TableNames {
  std::string sessions = "skymarshal-sessions";
  std::string invocations = "skymarshal-invocations";
  std::string limits = "skymarshal-limits";
};

/// Of the sessions, by their owner.
inline constexpr std::string_view sessions_index = "user-sessions-index";
/// Of the invocations, by their owner; and of those that have not ended, by who runs them.
inline constexpr std::string_view owners_index = "owner-invocations-index";
inline constexpr std::string_view open_index = "open-invocations-index";
/// Where DynamoDB finds the second after which an item may go; of all tables.
inline constexpr std::string_view ttl_attribute = "ttl";

/// An attribute of a key, and its type: "S" or "N".
struct KeyPart {
  std::string_view name;
  std::string_view type;
};

struct IndexDefinition {
  std::string_view name;
  KeyPart partition;
  KeyPart sort;
  /// Attributes beside the keys that the index has too.
  std::vector<std::string_view> projected;
};

struct TableDefinition {
  std::string name;
  KeyPart partition;
  KeyPart sort;
  std::vector<IndexDefinition> indexes;
};

std::array<TableDefinition, 3> table_definitions(const TableNames& names);

/// The body of CreateTable, paid by request.
std::string create_table_body(const TableDefinition& table);
/// What differs between a table as DescribeTable tells it (valid, padded JSON) and as it is to be, one
/// sentence a difference; none if it fits. More indexes and attributes are no difference.
std::vector<std::string> differences(const TableDefinition& table, std::string_view described);

struct TableReport {
  std::string table;
  bool was_created = false;
  /// What an operator has to look at; empty if all is well.
  std::vector<std::string> problems;
};

/// Makes the tables that are missing, waits until they can be used, and has items go by themselves when their
/// time has come. What is there already is left as it is, and reported as check_tables() does.
boost::asio::awaitable<Result<std::vector<TableReport>>> create_tables(Client& client, TableNames names);

/// Changes nothing. A table that is missing is a problem of its report.
boost::asio::awaitable<Result<std::vector<TableReport>>> check_tables(Client& client, TableNames names);

}  // namespace skymarshal::dynamodb
