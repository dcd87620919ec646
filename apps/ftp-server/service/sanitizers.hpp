// Whether this is a build for finding faults, whose sanitizers look at all threads from outside when a program ends.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LIBFTP_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LIBFTP_SANITIZED 1
#endif
#endif
