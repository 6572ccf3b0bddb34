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

/* "no:1" of n bytes: the last colon parts them. */
static bool take(const struct target *target, const char *word, size_t n,
		 double *weight, struct err *err)
{
	size_t colon = n, k = 0;
	char *end;
	double x;

	while (colon > 0 && word[colon - 1] != ':')
		colon--;
	if (colon == 0)
		return err_set(err, ERR_USAGE, "class_weight: '%.*s' is not "
			       "none, balanced or CLASS:WEIGHT",
			       (int)(n < 60 ? n : 60), word);
	x = strtod(word + colon, &end);
	if (end != word + n || !(x > 0) || x > 1e12)
		return err_set(err, ERR_USAGE, "class_weight: '%.*s': a weight "
			       "is a number above 0, at most 1e12",
			       (int)(n < 60 ? n : 60), word);
	while (k < target->classes && (strncmp(target->name[k], word, colon - 1)
				       || target->name[k][colon - 1]))
		k++;
	if (k == target->classes)
		return no_class(target, word, colon - 1, err);
	weight[k] = x;
	return true;
}

bool weights_of_classes(const struct option_values *options,
			const struct target *target, const struct truth *train,
			double **weight, struct err *err)
{
	const char *text = options_maybe(options, "class_weight");
	bool ok = true;

	*weight = NULL;
	if (!text || !strcmp(text, "none") || target->classes == 0)
		return true;
	*weight = mem_array(target->classes, sizeof(**weight));
	for (size_t k = 0; k < target->classes; k++)
		(*weight)[k] = 1;
	if (!strcmp(text, "balanced")) {
		balanced(target, train, *weight);
		return true;
	}
	while (ok) {
		size_t n = strcspn(text, ",");

		ok = take(target, text, n, *weight, err);
		if (!text[n])
			break;
		text += n + 1;
	}
	return ok;
}
