// Sessions and interactions for tests of stores, and how to tell two of them apart.
#pragma once

#include "base/id.hpp"
#include "invocations/session_store.hpp"
#include "support/run_awaitable.hpp"

#include <string>
#include <tuple>
#include <utility>

namespace skymarshal::test {

template <typename IdType>
IdType fresh_id() {
  SystemRandom random;
  return IdType::generate(random);
}

/// One that no other test has.
inline Principal fresh_principal(const std::string& name = "user") {
  return {name + '-' + fresh_id<RequestId>().str()};
}

inline invocations::Interaction sample_interaction(const SessionId& session, const Principal& principal,
                                                   WallTime at) {
  invocations::Interaction interaction;
  interaction.session_id = session;
  interaction.request_id = fresh_id<RequestId>();
  interaction.principal = principal;
  interaction.timestamp = at;
  interaction.prompt = "EY283 is 3 hours late";
  interaction.response = share_text(R"({"status":"success"})");
  interaction.execution_time_ms = 12;
  return interaction;
}

inline auto fields_of(const invocations::Interaction& i) {
  return std::tie(i.session_id, i.request_id, i.principal, i.timestamp, i.prompt, *i.response, i.status,
                  i.execution_time_ms, i.error_message);
}

inline bool same(const invocations::Interaction& a, const invocations::Interaction& b) {
  return fields_of(a) == fields_of(b);
}

/// Runs one call of a store to its end on this thread. All on one io_context, as it must outlive the store.
template <typename T>
Result<T> ask(boost::asio::awaitable<Result<T>> call) {
  static thread_local boost::asio::io_context io;
  return run_awaitable(io, std::move(call));
}

}  // namespace skymarshal::test
