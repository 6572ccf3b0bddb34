/*
 * study.h - what column rules learn of each column, from memory or anew
 *
 * Rules take their turns at a column, and columns do not wait for each other.
 * What has been found out stays in the memory; a study is for one ledger.
 */
#ifndef GEMBA_STUDY_H
#define GEMBA_STUDY_H

#include "clean/clean.h"

/* One column before one rule: what is known, or is to be found out. */
struct study {
	bool wanted;		/* the rule is to change it */
	struct memo_key key;
	const struct treatment *before;	/* NULL: it does not come to it */
	struct memo *memo;	/* borrowed from the memory */
};

/* What one rule learns of each feature, and from which rows. */
struct studies {
	const struct cleaning *in;
	const struct rule_use *use;
	const struct rows *rows;	/* to learn from */
	const struct rows *counted;	/* where changes are looked for */
	const uint64_t *counted_bits;	/* bit i: row i is one of them */
	bool drops;
	struct memo_key key;	/* of all that is the same for all columns */
	struct study *of;	/* owned; for each feature */
};

/* Rules that learn from the same rows: column by column, rule by rule. */
struct segment {
	const struct cleaning *in;
	size_t n;
	struct studies all[RULES_MAX];
	size_t place[RULES_MAX];	/* in the ledger */
	const struct treatment *treatment;	/* before them, by column */
	const struct memo_key *chain;	/* what these came from */
};

/* What a column is before any rule. */
struct memo_key key_column(size_t column);

/* in, use, rows, counted, its bits and drops are set; segment_clear() frees
 * it. */
bool studies_begin(struct studies *s, struct err *err);
/* most is the most rows that are learned from. */
bool segment_study(struct segment *segment, size_t most, struct job *job,
		   struct err *err);
void segment_clear(struct segment *segment);

/* What the rule does, in sum; and of[i]: it changes a cell of row i of the
 * table, which is one of those that are counted. */
void studies_sum(const struct studies *all, struct effect *effect);
void studies_mark(const struct studies *all, bool *of);

/* A bit for each row of a table: so many words, as changes.h has them; and set
 * that of each of some rows, which are in the order of the file. */
size_t words_of(const struct table *table);
void set_bits(const struct rows *rows, size_t words, uint64_t *bits);

#endif
