#include "clean/memory.h"

#define XXH_INLINE_ALL
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/mem.h"

enum { PLACES = 4096, ROUNDS = 4 };

/* More than this is not kept for its own sake. */
#define MUCH ((size_t)256 << 20)

struct memory {
	struct memo *place[PLACES];
	size_t bytes;
	unsigned long round;
};

struct memo_key key_of(struct memo_key before, const void *bytes, size_t n)
{
	XXH128_hash_t hash = XXH3_128bits(bytes, n);
	uint64_t all[] = { before.low, before.high, hash.low64, hash.high64 };

	hash = XXH3_128bits(all, sizeof(all));
	return (struct memo_key){ hash.low64, hash.high64 };
}

struct memo_key key_text(struct memo_key before, const char *text)
{
	return key_of(before, text, strlen(text));
}

void memo_free(struct memo *m)
{
	free(m->mark);
	free(m->number);
	free(m->level);
	free(m->code);
	free(m->blank);
	free(m->changed);
	free(m);
}

struct memory *memory_new(void)
{
	return mem_new(sizeof(struct memory));
}

/* Forget what was last used before a round. */
static void sweep(struct memory *memory, unsigned long round)
{
	for (size_t i = 0; i < PLACES; i++) {
		struct memo **at = &memory->place[i];

		while (*at) {
			struct memo *m = *at;

			if (m->used >= round) {
				at = &m->next;
				continue;
			}
			*at = m->next;
			memory->bytes -= m->bytes;
			memo_free(m);
		}
	}
}

void memory_forget(struct memory *memory)
{
	sweep(memory, memory->round + 1);
}

void memory_free(struct memory *memory)
{
	if (!memory)
		return;
	memory_forget(memory);
	free(memory);
}

/* Whoever uses a memo used those that it borrows from in the same round, so
 * they are not older than it. */
void memory_begin(struct memory *memory)
{
	if (memory->bytes > MUCH && memory->round >= ROUNDS)
		sweep(memory, memory->round - ROUNDS + 1);
	memory->round++;
}

struct memo *memory_find(struct memory *memory, struct memo_key key)
{
	struct memo *m = memory->place[key.low % PLACES];

	while (m && (m->key.low != key.low || m->key.high != key.high))
		m = m->next;
	if (m)
		m->used = memory->round;
	return m;
}

void memory_take(struct memory *memory, struct memo *memo)
{
	struct memo **at = &memory->place[memo->key.low % PLACES];

	memo->used = memory->round;
	memo->next = *at;
	*at = memo;
	memory->bytes += memo->bytes;
}
