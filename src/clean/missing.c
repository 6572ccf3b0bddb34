/*
 * missing: further texts, numbers or ranges that count as missing
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "clean/cells.h"
#include "clean/rules.h"
#include "data/odd.h"

static const struct option options[] = {
	{ "values", OPTION_TEXT, NULL, 0, 0, NULL,
	  "Cells that say one of these are missing: \"-200,NA\"" },
	{ "below", OPTION_TEXT, NULL, 0, 0, NULL,
	  "Numbers and times below this are missing" },
	{ "above", OPTION_TEXT, NULL, 0, 0, NULL,
	  "Numbers and times above this are missing" },
	{ "columns", OPTION_COLUMNS, NULL, 0, 0, NULL,
	  "Change these columns only; otherwise all" },
	{ 0 }
};

/* What is missing, as one column has it. */
struct wanted {
	char *list;		/* owned: the values, each with a NUL behind */
	size_t n;
	const char **text;	/* owned: into list */
	double *number;		/* owned: those that are numbers or times */
	size_t numbers;
	double *odd;		/* owned: what becomes of each odd text; NULL:
				 * none of them is wanted */
	double below, above;	/* NaN: not given */
};

static void wanted_clear(struct wanted *w)
{
	free(w->list);
	free(w->text);
	free(w->number);
	free(w->odd);
}

static void split_list(struct wanted *w, const char *values)
{
	size_t most = 1;

	w->list = mem_strdup(values);
	for (const char *s = w->list; *s; s++)
		most += *s == ',';
	w->text = mem_array(most, sizeof(*w->text));
	w->number = mem_array(most, sizeof(*w->number));
	for (char *s = w->list, *end; s; s = end ? end + 1 : NULL) {
		end = strchr(s, ',');
		if (end)
			*end = '\0';
		if (*s)
			w->text[w->n++] = s;
	}
}

/* A limit is of no use for a column whose values are not of its kind. */
static bool limit(const struct column *c, const char *name, const char *text,
		  double *x, struct err *err)
{
	double any;
	struct when_form form = { .has_date = true };

	*x = NAN;
	if (!text || cells_value(c, text, x))
		return true;
	return cells_value(&(struct column){ .type = COLUMN_NUMBER }, text,
			   &any) ||
	       when_parse(text, strlen(text), &form, &any) ||
	       err_set(err, ERR_USAGE, "missing %s=%.60s: a number or a time "
		       "is wanted", name, text);
}

static void find_odd(struct wanted *w, const struct column *c)
{
	bool some = false;

	w->odd = mem_array(c->odds + 1, sizeof(*w->odd));
	for (size_t k = 0; k < c->odds; k++) {
		w->odd[k] = odd_make((uint32_t)k);
		for (size_t i = 0; i < w->n; i++)
			if (!strcmp(c->odd[k], w->text[i])) {
				w->odd[k] = odd_missing();
				some = true;
			}
	}
	if (some)
		return;
	free(w->odd);
	w->odd = NULL;
}

static bool wanted_init(struct wanted *w, const struct column *c,
			const struct option_values *v, struct err *err)
{
	const char *values = options_text(v, "values");

	*w = (struct wanted){ 0 };
	if (!values && !options_text(v, "below") && !options_text(v, "above"))
		return err_set(err, ERR_USAGE, "missing wants values=, below= "
			       "or above=");
	split_list(w, values ? values : "");
	for (size_t i = 0; i < w->n; i++)
		w->numbers += cells_value(c, w->text[i],
					  &w->number[w->numbers]);
	find_odd(w, c);
	return limit(c, "below", options_text(v, "below"), &w->below, err) &&
	       limit(c, "above", options_text(v, "above"), &w->above, err);
}

static struct cells_map map_of(const struct wanted *w)
{
	return (struct cells_map){
		.n = w->numbers, .from = w->number, .to = odd_missing(),
		.below = w->below, .above = w->above, .odd = w->odd
	};
}

static bool says_so(const struct wanted *w, const struct table *t,
		    const char *level)
{
	struct cells_map map = map_of(w);
	double x;

	for (size_t i = 0; i < w->n; i++)
		if (!strcmp(w->text[i], level))
			return true;
	return (w->numbers || !isnan(w->below) || !isnan(w->above)) &&
	       cells_number(t, level, &x) && cells_meets(&map, x);
}

static bool change_levels(struct table *t, size_t column,
			  const struct wanted *w, size_t *cells,
			  struct err *err)
{
	const struct column *c = &t->column[column];
	const char **text = mem_try(c->levels + 1, sizeof(*text));
	bool good;

	for (size_t l = 0; text && l < c->levels; l++)
		text[l] = says_so(w, t, c->level[l]) ? NULL : c->level[l];
	good = text ? table_relevel(t, column, text, cells, err)
		    : err_set(err, ERR_NOMEM, "no memory to look through "
			      "%.80s", c->name);
	free(text);
	return good;
}

static bool missing(struct table *t, size_t column,
		    const struct option_values *values, size_t *cells,
		    struct err *err)
{
	const struct column *c = &t->column[column];
	struct wanted w;
	struct cells_map map;
	bool good = wanted_init(&w, c, values, err);

	map = map_of(&w);
	if (good)
		good = c->number ? cells_change(t, column, &map, cells, err)
				 : change_levels(t, column, &w, cells, err);
	wanted_clear(&w);
	return good;
}

const struct rule rule_missing = {
	.name = "missing",
	.label = "miss",
	.help = "Further texts, numbers or ranges that count as missing",
	.options = options,
	.takes = TAKES_ALL,
	.asks = true,
	.cells = missing,
};
