#include "net/resolved_names.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>

namespace skymarshal::net {
namespace {

class NamesService final : public boost::asio::execution_context::service {
 public:
  using key_type = NamesService;
  static inline boost::asio::execution_context::id id;

  explicit NamesService(boost::asio::execution_context& context)
      : service(context), names(ResolvedNames::Limits()) {}

  ResolvedNames names;

 private:
  void shutdown() override { names.clear(); }
};

}  // namespace

ResolvedNames::Addresses ResolvedNames::find(const std::string& name, SteadyTime now) const {
  const auto at = known_.find(name);
  if (at == known_.end() || now - at->second.since >= limits_.time_max) return {};
  return at->second.addresses;
}

void ResolvedNames::keep(const std::string& name, Addresses addresses, SteadyTime now) {
  known_[name] = {std::move(addresses), now};
  if (known_.size() <= limits_.names_max) return;
  known_.erase(std::ranges::min_element(known_, {}, [](const auto& entry) { return entry.second.since; }));
}

ResolvedNames& resolved_names(const boost::asio::any_io_executor& executor) {
  namespace asio = boost::asio;
  return asio::use_service<NamesService>(asio::query(executor, asio::execution::context)).names;
}

}  // namespace skymarshal::net
