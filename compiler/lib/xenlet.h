/*
 * What the C that the compiler prints stands on: names for the machine types, the checks, and the accesses that C has
 * no operator for. It is the only C written by hand.
 */
#ifndef XENLET_H
#define XENLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t i8;
typedef int16_t i16;
typedef int32_t i32;
typedef int64_t i64;

/* How the program was compiled, for whoever reports it. */
#ifdef XL_UNCHECKED
#define XL_ARITHMETIC "signed overflow wraps"
#else
#define XL_ARITHMETIC "signed overflow stops"
#endif
#ifdef __clang__
#define XL_BUILD_INFO __VERSION__ ", " XL_ARITHMETIC
#else
#define XL_BUILD_INFO "GCC " __VERSION__ ", " XL_ARITHMETIC
#endif

/* UTF-8 text that is never freed. */
typedef struct xl_string {
  const u8 *ptr;
  u64 len;
} xl_string;

#define XL_TEXT(text) { (const u8 *)(text), sizeof(text) - 1 }
#define XL_SLICE(type, pointer, length) ((type){ (pointer), (length) })
#define XL_EXPORT __attribute__((visibility("default"), used))
#define XL_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
/* Through a register, so that C knows no object behind the address and assumes nothing about it. */
#define XL_SYMBOL_ADDRESS(symbol)                                                                           \
  ({                                                                                                        \
    extern char symbol[];                                                                                   \
    u64 xl_address = (u64)symbol;                                                                           \
    __asm__("" : "+r"(xl_address));                                                                         \
    xl_address;                                                                                             \
  })

/*
 * In a guest, where a fault on the stack's guard page cannot be reported: Xen pushes the trap's frame on the same stack.
 * So a function that can recurse faults while there is room left for that frame, the report's frames, and one callee.
 */
#define XL_STACK_RESERVE 2048
#define XL_PROBE_STACK __asm__ volatile("testb $0, -%c0(%%rsp)" : : "i"(XL_STACK_RESERVE) : "cc", "memory")

/* Not worth a frame of its own in a backtrace: what is seen is the TypeScript function that calls it. */
#ifdef __clang__
#define XL_QUIET __attribute__((nodebug))
#define XL_INLINE static inline XL_QUIET
#else
#define XL_QUIET
#define XL_INLINE static inline __attribute__((artificial, always_inline))
#endif

/* Memory orders by their names in the language; a failed compare-exchange only loads. */
#define XL_RELAXED __ATOMIC_RELAXED
#define XL_ACQUIRE __ATOMIC_ACQUIRE
#define XL_RELEASE __ATOMIC_RELEASE
#define XL_ACQREL __ATOMIC_ACQ_REL
#define XL_SEQCST __ATOMIC_SEQ_CST
#define XL_FAILURE_RELAXED __ATOMIC_RELAXED
#define XL_FAILURE_ACQUIRE __ATOMIC_ACQUIRE
#define XL_FAILURE_RELEASE __ATOMIC_RELAXED
#define XL_FAILURE_ACQREL __ATOMIC_ACQUIRE
#define XL_FAILURE_SEQCST __ATOMIC_SEQ_CST

/* The compiler may call these for copies and comparisons, wherever the program runs. */
void *memcpy(void *restrict, const void *restrict, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
int memcmp(const void *, const void *, size_t);

/* ── Checks ───────────────────────────────────────────────────────────────────────────────────────────────────────
 * `at` is "file:line". Each failure is a cold function of its own, so that a check costs a compare, a branch and three
 * instructions out of the way.
 */
static XL_QUIET _Noreturn void xl_check_failed(const char *what, const char *at, u64 got, u64 limit);

#define XL_COLD static __attribute__((cold, noinline)) XL_QUIET _Noreturn void

XL_COLD xl_fail_index(const char *at, u64 got, u64 limit) { xl_check_failed("index out of bounds", at, got, limit); }
XL_COLD xl_fail_range(const char *at, u64 got, u64 limit) { xl_check_failed("range out of bounds", at, got, limit); }
XL_COLD xl_fail_copy(const char *at, u64 got, u64 limit) { xl_check_failed("copy longer than its target", at, got, limit); }
XL_COLD xl_fail_null(const char *at) { xl_check_failed("null reference", at, 0, 0); }
XL_COLD xl_fail_vacant(const char *at) { xl_check_failed("there is no owned value to take", at, 0, 0); }
XL_COLD xl_fail_held(const char *at, u64 old) { xl_check_failed("an owned value would be lost", at, old, 0); }
XL_COLD xl_fail_variant(const char *at) { xl_check_failed("the value has become another variant", at, 0, 0); }
XL_COLD xl_fail_fits(const char *at, u64 got) { xl_check_failed("value does not fit", at, got, 0); }
XL_COLD xl_fail_bits(const char *at) { xl_check_failed("no bit is set", at, 0, 0); }
XL_COLD xl_fail_overflow(const char *at, u64 a, u64 b) { xl_check_failed("signed overflow", at, a, b); }
XL_COLD xl_fail_division(const char *at, u64 a, u64 b) {
  xl_check_failed(b == 0 ? "division by zero" : "quotient does not fit", at, a, b);
}
XL_COLD xl_fail_unreachable(const char *at) { xl_check_failed("unreachable code was reached", at, 0, 0); }
XL_COLD xl_fail_assert(xl_string what, const char *at);

XL_INLINE u64 xl_index(u64 index, u64 length, const char *at) {
  if (XL_UNLIKELY(index >= length)) xl_fail_index(at, index, length);
  return index;
}
XL_INLINE void xl_check_held(u64 value, const char *at) {
  if (XL_UNLIKELY(value == 0)) xl_fail_vacant(at);
}
XL_INLINE void xl_check_vacant(u64 value, const char *at) {
  if (XL_UNLIKELY(value != 0)) xl_fail_held(at, value);
}
XL_INLINE void xl_check_range(u64 start, u64 end, u64 length, const char *at) {
  if (XL_UNLIKELY(end > length)) xl_fail_range(at, end, length);
  if (XL_UNLIKELY(start > end)) xl_fail_range(at, start, end);
}
XL_INLINE void xl_check_bytes(u64 from, u64 count, u64 length, const char *at) {
  if (XL_UNLIKELY(length < count || from > length - count)) xl_fail_range(at, from, length);
}
XL_INLINE void xl_check_copy(u64 source, u64 target, const char *at) {
  if (XL_UNLIKELY(source > target)) xl_fail_copy(at, source, target);
}
XL_INLINE void xl_check_variant(bool holds, const char *at) {
  if (XL_UNLIKELY(!holds)) xl_fail_variant(at);
}
#define xl_check_null(value, at) ((value) == 0 ? xl_fail_null(at) : (void)0)
XL_INLINE void xl_check_fits(bool fits, u64 value, const char *at) {
  if (XL_UNLIKELY(!fits)) xl_fail_fits(at, value);
}
XL_INLINE void xl_check_bits(bool any, const char *at) {
  if (XL_UNLIKELY(!any)) xl_fail_bits(at);
}
XL_INLINE void xl_check_assert(bool condition, xl_string what, const char *at) {
  if (XL_UNLIKELY(!condition)) xl_fail_assert(what, at);
}

/* Whether converting there and back, and the sign, keep the value. */
#define XL_FITS_SAME_SIGN(type, value) ((__typeof__(value))(type)(value) == (value))
#define XL_FITS(type, value) (XL_FITS_SAME_SIGN(type, value) && ((type)(value) < 1) == ((value) < 1))

/* The compilers' own would be a call into a library where the CPU is not known to count, and a guest has none. */
XL_INLINE u64 xl_pop_count64(u64 bits) {
  u64 sums = bits - ((bits >> 1) & 0x5555555555555555);
  sums = (sums & 0x3333333333333333) + ((sums >> 2) & 0x3333333333333333);
  sums = (sums + (sums >> 4)) & 0x0f0f0f0f0f0f0f0f;
  return (sums * 0x0101010101010101) >> 56;
}
XL_INLINE u64 xl_pop_count32(u32 bits) { return xl_pop_count64(bits); }

/* ── Checked arithmetic ─────────────────────────────────────────────────────────────────────────────────────────── */

#define XL_SIGNED(type, unsigned_type)                                                                      \
  XL_INLINE type xl_add_##type(type a, type b, const char *at) {                                        \
    type r;                                                                                                 \
    if (XL_UNLIKELY(__builtin_add_overflow(a, b, &r))) xl_fail_overflow(at, (u64)a, (u64)b);                \
    return r;                                                                                               \
  }                                                                                                         \
  XL_INLINE type xl_subtract_##type(type a, type b, const char *at) {                                   \
    type r;                                                                                                 \
    if (XL_UNLIKELY(__builtin_sub_overflow(a, b, &r))) xl_fail_overflow(at, (u64)a, (u64)b);                \
    return r;                                                                                               \
  }                                                                                                         \
  XL_INLINE type xl_multiply_##type(type a, type b, const char *at) {                                   \
    type r;                                                                                                 \
    if (XL_UNLIKELY(__builtin_mul_overflow(a, b, &r))) xl_fail_overflow(at, (u64)a, (u64)b);                \
    return r;                                                                                               \
  }                                                                                                         \
  XL_INLINE type xl_divide_##type(type a, type b, const char *at) {                                     \
    if (XL_UNLIKELY(b == 0 || (b == -1 && a < 0 && (type)(0 - (unsigned_type)a) == a))) {                   \
      xl_fail_division(at, (u64)a, (u64)b);                                                                 \
    }                                                                                                       \
    return (type)(a / b);                                                                                   \
  }                                                                                                         \
  XL_INLINE type xl_remainder_##type(type a, type b, const char *at) {                                  \
    if (XL_UNLIKELY(b == 0)) xl_fail_division(at, (u64)a, (u64)b);                                          \
    return b == -1 ? 0 : (type)(a % b);                                                                     \
  }
#define XL_UNSIGNED(type)                                                                                   \
  XL_INLINE type xl_divide_##type(type a, type b, const char *at) {                                     \
    if (XL_UNLIKELY(b == 0)) xl_fail_division(at, a, b);                                                    \
    return (type)(a / b);                                                                                   \
  }                                                                                                         \
  XL_INLINE type xl_remainder_##type(type a, type b, const char *at) {                                  \
    if (XL_UNLIKELY(b == 0)) xl_fail_division(at, a, b);                                                    \
    return (type)(a % b);                                                                                   \
  }
XL_SIGNED(i8, u8)
XL_SIGNED(i16, u16)
XL_SIGNED(i32, u32)
XL_SIGNED(i64, u64)
XL_UNSIGNED(u8)
XL_UNSIGNED(u16)
XL_UNSIGNED(u32)
XL_UNSIGNED(u64)

/* ── Memory ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

#define XL_BYTES(type, swap)                                                                                \
  XL_INLINE type xl_load_##type##le(const u8 *p) {                                                      \
    type value;                                                                                             \
    __builtin_memcpy(&value, p, sizeof value);                                                              \
    return value;                                                                                           \
  }                                                                                                         \
  XL_INLINE type xl_load_##type##be(const u8 *p) { return swap(xl_load_##type##le(p)); }                \
  XL_INLINE void xl_store_##type##le(u8 *p, type value) { __builtin_memcpy(p, &value, sizeof value); }  \
  XL_INLINE void xl_store_##type##be(u8 *p, type value) { xl_store_##type##le(p, swap(value)); }
XL_BYTES(u16, __builtin_bswap16)
XL_BYTES(u32, __builtin_bswap32)
XL_BYTES(u64, __builtin_bswap64)

XL_INLINE bool xl_string_equal(xl_string a, xl_string b) {
  return a.len == b.len && __builtin_memcmp(a.ptr, b.ptr, a.len) == 0;
}

/* The barriers keep the copy one copy: nothing of it is read again later, or earlier. */
XL_INLINE void xl_copy_shared(void *target, const void *source, u64 size) {
  __asm__ volatile("" ::: "memory");
  __builtin_memcpy(target, source, size);
  __asm__ volatile("" ::: "memory");
}
/* The same for one struct that is written, whose fields a compiler can then have kept in registers. */
#define XL_WRITE_SHARED(type, target, source)                                                               \
  ({                                                                                                        \
    type *target_ = (target);                                                                               \
    const type *source_ = (source);                                                                         \
    __asm__ volatile("" ::: "memory");                                                                      \
    *target_ = *source_;                                                                                    \
    __asm__ volatile("" ::: "memory");                                                                      \
  })

XL_INLINE u64 xl_read_timestamp_counter(void) {
  u32 low, high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
  return (u64)high << 32 | low;
}

/* ── Where a failed check ends ──────────────────────────────────────────────────────────────────────────────────── */

XL_INLINE u64 xl_length(const char *text) {
  u64 n = 0;
  while (text[n] != 0) n++;
  return n;
}

/* `handler` is the program's own: (what, at, got, limit) => never. */
#define XL_DEFINE_CHECK_HANDLER(handler)                                                                    \
  static XL_QUIET _Noreturn void xl_check_failed(const char *what, const char *at, u64 got, u64 limit) {             \
    handler((xl_string){ (const u8 *)what, xl_length(what) }, (xl_string){ (const u8 *)at, xl_length(at) }, \
            got, limit);                                                                                    \
  }                                                                                                         \
  XL_COLD xl_fail_assert(xl_string what, const char *at) {                                                  \
    handler(what, (xl_string){ (const u8 *)at, xl_length(at) }, 0, 0);                                      \
  }
#define XL_DEFINE_TRAPPING_CHECK_HANDLER                                                                    \
  static XL_QUIET _Noreturn void xl_check_failed(const char *what, const char *at, u64 got, u64 limit) {             \
    (void)what, (void)at, (void)got, (void)limit;                                                           \
    __builtin_trap();                                                                                       \
  }                                                                                                         \
  XL_COLD xl_fail_assert(xl_string what, const char *at) {                                                  \
    (void)what, (void)at;                                                                                   \
    __builtin_trap();                                                                                       \
  }

/* ── The target `host` ──────────────────────────────────────────────────────────────────────────────────────────── */

#if __STDC_HOSTED__
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* A failed check ends the process with this status, after a line on standard error. */
#define XL_CHECK_STATUS 70
#define XL_DEFINE_HOST_CHECK_HANDLER                                                                        \
  static XL_QUIET _Noreturn void xl_check_failed(const char *what, const char *at, u64 got, u64 limit) {             \
    fflush(stdout);                                                                                         \
    fprintf(stderr, "%s: %s (got %" PRIu64 ", limit %" PRIu64 ")\n", at, what, got, limit);                 \
    exit(XL_CHECK_STATUS);                                                                                  \
  }                                                                                                         \
  XL_COLD xl_fail_assert(xl_string what, const char *at) {                                                  \
    fflush(stdout);                                                                                         \
    fprintf(stderr, "%s: assertion failed: %.*s\n", at, (int)what.len, (const char *)what.ptr);             \
    exit(XL_CHECK_STATUS);                                                                                  \
  }

/* The tags are those of `Piece` in the prelude, in its order. */
#define XL_DEFINE_PRINT(piece_type, template_type)                                                          \
  static __attribute__((unused)) void xl_write(template_type line) {                                        \
    for (u64 i = 0; i < line.len; i++) {                                                                    \
      const piece_type *p = &line.ptr[i];                                                                   \
      switch (p->tag) {                                                                                     \
        case 0: fwrite(p->as_text.text.ptr, 1, p->as_text.text.len, stdout); break;                         \
        case 1: fwrite(p->as_bytes.bytes.ptr, 1, p->as_bytes.bytes.len, stdout); break;                     \
        case 2: printf("%" PRIu64, p->as_unsigned.value); break;                                            \
        case 3: printf("%" PRId64, p->as_signed.value); break;                                              \
        case 4: printf("%0*" PRIx64, (int)p->as_hex.digits, p->as_hex.value); break;                        \
        case 5: fputs(p->as_boolean.value ? "true" : "false", stdout); break;                               \
        case 6: xl_write(p->as_template.template); break;                                                   \
      }                                                                                                     \
    }                                                                                                       \
  }                                                                                                         \
  static __attribute__((unused)) void xl_print(template_type line) {                                        \
    xl_write(line);                                                                                         \
    putchar('\n');                                                                                          \
  }
#else

/* ── Freestanding: what the C compiler itself may call ──────────────────────────────────────────────────────────── */

__attribute__((used)) void *memcpy(void *restrict target, const void *restrict source, size_t size) {
  void *d = target;
  size_t words = size / 8, rest = size % 8;
  __asm__ volatile("rep movsq" : "+D"(d), "+S"(source), "+c"(words)::"memory");
  __asm__ volatile("rep movsb" : "+D"(d), "+S"(source), "+c"(rest)::"memory");
  return target;
}
__attribute__((used)) void *memmove(void *target, const void *source, size_t size) {
  if ((u64)target - (u64)source >= size) return memcpy(target, source, size);
  u8 *d = target;
  const u8 *s = source;
  while (size-- > 0) {
    d[size] = s[size];
    __asm__ volatile("" ::: "memory"); /* or the loop would be turned into a call of itself */
  }
  return target;
}
__attribute__((used)) void *memset(void *target, int byte, size_t size) {
  void *d = target;
  size_t words = size / 8, rest = size % 8;
  u64 pattern = (u8)byte * 0x0101010101010101ull;
  __asm__ volatile("rep stosq" : "+D"(d), "+c"(words) : "a"(pattern) : "memory");
  __asm__ volatile("rep stosb" : "+D"(d), "+c"(rest) : "a"(pattern) : "memory");
  return target;
}
__attribute__((used)) int memcmp(const void *a, const void *b, size_t size) {
  const u8 *p = a, *q = b;
  for (size_t i = 0; i < size; i++) {
    if (p[i] != q[i]) return p[i] < q[i] ? -1 : 1;
    __asm__ volatile("" ::: "memory");
  }
  return 0;
}
#endif

#endif
