// A mutex that the compiler knows: clang's thread safety analysis checks that what is GUARDED_BY one is
// touched under it only (https://clang.llvm.org/docs/ThreadSafetyAnalysis.html). libstdc++'s own mutex
// carries no such annotations. Never hold one across a co_await: the coroutine may go on on another thread.
#pragma once

#include <mutex>

// The attributes have no other spelling than a macro's; other compilers see nothing.
#if defined(__clang__)
#define SKYMARSHAL_ANNOTATION(attribute) __attribute__((attribute))
#else
#define SKYMARSHAL_ANNOTATION(attribute)
#endif
/// Of a member: only to be touched while `mutex` is held.
#define GUARDED_BY(mutex) SKYMARSHAL_ANNOTATION(guarded_by(mutex))
/// Of a function: to be called while the mutexes are held, which it does not give back.
#define REQUIRES(...) SKYMARSHAL_ANNOTATION(requires_capability(__VA_ARGS__))
/// Of a function: not to be called while the mutexes are held, as it takes them itself.
#define EXCLUDES(...) SKYMARSHAL_ANNOTATION(locks_excluded(__VA_ARGS__))
/// Of a function whose locking the analysis cannot follow; say why beside it.
#define NO_THREAD_SAFETY_ANALYSIS SKYMARSHAL_ANNOTATION(no_thread_safety_analysis)

namespace skymarshal {

/// As std::mutex. std::condition_variable_any waits with it directly.
class SKYMARSHAL_ANNOTATION(capability("mutex")) Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() SKYMARSHAL_ANNOTATION(acquire_capability()) { native_.lock(); }
  void unlock() SKYMARSHAL_ANNOTATION(release_capability()) { native_.unlock(); }

 private:
  std::mutex native_;
};

/// Holds a mutex for as long as it lives.
class SKYMARSHAL_ANNOTATION(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) SKYMARSHAL_ANNOTATION(acquire_capability(mutex)) : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() SKYMARSHAL_ANNOTATION(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace skymarshal
