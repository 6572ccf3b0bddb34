/*
 * versus.h - two results side by side
 *
 * b against a: every difference is b's measure less a's.  On the same test rows
 * of the same file with the same target they are compared row by row, see
 * eval/compare.h; on others their measures stand beside each other and nothing
 * is said of chance.
 */
#ifndef GEMBA_VERSUS_H
#define GEMBA_VERSUS_H

#include <stdio.h>

#include <jansson.h>

#include "eval/compare.h"

struct result;

/* What tells is mcc, or r2: 0 lies in its interval, or beside it.  Where it
 * has none McNemar's p has to be under 0.05; with the same folds the p of the
 * corrected t, too. */
enum verdict { VERDICT_NONE, VERDICT_NOISE, VERDICT_BETTER, VERDICT_WORSE };

struct versus {
	int a, b;			/* the numbers of the results */
	char *name_a, *name_b;		/* owned: "tree depth=5, 9 features" */
	bool numbers;			/* a regression: of_number; else the
					 * others */
	size_t classes, n;
	const char *why;		/* a constant: not the same rows; or
					 * NULL */
	bool told;			/* their measures can stand side by
					 * side */
	struct mcnemar mcnemar;
	struct difference of_class[CLASS_MEASURES];
	struct difference of_number[NUMBER_MEASURES];
	size_t folds;			/* the same ones, or 0 */
	double mean, t, p;		/* of their scores; NaN: not known */
	double low, high;		/* its interval of 95 % */
	enum verdict verdict;
};

/* Never NULL; without memory why says so. */
struct versus *versus_new(const struct result *a, const struct result *b);
/* The same where only the verdict is wanted: without auc, which takes long with
 * many rows. */
struct versus *versus_brief(const struct result *a, const struct result *b);
/* Once more, at another threshold: auc is as it was. */
struct versus *versus_again(const struct versus *old, const struct result *a,
			    const struct result *b);
void versus_free(struct versus *v);	/* NULL does nothing */

/* What tells: mcc or r2, its name and its difference. */
const struct difference *versus_rank(const struct versus *v);
const char *versus_rank_name(const struct versus *v);
/* "no difference beyond noise", "run 4 is better"; the caller frees it. */
char *versus_words(const struct versus *v);
/* A measure by its place, and its name; NULL after the last. */
const struct difference *versus_nth(const struct versus *v, size_t n,
				    const char **name, const char **key);

void versus_text(const struct versus *v, FILE *out);
json_t *versus_json(const struct versus *v);

#endif
