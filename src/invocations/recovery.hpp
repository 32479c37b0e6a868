// What a gateway that died left running: nobody runs it any more, so it is ended.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "invocations/invocation_store.hpp"

#include <cstddef>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::invocations {

/// Ends all that `runner` began and did not end, with Errc::interrupted and what had been kept of each;
/// returns of how many. To be called before anything is begun. Their claims stay: whether their runtime had
/// begun cannot be known any more, so nothing runs again under the same key.
boost::asio::awaitable<Result<std::size_t>> end_interrupted(InvocationStore& store, std::string runner,
                                                            const Clock& clock);

}  // namespace skymarshal::invocations
