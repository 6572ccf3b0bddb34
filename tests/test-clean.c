/*
 * test-clean.c - the cleaning rules: what they learn, take and account for
 *
 * That they are scikit-learn's and pandas' is for tests/oracle to show; here is
 * what must hold for any table and any rules.
 */
#include "clean/clean.h"

#ifdef _OPENMP
#include <omp.h>
#endif
#include <stdio.h>

#include "base/mem.h"
#include "clean/numbers.h"
#include "data/duplicates.h"
#include "run/work.h"
#include "tables.h"

enum { WIDE = 7, TARGET = 6 };

/* A table made by chance, and the settings to clean it with. */
struct plant {
	size_t rows;
	struct table table;
	struct column column[WIDE];
	struct settings settings;
};

static struct err err;
static const char *line_name[] = { "A", "B", "C", "other" };
static const char *class_name[] = { "no", "yes" };

static double any_number(struct rng *rng, size_t c)
{
	double x = noise(rng);

	switch (c) {
	case 0:
		return rng_double(rng) < 0.1 ? NAN : 50 + 10 * x;
	case 1:
		return rng_double(rng) < 0.3 ? NAN : floor(x);
	case 2:
		return rng_double(rng) < 0.02 ? 1e6 : x;
	default:
		return 7;
	}
}

/* The mode, and so the count of what is missing, is the caller's. */
static void count_missing(struct column *c, size_t rows)
{
	c->missing = 0;
	for (size_t i = 0; i < rows; i++)
		c->missing += table_is_missing(c, i);
}

static void plant_init(struct plant *p, size_t rows, uint32_t seed)
{
	struct rng rng;

	rng_init(&rng, seed);
	memset(p, 0, sizeof(*p));
	p->rows = rows;
	for (size_t c = 0; c < 4; c++) {
		char name[] = { 'n', (char)('0' + c), '\0' };

		p->column[c] = numbers(mem_strdup(name),
				       mem_array(rows + 1, sizeof(double)));
		for (size_t i = 0; i < rows; i++)
			p->column[c].number[i] = any_number(&rng, c);
	}
	for (size_t c = 4; c < WIDE; c++)
		p->column[c] = levels(mem_strdup(c == 4 ? "line" : c == 5 ?
						 "shift" : "bad"),
				      mem_array(rows + 1, sizeof(uint32_t)),
				      c == TARGET ? class_name : line_name,
				      c == TARGET ? 2 : c == 4 ? 3 : 4);
	for (size_t i = 0; i < rows; i++) {
		double u = rng_double(&rng);

		p->column[4].code[i] = u < 0.05 ? LEVEL_MISSING : u < 0.6 ? 0
				       : u < 0.99 ? 1 : 2;
		u = rng_double(&rng);
		p->column[5].code[i] = u < 0.01 ? 0 : u < 0.02 ? 1 :
				       u < 0.5 ? 2 : 3;
		p->column[TARGET].code[i] = rng_double(&rng) < 0.3;
	}
	for (size_t c = 0; c < WIDE; c++)
		count_missing(&p->column[c], rows);
	p->table = table_of(p->column, WIDE, rows);
	settings_init(&p->settings);
	p->settings.columns = WIDE;
	p->settings.feature = mem_array(WIDE, sizeof(bool));
	p->settings.type = mem_array(WIDE, sizeof(enum column_type));
	p->settings.typed = mem_array(WIDE, sizeof(bool));
	for (size_t c = 0; c < WIDE; c++) {
		p->settings.feature[c] = true;
		p->settings.type[c] = p->column[c].type;
	}
	p->settings.target = TARGET;
}

static void plant_clear(struct plant *p)
{
	settings_clear(&p->settings);
	for (size_t c = 0; c < WIDE; c++) {
		free((char *)p->column[c].name);
		free(p->column[c].number);
		free(p->column[c].code);
	}
}

static void no_rules(struct settings *s)
{
	for (size_t i = 0; i < s->rules; i++)
		options_clear(&s->rule[i].options);
	s->rules = 0;
}

/* A rule with options as one would type them, sorted in by its kind. */
static void use(struct settings *s, const char *name, const char *words)
{
	struct rule_use new = settings_offer(rule_find(name), 1);
	char *copy = mem_strdup(words), *rest = copy, *word;
	size_t at = s->rules;

	while ((word = strtok_r(rest, " ", &rest)))
		if (!options_set(&new.options, name, word, &err))
			fail_msg("%s", err.text);
	free(copy);
	new.on = true;
	for (size_t i = 0; i < s->rules; i++)
		if (s->rule[i].rule == new.rule &&
		    s->rule[i].number >= new.number)
			new.number = s->rule[i].number + 1;
	while (at > 0 && rule_kind(s->rule[at - 1].rule,
				   &s->rule[at - 1].options) >
			 rule_kind(new.rule, &new.options)) {
		s->rule[at] = s->rule[at - 1];
		at--;
	}
	s->rule[at] = new;
	s->rules++;
}

static const char *const chosen[][2] = {
	{ "drop-missing", "" }, { "drop-missing", "columns=n0" },
	{ "drop-duplicates", "" }, { "drop-duplicates", "columns=line,shift" },
	{ "drop-constant", "" }, { "outliers", "" },
	{ "outliers", "method=mad action=drop" },
	{ "outliers", "method=zscore factor=1 action=drop fit=all" },
	{ "outliers", "action=missing columns=n2" },
	{ "outliers", "method=zscore action=drop factor=1.5" },
	{ "impute", "" }, { "impute", "method=mode indicator=yes" },
	{ "impute", "method=previous group=shift" },
	{ "impute", "method=constant value=3" },
	{ "impute", "method=mean fit=all columns=n0" },
	{ "rare", "" }, { "rare", "count=20 fit=all" },
	{ "log", "" }, { "standardize", "" }, { "standardize", "fit=all" },
	{ "minmax", "" }, { "robust", "columns=n1,n2" }
};

static void use_any(struct settings *s, struct rng *rng)
{
	size_t n = rng_next(rng) % 7;

	no_rules(s);
	for (size_t i = 0; i < n; i++) {
		size_t k = rng_next(rng) % ARRAY_LEN(chosen);

		use(s, chosen[k][0], chosen[k][1]);
	}
	for (size_t i = 0; i < s->rules; i++)
		s->rule[i].on = rng_next(rng) % 4 != 0;
	for (size_t c = 0; c < TARGET; c++)
		s->feature[c] = rng_next(rng) % 5 != 0;
}

static struct ledger ledger_of(struct stages *stages, const struct plant *p)
{
	struct ledger ledger;

	if (!work_ledger(stages, &p->table, &p->settings, true, &ledger, NULL,
			 &err))
		fail_msg("%s", err.text);
	return ledger;
}

/* ---- properties ---- */

static void adds_up(const struct ledger *l)
{
	size_t taken = 0;

	for (size_t i = 0; i < l->rules; i++)
		if (l->of[i].on && l->of[i].drops) {
			size_t classes = 0;

			taken += l->of[i].effect.rows;
			for (size_t k = 0; k < l->classes; k++)
				classes += l->of[i].effect.class[k];
			assert_int_equal(classes, l->of[i].effect.rows);
		}
	assert_int_equal(l->read, l->used + taken);
	if (l->train + l->test > 0)
		assert_int_equal(l->used, l->train + l->test);
}

static void the_ledger_always_adds_up(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 3);
	for (uint32_t i = 0; i < 200; i++) {
		struct stages *stages = stages_new();
		struct plant p;
		struct ledger l;

		plant_init(&p, rng_next(&rng) % 300, i);
		use_any(&p.settings, &rng);
		l = ledger_of(stages, &p);
		adds_up(&l);
		plant_clear(&p);
		stages_free(stages);
	}
}

static void same_ledger(const struct ledger *a, const struct ledger *b)
{
	assert_int_equal(a->used, b->used);
	assert_int_equal(a->train, b->train);
	assert_int_equal(a->rules, b->rules);
	for (size_t i = 0; i < a->rules; i++)
		assert_memory_equal(&a->of[i].effect, &b->of[i].effect,
				    sizeof(a->of[i].effect));
}

/* What is remembered is what would be found out again. */
static void a_memory_changes_nothing(void **state)
{
	struct stages *kept = stages_new();
	struct plant p;
	struct rng rng;

	(void)state;
	rng_init(&rng, 8);
	plant_init(&p, 400, 1);
	for (int i = 0; i < 150; i++) {
		struct stages *fresh = stages_new();
		struct ledger a, b;

		use_any(&p.settings, &rng);
		a = ledger_of(kept, &p);
		b = ledger_of(fresh, &p);
		same_ledger(&a, &b);
		stages_free(fresh);
	}
	plant_clear(&p);
	stages_free(kept);
}

/* The rules at work on all the rows of a plant but the last fifth. */
struct worked {
	struct memory *memory;
	struct rows used, train;
	struct treatment treatment[WIDE];
	struct ledger ledger;
	struct lessons lessons;
};

static bool work_on(struct worked *w, const struct plant *p,
		    const struct table *table, const struct columns *features)
{
	struct cleaning in = { .table = table, .use = p->settings.rule,
			       .rules = p->settings.rules,
			       .features = features, .costs = true };

	*w = (struct worked){ .memory = memory_new() };
	in.memory = w->memory;
	memory_begin(w->memory);
	if (!clean_rows(&in, &w->used, &w->ledger, NULL, &err))
		return false;
	rows_room(&w->train, w->used.n, &err);
	w->train.n = w->used.n - w->used.n / 5;
	for (size_t i = 0; i < w->train.n; i++)	/* in no order */
		w->train.row[i] = w->used.row[w->train.n - 1 - i];
	return clean_columns(&in, &w->used, &w->train, w->treatment,
			     &w->lessons, &w->ledger, NULL, &err);
}

static void worked_clear(struct worked *w)
{
	memory_free(w->memory);
	rows_clear(&w->used);
	rows_clear(&w->train);
	lessons_clear(&w->lessons);
}

static size_t all_columns[] = { 0, 1, 2, 3, 4, 5 };
static const struct columns all_features = { 6, all_columns };

static void all_rules_off_leave_everything_as_it_is(void **state)
{
	struct plant p, untouched;
	struct worked w;

	(void)state;
	plant_init(&p, 300, 5);
	plant_init(&untouched, 300, 5);
	for (size_t k = 0; k < ARRAY_LEN(chosen); k++)
		use(&p.settings, chosen[k][0], chosen[k][1]);
	for (size_t i = 0; i < p.settings.rules; i++)
		p.settings.rule[i].on = false;
	assert_true(work_on(&w, &p, &p.table, &all_features));
	assert_int_equal(w.used.n, 300);
	assert_int_equal(w.train.n, 240);
	assert_int_equal(w.lessons.n, 0);
	for (size_t c = 0; c < WIDE; c++) {
		struct treatment none;
		const struct column *a = &p.column[c];
		const struct column *b = &untouched.column[c];

		memset(&none, 0, sizeof(none));
		none.missing_as = LEVEL_MISSING;
		assert_int_equal(w.treatment[c].steps, 0);
		assert_null(w.treatment[c].level);
		assert_null(w.treatment[c].number);
		assert_int_equal(w.treatment[c].missing_as, LEVEL_MISSING);
		assert_false(w.treatment[c].indicator);
		assert_false(w.treatment[c].dropped);
		if (a->number)
			assert_memory_equal(a->number, b->number, 300 * 8);
		else
			assert_memory_equal(a->code, b->code, 300 * 4);
	}
	worked_clear(&w);
	plant_clear(&p);
	plant_clear(&untouched);
}

static void same_treatment(const struct treatment *a,
			   const struct treatment *b, const struct column *c)
{
	assert_int_equal(a->steps, b->steps);
	for (size_t i = 0; i < a->steps; i++) {
		assert_int_equal(a->step[i].kind, b->step[i].kind);
		assert_memory_equal(&a->step[i].a, &b->step[i].a, 8);
		assert_memory_equal(&a->step[i].b, &b->step[i].b, 8);
	}
	assert_int_equal(a->dropped, b->dropped);
	assert_int_equal(a->indicator, b->indicator);
	assert_int_equal(a->missing_as, b->missing_as);
	assert_int_equal(!a->level, !b->level);
	if (a->level)
		assert_memory_equal(a->level, b->level,
				    c->levels * sizeof(*a->level));
}

static void the_order_of_columns_does_not_matter(void **state)
{
	static size_t reversed[] = { 1, 2, 3, 4, 5, 6 };
	const struct columns features = { 6, reversed };
	struct rng rng;

	(void)state;
	rng_init(&rng, 4);
	for (uint32_t i = 0; i < 60; i++) {
		struct column column[WIDE];
		struct table other;
		struct worked a, b;
		struct plant p;

		plant_init(&p, 250, i);
		for (size_t c = 0; c < WIDE; c++)
			column[c] = p.column[WIDE - 1 - c];
		other = table_of(column, WIDE, 250);
		use_any(&p.settings, &rng);
		assert_true(work_on(&a, &p, &p.table, &all_features));
		assert_true(work_on(&b, &p, &other, &features));
		same_ledger(&a.ledger, &b.ledger);
		assert_int_equal(a.train.n, b.train.n);
		assert_memory_equal(a.train.row, b.train.row, a.train.n * 4);
		for (size_t c = 0; c < TARGET; c++)
			same_treatment(&a.treatment[c],
				       &b.treatment[WIDE - 1 - c],
				       &p.column[c]);
		worked_clear(&a);
		worked_clear(&b);
		plant_clear(&p);
	}
}

static void one_thread_finds_what_two_find(void **state)
{
#ifdef _OPENMP
	struct worked one, two;
	struct plant p;
	int threads = omp_get_max_threads();

	(void)state;
	plant_init(&p, 3 * ROWS_PARALLEL, 2);
	no_rules(&p.settings);
	for (size_t k = 0; k < ARRAY_LEN(chosen); k++)
		use(&p.settings, chosen[k][0], chosen[k][1]);
	omp_set_num_threads(1);
	assert_true(work_on(&one, &p, &p.table, &all_features));
	omp_set_num_threads(2);
	assert_true(work_on(&two, &p, &p.table, &all_features));
	omp_set_num_threads(threads);
	same_ledger(&one.ledger, &two.ledger);
	for (size_t c = 0; c < TARGET; c++)
		same_treatment(&one.treatment[c], &two.treatment[c],
			       &p.column[c]);
	worked_clear(&one);
	worked_clear(&two);
	plant_clear(&p);
#else
	(void)state;
	skip();
#endif
}

/* ---- hard cases ---- */

static void no_rows_and_one_row_are_cleaned_too(void **state)
{
	(void)state;
	for (size_t rows = 0; rows < 4; rows++) {
		struct stages *stages = stages_new();
		struct plant p;
		struct ledger l;

		plant_init(&p, rows, 1);
		no_rules(&p.settings);
		for (size_t k = 0; k < ARRAY_LEN(chosen); k++)
			use(&p.settings, chosen[k][0], chosen[k][1]);
		l = ledger_of(stages, &p);
		assert_int_equal(l.read, rows);
		adds_up(&l);
		plant_clear(&p);
		stages_free(stages);
	}
}

/* Steps of n0 after the rules, on a plant of which n0 is filled so. */
static struct treatment learned_of(struct plant *p, struct worked *w,
				   const char *rule, const char *words)
{
	no_rules(&p->settings);
	use(&p->settings, rule, words);
	if (!work_on(w, p, &p->table, &all_features))
		fail_msg("%s", err.text);
	return w->treatment[0];
}

static void of_a_column_without_values_nothing_is_learned(void **state)
{
	static const char *const names[] = {
		"standardize", "minmax", "robust", "log", "outliers", "impute"
	};
	struct worked w;
	struct plant p;

	(void)state;
	plant_init(&p, 50, 1);
	for (size_t i = 0; i < 50; i++)
		p.column[0].number[i] = NAN;
	count_missing(&p.column[0], 50);
	for (size_t k = 0; k < ARRAY_LEN(names); k++) {
		assert_int_equal(learned_of(&p, &w, names[k], "").steps, 0);
		worked_clear(&w);
	}
	assert_true(learned_of(&p, &w, "drop-constant", "").dropped);
	worked_clear(&w);
	assert_int_equal(learned_of(&p, &w, "impute",
				    "method=constant value=0").steps, 1);
	worked_clear(&w);
	plant_clear(&p);
}

static void a_constant_is_shifted_and_never_divided_by_nothing(void **state)
{
	static const char *const names[] = { "standardize", "minmax",
					     "robust" };
	struct worked w;
	struct plant p;

	(void)state;
	plant_init(&p, 50, 1);
	for (size_t i = 0; i < 50; i++)
		p.column[0].number[i] = 0.1;
	for (size_t k = 0; k < ARRAY_LEN(names); k++) {
		struct treatment t = learned_of(&p, &w, names[k], "");

		assert_true(t.step[0].a == 0.1 && t.step[0].b == 1);
		worked_clear(&w);
	}
	assert_int_equal(learned_of(&p, &w, "outliers", "").steps, 0);
	worked_clear(&w);
	plant_clear(&p);
}

static void the_largest_numbers_make_no_nan(void **state)
{
	struct worked w;
	struct plant p;
	struct treatment t;

	(void)state;
	plant_init(&p, 50, 1);
	for (size_t i = 0; i < 50; i++)
		p.column[0].number[i] = i % 2 ? 1e300 : -1e300;
	count_missing(&p.column[0], 50);
	t = learned_of(&p, &w, "minmax", "");
	assert_true(t.step[0].a == -1e300 && t.step[0].b == 2e300);
	worked_clear(&w);
	t = learned_of(&p, &w, "robust", "");
	assert_true(t.step[0].a == 0 && t.step[0].b == 2e300);
	worked_clear(&w);
	t = learned_of(&p, &w, "outliers", "");
	assert_true(t.step[0].a < -1e300 && t.step[0].b > 1e300);
	worked_clear(&w);
	plant_clear(&p);
}

static void a_level_named_other_takes_the_rare_ones_in(void **state)
{
	struct worked w;
	struct plant p;
	const struct treatment *t;

	(void)state;
	plant_init(&p, 2000, 1);
	no_rules(&p.settings);
	use(&p.settings, "rare", "share=0.05");
	assert_true(work_on(&w, &p, &p.table, &all_features));
	t = &w.treatment[5];
	assert_int_equal(t->level[0], 3);
	assert_int_equal(t->level[1], 3);
	assert_int_equal(t->level[2], 2);
	assert_int_equal(t->level[3], 3);
	/* "line" has none of its own. */
	assert_int_equal(w.treatment[4].level[2], 3);
	assert_string_equal(treatment_level(&w.treatment[4], &p.column[4], 3),
			    "other");
	worked_clear(&w);
	plant_clear(&p);
}

static void previous_values_come_from_above_and_from_the_group(void **state)
{
	enum { N = 6 };
	double x[N] = { NAN, 1, NAN, NAN, 2, NAN };
	uint32_t group[N] = { 0, 0, 1, 0, 1, LEVEL_MISSING };
	const double plain[N] = { NAN, 1, 1, 1, 2, 2 };
	const double within[N] = { NAN, 1, NAN, 1, 2, NAN };
	struct column column[] = { numbers("x", x),
				   levels("g", group, line_name, 2) };
	struct table table = table_of(column, 2, N);
	size_t first[] = { 0 };
	const struct columns features = { 1, first };
	struct plant p;
	struct worked w;

	(void)state;
	column[0].missing = 4;
	column[1].missing = 1;
	plant_init(&p, 0, 1);
	for (int grouped = 0; grouped < 2; grouped++) {
		const double *wanted = grouped ? within : plain;

		no_rules(&p.settings);
		use(&p.settings, "impute", grouped ?
		    "method=previous group=g indicator=yes" :
		    "method=previous");
		assert_true(work_on(&w, &p, &table, &features));
		for (size_t i = 0; i < N; i++) {
			double found = treatment_number(&w.treatment[0],
							&column[0], i);

			assert_true(found == wanted[i] || (isnan(found) &&
							   isnan(wanted[i])));
			if (grouped)
				assert_int_equal(treatment_blank(
					&w.treatment[0], &column[0], i),
					isnan(x[i]));
		}
		assert_int_equal(w.ledger.of[0].effect.cells, grouped ? 1 : 3);
		worked_clear(&w);
	}
	plant_clear(&p);
}

/* ---- the parts ---- */

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void quantiles_are_those_of_sorted_numbers(void **state)
{
	static const double part[] = { 0, 0.1, 0.25, 0.5, 0.75, 0.999, 1 };
	enum { MOST = 50000 };
	double *x = mem_array(MOST, 8), *room = mem_array(MOST, 8);
	double *sorted = mem_array(MOST, 8);
	struct rng rng;

	(void)state;
	rng_init(&rng, 9);
	for (int round = 0; round < 40; round++) {
		size_t n = round < 20 ? 1 + rng_next(&rng) % 50
				      : 2000 + rng_next(&rng) % 48000;

		for (size_t i = 0; i < n; i++)
			x[i] = round % 4 == 0 ? noise(&rng) :
			       round % 4 == 1 ? floor(noise(&rng)) :
			       round % 4 == 2 ? (double)(i % 1000) :
			       rng_double(&rng) < 0.9 ? 0 : noise(&rng);
		memcpy(sorted, x, n * 8);
		qsort(sorted, n, 8, by_size);
		for (size_t k = 0; k < ARRAY_LEN(part); k++) {
			double h = (double)(n - 1) * part[k], wanted;
			size_t at = (size_t)h, next = at + 1 < n ? at + 1 : at;

			wanted = sorted[at] + (h - (double)at) *
				 (sorted[next] - sorted[at]);
			near(measure_quantile(x, room, n, part[k]), wanted,
			     1e-12);
		}
	}
	free(x);
	free(room);
	free(sorted);
}

static void a_mode_is_the_smallest_of_the_most_frequent(void **state)
{
	double x[] = { 3, 1, 2, 3, 1, 9 }, room[6];

	(void)state;
	assert_true(measure_mode(x, room, 6) == 1);
}

/* 1,000 rows, a tenth of them failures. */
static struct ledger account(size_t no, size_t yes)
{
	struct ledger l = { .read = 1000, .used = 1000, .rules = 1,
			    .classes = 2, .target = "failure",
			    .class_name = { "no", "yes" },
			    .class_rows = { 900, 100 } };

	l.of[0].rule = rule_find("outliers");
	l.of[0].on = l.of[0].drops = true;
	l.of[0].kind = RULE_COLUMNS;
	l.of[0].effect = (struct effect){ .known = true, .rows = no + yes,
					  .class = { no, yes } };
	return l;
}

static void a_rule_that_takes_one_class_is_told(void **state)
{
	struct ledger l = account(18, 18);
	char text[UNEVEN_TEXT] = "";

	(void)state;
	assert_true(effect_uneven(&l, 0, text));
	assert_string_equal(text, "takes 18 % of failure=yes, 2 % of no");
	l.of[0].drops = false;
	assert_true(effect_uneven(&l, 0, text));
	assert_string_equal(text, "changes 18 % of failure=yes, 2 % of no");
	l = account(90, 10);		/* alike */
	assert_false(effect_uneven(&l, 0, text));
	l = account(9, 3);		/* three times, by chance */
	assert_false(effect_uneven(&l, 0, text));
	l = account(540, 90);		/* not by chance, but not twice */
	assert_false(effect_uneven(&l, 0, text));
	l = account(0, 0);
	assert_false(effect_uneven(&l, 0, text));
	l = account(18, 18);
	l.classes = 0;
	assert_false(effect_uneven(&l, 0, text));
}

static void rows_that_contradict_each_other_are_found(void **state)
{
	enum { N = 7 };
	double x[N] = { 1, 1, 2, 2, 2, 3, 1 };
	uint32_t answer[N] = { 0, 0, 1, 0, 1, 0, 0 };
	const bool wanted[N] = { 0, 0, 1, 1, 1, 0, 0 };
	struct column column[] = { numbers("x", x),
				   levels("y", answer, class_name, 2) };
	struct table table = table_of(column, 2, N);
	const size_t first[] = { 0 };
	bool found[N];
	struct rows all;

	(void)state;
	assert_true(rows_all(&all, N, &err));
	assert_true(duplicates_contradicting(&table, first, 1, 1, &all, found,
					     NULL, &err));
	assert_memory_equal(found, wanted, sizeof(wanted));
	rows_clear(&all);
}

/* The unit of a weight is that of the file, whatever is done before. */
static void scales_before_and_behind_clipping_make_one_unit(void **state)
{
	double x[] = { 1, 2, 3, 4 };
	struct column column[] = { numbers("x", x) };
	struct table table = table_of(column, 1, 4);
	const size_t first[] = { 0 };
	struct treatment t;
	struct design *d;
	struct rows all;
	double cell[4];

	(void)state;
	treatment_init(&t);
	treatment_add(&t, STEP_SCALE, 1, 2);
	treatment_add(&t, STEP_CLIP, 0, 1);
	treatment_add(&t, STEP_SCALE, 0.5, 0.25);
	assert_true(rows_all(&all, 4, &err));
	d = design_new(&table, first, 1, &t, &all, NULL, &err);
	assert_non_null(d);
	assert_true(d->feature[0].whole.scale == 0.5);
	assert_true(d->feature[0].whole.shift == 2);
	assert_true(d->feature[0].transform.scale == 0.25);
	near(d->feature[0].mean, 0.625, 1e-15);
	design_block(d, all.row, 4, cell);
	assert_true(cell[0] == -2 && cell[1] == 0 && cell[2] == 2 &&
		    cell[3] == 2);
	design_free(d);
	rows_clear(&all);
}

static void what_a_rule_blanks_must_be_filled_after_it(void **state)
{
	double x[] = { 1, 2, 3, 400 };
	struct column column[] = { numbers("x", x) };
	struct table table = table_of(column, 1, 4);
	const size_t first[] = { 0 };
	struct treatment t;
	struct design *d;
	struct rows all;

	(void)state;
	treatment_init(&t);
	treatment_add(&t, STEP_BLANK, 0, 10);
	assert_true(rows_all(&all, 4, &err));
	assert_null(design_new(&table, first, 1, &t, &all, NULL, &err));
	assert_string_equal(err.text, "x has 1 missing cell that a rule made: "
			    "clean impute after it, or leave it out with "
			    "features -NAME");
	treatment_add(&t, STEP_FILL, 2, 0);
	t.indicator = true;
	t.indicator_steps = 1;
	d = design_new(&table, first, 1, &t, &all, NULL, &err);
	assert_non_null(d);
	assert_int_equal(d->p, 2);
	assert_string_equal(d->feature[1].name, "x missing");
	near(d->feature[0].mean, 2, 1e-15);
	near(d->feature[1].mean, 0.25, 1e-15);
	design_free(d);
	rows_clear(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ledger_always_adds_up),
		cmocka_unit_test(a_memory_changes_nothing),
		cmocka_unit_test(all_rules_off_leave_everything_as_it_is),
		cmocka_unit_test(the_order_of_columns_does_not_matter),
		cmocka_unit_test(one_thread_finds_what_two_find),
		cmocka_unit_test(no_rows_and_one_row_are_cleaned_too),
		cmocka_unit_test(of_a_column_without_values_nothing_is_learned),
		cmocka_unit_test(
			a_constant_is_shifted_and_never_divided_by_nothing),
		cmocka_unit_test(the_largest_numbers_make_no_nan),
		cmocka_unit_test(a_level_named_other_takes_the_rare_ones_in),
		cmocka_unit_test(
			previous_values_come_from_above_and_from_the_group),
		cmocka_unit_test(quantiles_are_those_of_sorted_numbers),
		cmocka_unit_test(a_mode_is_the_smallest_of_the_most_frequent),
		cmocka_unit_test(a_rule_that_takes_one_class_is_told),
		cmocka_unit_test(rows_that_contradict_each_other_are_found),
		cmocka_unit_test(
			scales_before_and_behind_clipping_make_one_unit),
		cmocka_unit_test(what_a_rule_blanks_must_be_filled_after_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
