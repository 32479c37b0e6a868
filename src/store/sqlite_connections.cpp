#include "store/sqlite_connections.hpp"

#include "store/sqlite_schema.hpp"

#include <algorithm>

namespace skymarshal::store {

Result<std::shared_ptr<SqliteConnections>> SqliteConnections::open(const Options& options) {
  SqliteDatabase::Options access;
  auto writer = SqliteDatabase::open(options.path, access);
  if (!writer) return writer.error();
  if (const auto prepared = prepare_schema(*writer); !prepared) return prepared.error();

  access.access = SqliteDatabase::Access::read_only;
  std::vector<SqliteDatabase> readers;
  for (std::size_t i = 0; i < std::max<std::size_t>(options.readers, 1); ++i) {
    auto reader = SqliteDatabase::open(options.path, access);
    if (!reader) return reader.error();
    readers.push_back(std::move(*reader));
  }
  return std::shared_ptr<SqliteConnections>(
      new SqliteConnections(options.queue_max, std::move(*writer), std::move(readers)));
}

SqliteConnections::SqliteConnections(std::size_t queue_max, SqliteDatabase writer,
                                     std::vector<SqliteDatabase> readers)
    : readers_(std::move(readers), queue_max), writer_(std::move(writer), queue_max) {}

}  // namespace skymarshal::store
