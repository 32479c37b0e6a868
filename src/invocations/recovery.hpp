// What a gateway that died left running: nobody runs it any more, so it is ended.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "invocations/invocation_store.hpp"

#include <cstddef>
#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::invocations {

/// Ends what `runner` began and did not end, as far as `is_dead` says so, with Errc::interrupted and what had
/// been kept of each; returns of how many. The claims of those that waited are free again. All others stay:
/// whether their runtime had begun cannot be known any more, so nothing runs again under the same key.
boost::asio::awaitable<Result<std::size_t>> end_interrupted(
    InvocationStore& store, std::string runner, const Clock& clock,
    std::function<bool(const InvocationRecord&)> is_dead = [](const InvocationRecord&) { return true; });

}  // namespace skymarshal::invocations
