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

/* in, use, rows, counted and drops are set; segment_clear() frees it. */
bool studies_begin(struct studies *s, struct err *err);
/* most is the most rows that are learned from. */
bool segment_study(struct segment *segment, size_t most, struct job *job,
		   struct err *err);
void segment_clear(struct segment *segment);

/* What the rule does, in sum; of which rows of one word it changes a cell, as
 * changes.h has words; and of[i]: of counted->row[i]. */
void studies_sum(const struct studies *all, struct effect *effect);
uint64_t studies_changed(const struct studies *all, size_t word);
void studies_mark(const struct studies *all, bool *of);

#endif
