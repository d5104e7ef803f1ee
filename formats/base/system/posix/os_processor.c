/* SPDX-License-Identifier: Apache-2.0 */
/* What this processor can do beyond what every one of its kind can. */
#if defined(__x86_64__) && defined(__has_include)
#if __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#define KNOWN_BY_LIBC
#endif
#endif
#if defined(__x86_64__) && !defined(KNOWN_BY_LIBC)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

#include "base/system/os.h"

#ifdef KNOWN_BY_LIBC
/* glibc asked when the program was loaded: CPUID itself makes a virtual machine stop each time. */
bool cret_os_has_sha256(void)
{
    return CPU_FEATURE_ACTIVE(SSSE3) && CPU_FEATURE_ACTIVE(SSE4_1) && CPU_FEATURE_ACTIVE(SHA);
}

/* Active: the system saves the mask registers and all of the 32 wide ones. */
bool cret_os_has_avx512(void)
{
    return CPU_FEATURE_ACTIVE(AVX512F) && CPU_FEATURE_ACTIVE(AVX512BW);
}
#elif defined(__x86_64__)
/* CPUID leaf 1: SSSE3, SSE4.1; leaf 7: SHA. All work on the registers that every x86-64 system
 * saves, so that nothing is asked of the kernel. */
bool cret_os_has_sha256(void)
{
    const unsigned ssse3 = 1u << 9, sse4_1 = 1u << 19, sha = 1u << 29;
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) != 1 || (c & ssse3) == 0 || (c & sse4_1) == 0) {
        return false;
    }
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) == 1 && (b & sha) != 0;
}

/* CPUID leaf 1: OSXSAVE; XCR0: the system saves the mask registers and all of the 32 wide ones;
 * leaf 7: AVX512F, AVX512BW. */
bool cret_os_has_avx512(void)
{
    const unsigned osxsave = 1u << 27, saved = 0xe6, foundation = 1u << 16, bytes = 1u << 30;
    unsigned a = 0, b = 0, c = 0, d = 0, low = 0, high = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) != 1 || (c & osxsave) == 0) {
        return false;
    }
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (low & saved) == saved && __get_cpuid_count(7, 0, &a, &b, &c, &d) == 1 &&
           (b & foundation) != 0 && (b & bytes) != 0;
}
#elif defined(__aarch64__)
bool cret_os_has_sha256(void)
{
    const unsigned long sha2 = 1ul << 6; /* HWCAP_SHA2 */
    return (getauxval(AT_HWCAP) & sha2) != 0;
}
#else
bool cret_os_has_sha256(void)
{
    return false;
}
#endif

#if !defined(__x86_64__)
bool cret_os_has_avx512(void)
{
    return false;
}
#endif
