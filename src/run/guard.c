#include "run/guard.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "base/text.h"
#include "run/guard-check.h"

const struct guard guards[] = {
	{ "G01", "learning before the split", "guard-fit", guard_fit_all },
	{ "G02", "the answer among the features", "guard-answer",
	  guard_answer },
	{ "G03", "neighbours in time on both sides", "guard-time",
	  guard_order },
	{ "G04", "one group on both sides", "guard-group", guard_groups },
	{ "G05", "copies on both sides", "guard-copies", guard_copies },
	{ "G06", "a rule that takes more of one class", "guard-uneven",
	  guard_uneven },
	{ "G07", "labels that contradict each other", "guard-labels",
	  guard_labels },
	{ "G08", "accuracy that hides a class", "guard-accuracy",
	  guard_accuracy },
	{ "G09", "a penalty on the intercept", "guard-intercept",
	  guard_intercept },
	{ "G10", "classes that are separated", "guard-parted",
	  guard_separation },
	{ "G11", "a training that has not converged", "guard-converged",
	  guard_converged },
	{ "G12", "two features that pull against each other", "guard-pair",
	  guard_pair },
	{ "G13", "the best of many runs", "guard-best", guard_best },
	{ 0 }
};

static bool same_code(const char *a, const char *b)
{
	while (*a && toupper((unsigned char)*b) == *a) {
		a++;
		b++;
	}
	return !*a && !*b;
}

const struct guard *guard_find(const char *code)
{
	for (const struct guard *g = guards; g->code; g++)
		if (same_code(g->code, code))
			return g;
	return NULL;
}

unsigned guard_bit(const struct guard *guard)
{
	return 1u << (guard - guards);
}

/* ---- the ground ---- */

bool ground_by_chance(const struct ground *g)
{
	const struct option_values *split = &g->settings->split;
	const char *shuffle = options_maybe(split, "shuffle");

	return !options_maybe(split, "time") &&
	       (!shuffle || strcmp(shuffle, "no"));
}

bool ground_grouped(const struct ground *g)
{
	return options_maybe(&g->settings->split, "group");
}

bool ground_some(const struct ground *g, size_t n, struct rows *rows,
		 struct err *err)
{
	const struct rows *of = g->rows.used;

	n = n < of->n ? n : of->n;
	if (!rows_room(rows, n, err))
		return false;
	memcpy(rows->row, of->row + (of->n - n) / 2, n * sizeof(*of->row));
	return true;
}

bool ground_sample(const struct ground *g, size_t n, struct rows *rows,
		   struct err *err)
{
	const struct rows *of = g->rows.used;
	struct rng rng;

	n = n < of->n ? n : of->n;
	if (!rows_room(rows, n, err))
		return false;
	rng_init(&rng, 1);
	for (size_t i = 0; i < n; i++) {
		size_t from = i * of->n / n, to = (i + 1) * of->n / n;

		rows->row[i] = of->row[from + rng_upto(&rng,
					(uint32_t)(to - from - 1))];
	}
	return true;
}

struct warning *ground_find(struct ground *g, char *text)
{
	struct findings *all = g->found;

	all->of = mem_grow(all->of, all->n, sizeof(*all->of));
	all->of[all->n] = (struct warning){ .guard = g->guard, .text = text,
					    .now = NAN, .then = NAN };
	return &all->of[all->n++];
}

static void warning_clear(struct warning *f)
{
	free(f->text);
	free(f->instead);
	free(f->remedy);
	free(f->see);
}

void ground_drop(struct ground *g)
{
	warning_clear(&g->found->of[--g->found->n]);
}

struct count_text counted(size_t n)
{
	struct count_text text = { "" };

	text_count(text.text, n);
	return text;
}

/* ---- trials ---- */

/* So few rows any method has trained in a fifth of a second. */
enum { OWN_ROWS = 2000 };

/* A quicker method in the place of theirs, that weighs classes as they do; one
 * that tells nothing shows nothing, however few the rows. */
static void stand_in(const struct ground *g, struct settings *s)
{
	const struct method *other = trial_method(s->method, g->target.task);
	const char *weight = options_maybe(&s->method_options, "class_weight");
	char *word = weight ? mem_printf("class_weight=%s", weight) : NULL;
	bool few = g->table->rows <= OWN_ROWS &&
		   strcmp(s->method->name, "baseline");
	struct err why;

	if (other != s->method && !few) {
		options_clear(&s->method_options);
		s->method = other;
		options_init(&s->method_options, other->options);
		if (word)
			options_set(&s->method_options, other->name, word,
				    &why);
	}
	free(word);
}

/* The score is known; of a baseline nobody expects that it was tried. */
static void take_score(struct warning *f, const struct ground *g,
		       const struct settings *tried, const char *score)
{
	f->score = score;
	if (tried->method != g->settings->method &&
	    strcmp(g->settings->method->name, "baseline"))
		f->with = tried->method->name;
}

static bool try_both(struct ground *g, struct warning *f,
		     const struct settings *now, const struct settings *then,
		     enum trial_pick pick, size_t column, struct err *err)
{
	struct trial trial = { .table = g->table, .settings = now,
			       .pick = pick, .column = column };
	size_t rows = trial_rows(g->table, now);
	size_t fewer = trial_rows(g->table, then);
	bool ok;

	f->now = result_plain_rank(g->about->result);
	f->rows = rows < fewer ? rows : fewer;
	if (f->rows == 0)
		return false;	/* too wide: it would take too long */
	trial.rows = f->rows;
	ok = (f->rows == g->table->rows &&
	      now->method == g->settings->method) ||
	     trial_run(g->about->trials, &trial, &f->now, g->job, err);
	trial.settings = then;
	ok = ok && trial_run(g->about->trials, &trial, &f->then, g->job, err);
	if (f->rows == g->table->rows)
		f->rows = 0;
	return ok && isfinite(f->now) && isfinite(f->then);
}

bool ground_try(struct ground *g, struct warning *f,
		const struct settings *other, enum trial_pick pick,
		size_t column, struct err *err)
{
	struct settings now, then;
	struct err why = { 0 };

	settings_copy(&now, g->settings);
	settings_copy(&then, other);
	stand_in(g, &now);
	stand_in(g, &then);
	if (try_both(g, f, &now, &then, pick, column, &why))
		take_score(f, g, &now, result_rank_name(g->about->result));
	settings_clear(&now);
	settings_clear(&then);
	if (why.code == ERR_CANCELLED || job_cancelled(g->job))
		return err_cancelled(err);
	return true;
}

/* The score of those test rows of a result that are not marked. */
static double spared_score(const struct result *r, const struct ground *g,
			   const bool *marked)
{
	size_t n = 0, rows = r->test_rows.n;
	double *y = mem_array(rows, sizeof(*y));
	double *told = mem_array(rows, sizeof(*told));
	uint32_t *class_of = mem_array(rows, sizeof(*class_of));
	uint32_t *class_told = mem_array(rows, sizeof(*class_told));
	struct metrics m = { 0 };
	double score = NAN;

	for (size_t i = 0; i < rows; i++) {
		if (marked[r->test_rows.row[i]])
			continue;
		y[n] = ground_y(g, r->test_rows.row[i]);
		told[n] = g->classes ? 0 : r->told[i];
		class_of[n] = g->classes ? (uint32_t)y[n] : 0;
		class_told[n++] = r->predicted ? r->predicted[i] : 0;
	}
	if (!g->classes && n > 0)
		score = metrics_r2(y, told, n);
	else if (n > 0 && metrics_classes(&m, class_of, class_told, n,
					   g->target.classes, NULL))
		score = m.mcc;
	metrics_clear(&m);
	free(class_told);
	free(class_of);
	free(told);
	free(y);
	return score;
}

bool ground_spare(struct ground *g, struct warning *f, const bool *marked,
		  struct err *err)
{
	struct stages *stages;
	struct settings s;
	struct result *r;
	struct err why;

	if (trial_rows(g->table, g->settings) < g->table->rows)
		return true;
	settings_copy(&s, g->settings);
	stand_in(g, &s);
	stages = stages_new();
	r = work_train(stages, g->table, &s, g->job, &why);
	if (r) {
		f->now = result_plain_rank(r);
		f->then = spared_score(r, g, marked);
	}
	if (isfinite(f->now) && isfinite(f->then))
		take_score(f, g, &s, result_rank_name(r));
	result_free(r);
	stages_free(stages);
	settings_clear(&s);
	return !job_cancelled(g->job) || err_cancelled(err);
}

bool ground_split(const struct ground *g, const char *word,
		  struct settings *other)
{
	static const char *const kept[] = { "test", "seed" };
	struct option_values *split;
	struct err err;

	settings_copy(other, g->settings);
	split = &other->split;
	options_clear(split);
	options_init(split, g->settings->split.table);
	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		const char *value = options_maybe(&g->settings->split, kept[i]);
		char *same = mem_printf("%s=%s", kept[i], value);

		options_set(split, "split", same, &err);
		free(same);
	}
	if (options_set(split, "split", word, &err))
		return true;
	settings_clear(other);
	return false;
}

char *ground_split_command(const struct settings *s)
{
	char *options = options_format(&s->split, false);
	char *text = mem_printf("split%s%s", *options ? " " : "", options);

	free(options);
	return text;
}

/* ---- names ---- */

enum { NAMES_MOST = 6 };

char *ground_names(const struct ground *g, const size_t *column, size_t n)
{
	size_t told = n <= NAMES_MOST ? n : NAMES_MOST - 1, size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < told; i++)
		fprintf(out, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " and ",
			g->table->column[column[i]].name);
	if (told < n)
		fprintf(out, " and %zu more", n - told);
	fclose(out);
	return text;
}

bool ground_option(const struct ground *g, const char *word,
		   struct settings *other, char **command)
{
	char *options;
	struct err why;

	settings_copy(other, g->settings);
	if (!options_set(&other->method_options, other->method->name, word,
			 &why)) {
		settings_clear(other);
		return false;
	}
	options = options_format(&other->method_options, false);
	*command = mem_printf("train %s%s%s", other->method->name,
			      *options ? " " : "", options);
	free(options);
	return true;
}

char *ground_without(const struct ground *g, const size_t *column, size_t n)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fputs("features", out);
	for (size_t i = 0; i < n; i++) {
		char *name = mem_printf("-%s",
					g->table->column[column[i]].name);
		char *word = text_quote(name);

		fprintf(out, " %s", word);
		free(word);
		free(name);
	}
	fclose(out);
	return text;
}

/* ---- all guards ---- */

static bool ground_init(struct ground *g, struct err *err)
{
	const struct settings *s = g->settings;

	if (!work_split(g->about->stages, g->table, s, &g->rows, g->job,
			err) ||
	    !target_init(&g->target, g->table, s, g->rows.used, err))
		return false;
	g->classes = g->target.classes > 0;
	g->features.column = mem_array(s->columns, sizeof(size_t));
	for (size_t c = 0; c < s->columns; c++)
		if (settings_uses(s, c))
			g->features.column[g->features.n++] = c;
	g->side = mem_try(g->table->rows, sizeof(*g->side));
	if (!g->side)
		return err_set(err, ERR_NOMEM, "no memory to guard %zu rows",
			       g->table->rows);
	for (size_t i = 0; i < g->rows.fold->train.n; i++)
		g->side[g->rows.fold->train.row[i]] = SIDE_TRAIN;
	for (size_t i = 0; i < g->rows.fold->test.n; i++)
		g->side[g->rows.fold->test.row[i]] = SIDE_TEST;
	return true;
}

static void ground_clear(struct ground *g)
{
	free(g->side);
	free(g->features.column);
	copies_free(g->copies);
	target_clear(&g->target);
}

struct findings *guards_find(const struct guard_about *about, struct job *job,
			     struct err *err)
{
	struct ground g = { .about = about, .table = about->table,
			    .settings = about->settings, .job = job,
			    .found = mem_new(sizeof(*g.found)) };
	bool ok = ground_init(&g, err);

	for (g.guard = guards; ok && g.guard->code; g.guard++) {
		if (g.settings->guards_off & guard_bit(g.guard))
			continue;
		ok = g.guard->check(&g, err);
		if (ok && job_cancelled(job))
			ok = err_cancelled(err);
	}
	ground_clear(&g);
	if (ok)
		return g.found;
	findings_free(g.found);
	return NULL;
}

void findings_free(struct findings *findings)
{
	if (!findings)
		return;
	for (size_t i = 0; i < findings->n; i++)
		warning_clear(&findings->of[i]);
	free(findings->of);
	free(findings);
}

char *warning_line(const struct warning *f)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fputs(f->text, out);
	if (f->score)
		fprintf(out, ": %s %.3f, %s %.3f", f->score, f->now,
			f->instead, f->then);
	if (f->score && (f->rows || f->with)) {
		fputs(" (tried", out);
		if (f->with)
			fprintf(out, " with %s", f->with);
		if (f->rows)
			fprintf(out, " on %s rows", counted(f->rows).text);
		fputc(')', out);
	}
	fclose(out);
	return text;
}
