#include "run/class-weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void balanced(const struct target *target, const struct truth *train,
		     double *weight)
{
	size_t *rows = mem_array(target->classes, sizeof(*rows));
	size_t present = 0;

	for (size_t i = 0; i < train->n; i++)
		rows[train->class_of[i]]++;
	for (size_t k = 0; k < target->classes; k++)
		present += rows[k] > 0;
	for (size_t k = 0; k < target->classes; k++)
		weight[k] = rows[k] == 0 ? 1 :
			    (double)train->n /
			    ((double)present * (double)rows[k]);
	free(rows);
}

static bool no_class(const struct target *target, const char *word, size_t n,
		     struct err *err)
{
	return err_set(err, ERR_USAGE, "class_weight: there is no class "
		       "'%.*s': %.40s%s%.40s ...", (int)(n < 60 ? n : 60), word,
		       target->name[0], target->classes > 1 ? ", " : "",
		       target->classes > 1 ? target->name[1] : "");
}

/*
 * The class whose name and a colon the text begins with, or classes: names may
 * hold commas and colons themselves, so the longest counts.
 */
static size_t named(const struct target *target, const char *text)
{
	size_t best = target->classes, longest = 0;

	for (size_t k = 0; k < target->classes; k++) {
		size_t n = strlen(target->name[k]);

		if (strncmp(text, target->name[k], n) || text[n] != ':' ||
		    (best < target->classes && n <= longest))
			continue;
		best = k;
		longest = n;
	}
	return best;
}

/* What is wrong with a word that begins with no class. */
static bool unknown(const struct target *target, const char *word,
		    struct err *err)
{
	size_t n = strcspn(word, ","), colon = n;

	while (colon > 0 && word[colon - 1] != ':')
		colon--;
	if (colon > 0)
		return no_class(target, word, colon - 1, err);
	return err_set(err, ERR_USAGE, "class_weight: '%.*s' is not "
		       "none, balanced or CLASS:WEIGHT",
		       (int)(n < 60 ? n : 60), word);
}

/* "no:1" at *text, which is moved behind it. */
static bool take(const struct target *target, const char **text,
		 double *weight, struct err *err)
{
	size_t k = named(target, *text), n;
	const char *number;
	char *end;
	double x;

	if (k == target->classes)
		return unknown(target, *text, err);
	number = *text + strlen(target->name[k]) + 1;
	n = strcspn(number, ",");
	x = strtod(number, &end);
	if (n == 0 || end != number + n || !(x > 0) || x > 1e12)
		return err_set(err, ERR_USAGE, "class_weight: '%.*s': a weight "
			       "is a number above 0, at most 1e12",
			       (int)(n < 60 ? n : 60), number);
	weight[k] = x;
	*text = number + n;
	return true;
}

bool weights_of_classes(const struct option_values *options,
			const struct target *target, const struct truth *train,
			double **weight, struct err *err)
{
	const char *text = options_maybe(options, "class_weight");
	bool ok;

	*weight = NULL;
	if (!text || !strcmp(text, "none"))
		return true;
	if (target->classes == 0)
		return err_set(err, ERR_USAGE, "class_weight=%.40s: the target "
			       "is a number and has no classes: "
			       "class_weight=none", text);
	*weight = mem_array(target->classes, sizeof(**weight));
	for (size_t k = 0; k < target->classes; k++)
		(*weight)[k] = 1;
	if (!strcmp(text, "balanced")) {
		balanced(target, train, *weight);
		return true;
	}
	while ((ok = take(target, &text, *weight, err)) && *text)
		text++;
	return ok;
}
