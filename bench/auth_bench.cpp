// What a signature costs: signing a request, and verifying one with its signing key known and not.
// Run by ./dev bench; one thread, nothing else of the gateway.
#include "aws/signing_key_cache.hpp"
#include "aws/sigv4_signer.hpp"
#include "aws/sigv4_verifier.hpp"

#include <string>
#include <variant>

#include <benchmark/benchmark.h>

namespace skymarshal::aws {
namespace {

const WallTime now = from_unix_ms(1'767'225'600'000);

Credentials credentials() {
  return {"AKIDEXAMPLE000000000", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), Secret()};
}

/// As a client of the gateway sends it: 1 KB of JSON, and the usual fields.
http::Request request_of_a_kilobyte() {
  return {"POST",
          "/api/v1/invoke",
          {{"Host", "gateway.example.com"},
           {"Content-Type", "application/json"},
           {"Accept", "application/json"},
           {"User-Agent", "skymarshal/1.0"},
           {"Content-Length", "1024"}},
          std::string(1'024, 'x')};
}

http::Request signed_request(std::size_t body_bytes = 1'024) {
  http::Request request = request_of_a_kilobyte();
  request.body.resize(body_bytes, 'x');
  if (!sign(request, credentials(), {"us-east-1", "execute-api", {}, true}, now)) std::abort();
  return request;
}

/// The whole of what a verifier does, but for finding the secret of the key.
void verify(benchmark::State& state, const http::Request& request, std::size_t scopes) {
  SigningKeyCache cache;
  const Credentials known = credentials();
  std::size_t round = 0;
  for (auto _ : state) {
    const auto read = read_claimed_signature(request, {}, now);
    const auto& claim = std::get<ClaimedSignature>(read);
    // Names that the cache does not know yet make it derive the key.
    const std::string name = scopes == 1 ? claim.access_key_id : std::to_string(round++);
    const Sha256 key = cache.find_or_derive(name, known.secret_access_key, claim.scope);
    if (!matches(claim, request, key)) state.SkipWithError("the signature was refused");
  }
}

void verify_with_warm_key(benchmark::State& state) { verify(state, signed_request(), 1); }
BENCHMARK(verify_with_warm_key)->Unit(benchmark::kMicrosecond);

void verify_with_cold_key(benchmark::State& state) { verify(state, signed_request(), 0); }
BENCHMARK(verify_with_cold_key)->Unit(benchmark::kMicrosecond);

void verify_presigned(benchmark::State& state) {
  http::Request request{
      "GET", "/api/v1/sessions?limit=5", {{"Host", "gateway.example.com"}, {"Accept", "*/*"}}, ""};
  if (!presign(request, credentials(), {"us-east-1"}, now, std::chrono::seconds(60))) std::abort();
  verify(state, request, 1);
}
BENCHMARK(verify_presigned)->Unit(benchmark::kMicrosecond);

/// The largest body that the gateway takes by default: all of it is digested.
void verify_a_megabyte(benchmark::State& state) { verify(state, signed_request(1'048'576), 1); }
BENCHMARK(verify_a_megabyte)->Unit(benchmark::kMicrosecond);

void sign_a_kilobyte(benchmark::State& state) {
  const Credentials known = credentials();
  for (auto _ : state) {
    http::Request request = request_of_a_kilobyte();
    if (!sign(request, known, {"us-east-1"}, now)) state.SkipWithError("the request was not signed");
    benchmark::DoNotOptimize(request);
  }
}
BENCHMARK(sign_a_kilobyte)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace skymarshal::aws

BENCHMARK_MAIN();
