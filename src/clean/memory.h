/*
 * memory.h - what the rules have found out before, for one table
 *
 * Switching a rule or a feature on or off should cost what is new about it.  So
 * what was learned is remembered under a key: a hash of all that it depends on
 * (the rows, the rule, its options, the column, the rules before).  A memory is
 * used by one thread at a time; what it lends stays until the next
 * memory_begin().
 */
#ifndef GEMBA_MEMORY_H
#define GEMBA_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/treatment.h"

/* 128 bits: two things never have the same one. */
struct memo_key {
	uint64_t low, high;
};

/* The key of something that follows upon another. */
struct memo_key key_of(struct memo_key before, const void *bytes, size_t n);
struct memo_key key_text(struct memo_key before, const char *text);

/* What is remembered; owned, whatever of it there is. */
struct memo {
	struct memo_key key;
	/* Of a row rule: about each row of the table. */
	uint32_t *mark;
	/* Of a column rule: the treatment with it, whose arrays are owned where
	 * they are not those of the treatment before ... */
	struct treatment treatment;
	double *number;
	uint32_t *level, *code;
	bool *blank;
	/* ... and the rows, of those that were counted, of which it changes a
	 * cell: bit i is for row i of the table; NULL: none. */
	uint64_t *changed;
	size_t cells;
	size_t bytes;
	unsigned long used;	/* in which round */
	struct memo *next;	/* with the same place in the table of keys */
};

struct memory;
struct memory *memory_new(void);
void memory_free(struct memory *memory);
void memory_forget(struct memory *memory);	/* all: another table */

/* A round begins: when there is much, what the last few did not use goes. */
void memory_begin(struct memory *memory);
struct memo *memory_find(struct memory *memory, struct memo_key key);
/* Take a memo made with mem_new(); its key and bytes are set. */
void memory_take(struct memory *memory, struct memo *memo);
void memo_free(struct memo *memo);	/* one that was not taken */

#endif
