/*
 * tune-space.c - which values a tune tries
 */
#include "run/tune.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A range goes by ratios when its ends are further apart than this. */
#define LOG_RATIO 100
/* Points of a range in a grid: a decade each, or all whole numbers. */
enum { POINTS_LEAST = 5, POINTS_MOST = 13, WHOLE_MOST = 12, GRID_MOST = 10000 };

const struct option tune_options[] = {
	{ .name = "by", .type = OPTION_CHOICE, .dflt = "grid",
	  .choices = "grid random halving",
	  .help = "all points, draws by chance, or many on few rows first" },
	{ .name = "seconds", .type = OPTION_NUMBER, .dflt = "30",
	  .min = 0.001, .max = 1e6,
	  .help = "no try begins after so many" },
	{ .name = "folds", .type = OPTION_WHOLE, .dflt = "5",
	  .min = 2, .max = 50,
	  .help = "parts of the training rows, each told by fits to the rest" },
	{ .name = "tries", .type = OPTION_WHOLE, .dflt = NULL,
	  .min = 1, .max = GRID_MOST,
	  .help = "how many at most; without it 40 by chance, or all points" },
	{ 0 }
};

/* What is worth a try where the user names nothing; a method or an option that
 * is not built in is passed over. */
static const struct {
	const char *method, *words;	/* with blanks between them */
} spaces[] = {
	{ "logistic", "l2=1e-4..1e4" },
	{ "linear", "l2=1e-4..1e4" },
	{ "ridge", "l2=1e-4..1e4" },
	{ "lasso", "l1=1e-4..1e4" },
	{ "elastic-net", "l1=1e-3..1e3 l2=1e-3..1e3" },
	{ "sgd", "rate=0.001,0.01,0.1 l2=0,0.01,1" },
	{ "tree", "depth=2..12 leaf=1,5,20" },
	{ "forest", "leaf=1,2,5,10 columns=sqrt|0.5|all" },
	{ "boost", "depth=3,5,7 rate=0.03,0.1,0.3" },
	{ "mlp", "layers=16|32|16,16 l2=0.1,1,10" },
	{ "neighbours", "k=1,3,5,9,15,25,45 weights=uniform,distance" },
	{ "bayes", "smooth=0.1,1,10 floor=1e-9,1e-6,1e-3,0.1" },
	{ "stack", "l2=0.01..100" },
};

const char *tune_space(const struct method *method)
{
	for (size_t i = 0; i < ARRAY_LEN(spaces) && method->options; i++)
		if (!strcmp(spaces[i].method, method->name))
			return spaces[i].words;
	return NULL;
}

static const struct {
	const char *option;
	int simpler;
} directions[] = {
	{ "l1", 1 }, { "l2", 1 }, { "leaf", 1 }, { "prune", 1 }, { "split", 1 },
	{ "k", 1 }, { "smooth", 1 }, { "floor", 1 }, { "gamma", 1 },
	{ "depth", -1 }, { "trees", -1 }, { "rounds", -1 }, { "epochs", -1 },
};

int tune_simpler(const struct tune *tune, size_t axis)
{
	const char *name =
		tune->method->options[tune->axis[axis].option].name;

	for (size_t i = 0; i < ARRAY_LEN(directions); i++)
		if (!strcmp(directions[i].option, name))
			return directions[i].simpler;
	return 0;
}

void tune_init(struct tune *tune, const struct method *method)
{
	*tune = (struct tune){ .method = method };
	options_init(&tune->base, method->options);
	options_init(&tune->how, tune_options);
}

static void axis_clear(struct axis *axis)
{
	for (size_t i = 0; i < axis->n; i++)
		free(axis->value[i]);
	free(axis->value);
	*axis = (struct axis){ 0 };
}

void tune_clear(struct tune *tune)
{
	for (size_t k = 0; k < tune->axes; k++)
		axis_clear(&tune->axis[k]);
	options_clear(&tune->base);
	options_clear(&tune->how);
	*tune = (struct tune){ 0 };
}

void tune_free(struct tune *tune)
{
	if (!tune)
		return;
	tune_clear(tune);
	free(tune);
}

/* ---- the values of one option ---- */

static void add_value(struct axis *axis, const char *text, size_t n)
{
	for (size_t i = 0; i < axis->n; i++)
		if (!strncmp(axis->value[i], text, n) && !axis->value[i][n])
			return;
	axis->value = mem_grow(axis->value, axis->n, sizeof(*axis->value));
	axis->value[axis->n++] = mem_strndup(text, n);
}

/* Point i of n in a range. */
static double point_of(const struct axis *axis, size_t i, size_t n)
{
	double part = n > 1 ? (double)i / (double)(n - 1) : 0;

	if (axis->log)
		return exp(log(axis->low) +
			   part * (log(axis->high) - log(axis->low)));
	return axis->low + part * (axis->high - axis->low);
}

static void add_points(struct axis *axis, bool whole)
{
	double decades = axis->log ? log10(axis->high / axis->low) : 0;
	double wide = axis->high - axis->low + 1;
	double n = axis->log ? round(decades) + 1 : POINTS_LEAST;

	if (whole && !axis->log && wide <= WHOLE_MOST)
		n = wide;
	else
		n = fmin(fmax(n, POINTS_LEAST), POINTS_MOST);
	for (size_t i = 0; i < (size_t)n; i++) {
		double x = point_of(axis, i, (size_t)n);
		char *text = mem_printf("%.6g", whole ? round(x) : x);

		add_value(axis, text, strlen(text));
		free(text);
	}
}

/* "LOW..HIGH" of a number. */
static bool take_range(struct axis *axis, const struct option *o,
		       const char *text, struct err *err)
{
	const char *dots = strstr(text, "..");
	char *low = mem_strndup(text, (size_t)(dots - text)), *end, *end_high;

	axis->range = axis->numbers = true;
	axis->low = strtod(low, &end);
	axis->high = strtod(dots + 2, &end_high);
	if (*end || end == low || *end_high || end_high == dots + 2 ||
	    !(axis->low < axis->high) || !isfinite(axis->high - axis->low)) {
		free(low);
		return err_set(err, ERR_USAGE, "%s=%.60s: a range is LOW..HIGH",
			       o->name, text);
	}
	free(low);
	axis->log = axis->low > 0 && axis->high / axis->low > LOG_RATIO;
	add_points(axis, o->type == OPTION_WHOLE);
	return true;
}

static bool is_number(const struct option *o)
{
	return o->type == OPTION_NUMBER || o->type == OPTION_WHOLE;
}

/* Commas belong to texts. */
static void take_list(struct axis *axis, const struct option *o,
		      const char *text)
{
	bool words = o->type == OPTION_TEXT || o->type == OPTION_COLUMNS;
	const char *marks = words ? "|" : "|,";

	for (;;) {
		size_t n = strcspn(text, marks);

		add_value(axis, text, n);
		if (!text[n])
			break;
		text += n + 1;
	}
	axis->numbers = is_number(o);
	axis->low = INFINITY;
	axis->high = -INFINITY;
	for (size_t i = 0; axis->numbers && i < axis->n; i++) {
		double x = strtod(axis->value[i], NULL);

		axis->low = fmin(axis->low, x);
		axis->high = fmax(axis->high, x);
	}
	axis->log = axis->low > 0 && axis->high / axis->low > LOG_RATIO;
}

/* Every value has to be one of the option; a single one does not vary. */
static bool values_fit(struct tune *tune, const struct axis *axis,
		       struct err *err)
{
	const char *name = tune->method->options[axis->option].name;
	struct option_values scratch;
	bool ok = true;

	options_copy(&scratch, &tune->base);
	for (size_t i = 0; ok && i < axis->n; i++) {
		char *word = mem_printf("%s=%s", name, axis->value[i]);

		ok = options_set(axis->n > 1 ? &scratch : &tune->base,
				 tune->method->name, word, err);
		free(word);
	}
	options_clear(&scratch);
	return ok;
}

static bool take_values(struct tune *tune, size_t option, const char *text,
			struct err *err)
{
	const struct option *o = &tune->method->options[option];
	struct axis axis = { .option = option };
	bool ok = true;

	if (is_number(o) && strstr(text, ".."))
		ok = take_range(&axis, o, text, err);
	else
		take_list(&axis, o, text);
	ok = ok && values_fit(tune, &axis, err);
	for (size_t k = 0; ok && k < tune->axes; k++)
		if (tune->axis[k].option == option)
			ok = err_set(err, ERR_USAGE, "%s= is there twice",
				     o->name);
	tune->fixed[option] = ok && axis.n == 1;
	if (ok && axis.n > 1)
		tune->axis[tune->axes++] = axis;
	else
		axis_clear(&axis);
	return ok;
}

/* The place of a name of n letters in a table, or of its end. */
static size_t place(const struct option *table, const char *name, size_t n)
{
	size_t i = 0;

	while (table && table[i].name &&
	       (strncmp(table[i].name, name, n) || table[i].name[n]))
		i++;
	return i;
}

bool tune_take(struct tune *tune, const char *word, struct err *err)
{
	const struct option *table = tune->method->options;
	size_t n = strcspn(word, "=");
	size_t i = place(table, word, n);

	if (word[n] && tune_options[place(tune_options, word, n)].name)
		return options_set(&tune->how, "tune", word, err);
	if (!word[n] || !table || !table[i].name)	/* it says what is */
		return options_set(&tune->base, tune->method->name, word, err);
	return take_values(tune, i, word + n + 1, err);
}

/* ---- the whole space ---- */

static bool take_default(struct tune *tune, const char *words,
			 struct err *err)
{
	bool ok = true;

	while (ok && *words) {
		size_t n = strcspn(words, " "), name = strcspn(words, "=");
		size_t i = place(tune->method->options, words, name);
		char *word = mem_strndup(words, n);

		if (tune->method->options[i].name && !tune->fixed[i])
			ok = take_values(tune, i, word + name + 1, err);
		free(word);
		words += n + strspn(words + n, " ");
	}
	return ok;
}

size_t tune_points(const struct tune *tune)
{
	double n = 1;

	for (size_t k = 0; k < tune->axes; k++)
		n *= (double)tune->axis[k].n;
	return n < 1e9 ? (size_t)n : (size_t)1e9;
}

void tune_point(const struct tune *tune, size_t i, size_t *value)
{
	for (size_t k = tune->axes; k-- > 0;) {
		value[k] = i % tune->axis[k].n;
		i /= tune->axis[k].n;
	}
}

bool tune_complete(struct tune *tune, struct err *err)
{
	const char *by = options_text(&tune->how, "by");
	const char *words = tune_space(tune->method);

	if (tune->axes == 0 && words && !take_default(tune, words, err))
		return false;
	if (tune->axes == 0)
		return err_set(err, ERR_USAGE, "name what is to be tried: tune "
			       "%s OPTION=VALUE,VALUE... or OPTION=LOW..HIGH",
			       tune->method->name);
	if (strcmp(by, "random") && tune_points(tune) > GRID_MOST)
		return err_set(err, ERR_USAGE, "the grid has more than %d "
			       "points: fewer values, or by=random", GRID_MOST);
	return true;
}
