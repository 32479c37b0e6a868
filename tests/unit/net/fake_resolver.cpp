#include "unit/net/fake_resolver.hpp"

#include <arpa/inet.h>
#include <atomic>
#include <cstdlib>
#include <dlfcn.h>
#include <netdb.h>
#include <string_view>

namespace {

std::atomic<bool>& released() {
  static std::atomic<bool> flag = false;
  return flag;
}

std::atomic<int>& lookup_count() {
  static std::atomic<int> count = 0;
  return count;
}

using Lookup = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

Lookup system_lookup() { return reinterpret_cast<Lookup>(::dlsym(RTLD_NEXT, "getaddrinfo")); }

int look_up_address(const char* address, const char* service, const addrinfo* hints, addrinfo** found) {
  addrinfo numeric = hints == nullptr ? addrinfo{} : *hints;
  numeric.ai_flags |= AI_NUMERICHOST;
  return system_lookup()(address, service, &numeric, found);
}

}  // namespace

namespace skymarshal::test {

void release_hanging_lookups() {
  released() = true;
  released().notify_all();
}

int lookups() { return lookup_count(); }

}  // namespace skymarshal::test

/// Stands before the C library's own.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** found) {
  namespace test = skymarshal::test;
  ++lookup_count();
  const std::string_view name = node == nullptr ? "" : node;
  if (name == test::good_name) return look_up_address("127.0.0.1", service, hints, found);
  if (name == test::unknown_name) return EAI_NONAME;
  if (name == test::hanging_name) {
    released().wait(false);
    return EAI_AGAIN;
  }
  if (name == test::second_name) {
    const int failure = look_up_address("127.0.0.2", service, hints, found);
    return failure != 0 ? failure : look_up_address("127.0.0.1", service, hints, &(*found)->ai_next);
  }
  return system_lookup()(node, service, hints, found);
}
