/*
 * mem.h - memory
 *
 * Small allocations cannot fail: these functions end the program with a
 * message instead.  Large ones can: mem_try() returns NULL and its caller
 * reports ERR_NOMEM, so that the session lives on.
 */
#ifndef GEMBA_MEM_H
#define GEMBA_MEM_H

#include <stddef.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

void *mem_new(size_t size);			/* zeroed */
void *mem_array(size_t n, size_t size);		/* zeroed */
char *mem_strdup(const char *s);		/* NULL gives NULL */
char *mem_strndup(const char *s, size_t n);
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Room for one more: the array p has n elements of the given size; returns it
 * grown (by doubling, at powers of two) when it is full.
 */
void *mem_grow(void *p, size_t n, size_t size);

/* Zeroed room for n things of the given size that may be large, or NULL. */
void *mem_try(size_t n, size_t size);

/* Room that is written to at once, all of it, not zeroed: in pages as large as
 * the machine has, when it is large.  NULL without memory; free() frees it. */
void *mem_large(size_t size);

/*
 * Text that is freed all at once: thousands of cells, one free.  What an
 * arena returns stays where it is until arena_free().
 */
struct arena;

struct arena *arena_new(void);
char *arena_strndup(struct arena *arena, const char *s, size_t n);
void arena_free(struct arena *arena);

/* What main() wants done before a message is printed; see ui/terminal.h. */
extern void (*mem_before_death)(void);

#endif
