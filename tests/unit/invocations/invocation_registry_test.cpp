// The invocations that are alive, by name.
#include "invocations/invocation_registry.hpp"

#include "support/gateway_rig.hpp"

#include <gtest/gtest.h>

namespace skymarshal::invocations::invocation_registry_test {

using test::FakeRuntime;
using test::GatewayRig;

TEST(InvocationRegistry, EndsAllOfThemForOneReason) {
  GatewayRig rig;
  rig.runtime.play = [](const RuntimeRequest&) {
    return FakeRuntime::Play{{}, FakeRuntime::Play::End::hang};
  };
  std::vector<std::shared_ptr<GatewayRig::Call>> calls;
  for (int i = 0; i < 40; ++i) calls.push_back(rig.begin(test::invoke_request()));
  rig.settle();
  EXPECT_EQ(rig.runtime.open, 40);
  rig.gateway.stop_invocations(make_error(Errc::shutting_down, "closing"));
  for (const auto& call : calls) {
    rig.finish(call);
    EXPECT_EQ(call->writer.status, 503u);
  }
  EXPECT_TRUE(rig.gateway.idle());
}

TEST(InvocationRegistry, HasNothingToEndWhenAllAreGone) {
  GatewayRig rig;
  rig.ask(test::invoke_request());
  rig.gateway.stop_invocations(make_error(Errc::shutting_down, "closing"));
  EXPECT_EQ(rig.ask(test::invoke_request())->writer.status, 200u) << "the next one is not stopped";
}

TEST(InvocationRegistry, PassesOverWhatIsGone) {
  InvocationRegistry registry;
  SystemRandom random;
  const RequestId id = RequestId::generate(random);
  registry.add(id, {});
  registry.stop_all(make_error(Errc::shutting_down, "closing"));
  registry.remove(id);
  registry.remove(id);
}

}  // namespace skymarshal::invocations::invocation_registry_test
