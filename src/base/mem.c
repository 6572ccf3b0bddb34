#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Most cells are short: one block holds thousands of them. */
#define ARENA_BLOCK 65536

struct block {
	struct block *next;
	char text[];
};

struct arena {
	struct block *blocks;	/* owned; the newest first */
	char *free;		/* where the newest block has room */
	size_t left;
};

void (*mem_before_death)(void);

static void *alive(void *p)
{
	if (p)
		return p;
	if (mem_before_death)
		mem_before_death();
	fputs("gemba: out of memory\n", stderr);
	exit(2);
}

void *mem_new(size_t size)
{
	return alive(calloc(1, size ? size : 1));
}

void *mem_array(size_t n, size_t size)
{
	return alive(calloc(n ? n : 1, size));
}

char *mem_strdup(const char *s)
{
	return s ? alive(strdup(s)) : NULL;
}

char *mem_strndup(const char *s, size_t n)
{
	return alive(strndup(s, n));
}

char *mem_printf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		s = NULL;
	va_end(ap);
	return alive(s);
}

void *mem_grow(void *p, size_t n, size_t size)
{
	size_t room = n ? n * 2 : 1;

	if (n & (n - 1))
		return p;	/* not a power of two: not full */
	if (room > SIZE_MAX / size)
		return alive(NULL);
	return alive(realloc(p, room * size));
}

/* A page of the larger kind; smaller things come from malloc() as ever. */
#define LARGE_PAGE ((size_t)2 << 20)

void *mem_large(size_t size)
{
	size_t whole = (size + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
	void *p;

	if (size < 2 * LARGE_PAGE || whole < size)
		return malloc(size);
	p = aligned_alloc(LARGE_PAGE, whole);
	if (p)
		madvise(p, whole, MADV_HUGEPAGE);
	return p;
}

void *mem_try(size_t n, size_t size)
{
	return calloc(n ? n : 1, size);
}

struct arena *arena_new(void)
{
	return mem_new(sizeof(struct arena));
}

char *arena_strndup(struct arena *arena, const char *s, size_t n)
{
	char *copy;

	if (n + 1 > arena->left) {
		size_t room = n + 1 > ARENA_BLOCK ? n + 1 : ARENA_BLOCK;
		struct block *block = alive(malloc(sizeof(*block) + room));

		block->next = arena->blocks;
		arena->blocks = block;
		arena->free = block->text;
		arena->left = room;
	}
	copy = arena->free;
	memcpy(copy, s, n);
	copy[n] = '\0';
	arena->free += n + 1;
	arena->left -= n + 1;
	return copy;
}

void arena_free(struct arena *arena)
{
	struct block *next;

	if (!arena)
		return;
	for (struct block *b = arena->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	free(arena);
}
