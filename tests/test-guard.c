/*
 * test-guard.c - each guard on tables that it must warn of, and on tables like
 * them that it must not
 */
#include "run/guard.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rng.h"
#include "command/session.h"
#include "run/guard-check.h"

static char folder[] = "/tmp/gemba-guard-XXXXXX";
static struct session *s;
static struct rng rng;
static FILE *out;
static struct err err;

/* ---- a table and a session about it ---- */

static FILE *table(const char *header)
{
	rng_init(&rng, 7);
	out = fopen("table.csv", "w");
	assert_non_null(out);
	fprintf(out, "%s\n", header);
	return out;
}

/* About normal: mean 0, deviation 1. */
static double noise(void)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += rng_double(&rng);
	return sum;
}

static bool chance(double p)
{
	return rng_double(&rng) < p;
}

static void say(const char *line)
{
	if (!session_do(s, line, &err))
		fail_msg("%s: %s", line, err.text);
}

static void forget(void)
{
	if (s)
		session_free(s, false);
	s = NULL;
}

/* What the guards find in the table that was written, with these lines. */
static const struct findings *found(const char *const *line)
{
	if (out)
		fclose(out);
	out = NULL;
	forget();
	s = session_new(-1);
	say("open table.csv");
	for (; *line; line++)
		say(*line);
	if (!session_guard(s, &err))
		fail_msg("%s", err.text);
	assert_non_null(session_guards(s));
	return session_guards(s);
}

#define FOUND(...) found((const char *const[]){ __VA_ARGS__, NULL })

/* What this guard says, or NULL. */
static const struct warning *of(const struct findings *all, const char *code)
{
	for (size_t i = 0; i < all->n; i++)
		if (!strcmp(all->of[i].guard->code, code))
			return &all->of[i];
	return NULL;
}

static void silent(const struct findings *all)
{
	for (size_t i = 0; i < all->n; i++)
		fail_msg("%s %s", all->of[i].guard->code, all->of[i].text);
}

static int begin(void **state)
{
	(void)state;
	return !mkdtemp(folder) || chdir(folder);
}

static int end(void **state)
{
	(void)state;
	forget();
	remove("table.csv");
	remove("kept.gemba");
	return chdir("/") || rmdir(folder);
}

/* ---- tables that are as they should be ---- */

/* Two readings tell of a class; machines are just names. */
static void write_good(size_t rows)
{
	table("a,b,machine,y");
	for (size_t i = 0; i < rows; i++) {
		double a = noise(), b = noise();

		fprintf(out, "%.4f,%.4f,M%02u,%s\n", a, b,
			(unsigned)rng_upto(&rng, 19),
			chance(1 / (1 + exp(-a - b))) ? "yes" : "no");
	}
}

static void a_good_table_is_not_spoken_of(void **state)
{
	(void)state;
	write_good(2000);
	silent(FOUND("target y", "clean standardize", "train logistic"));
}

static void few_rows_are_not_spoken_of(void **state)
{
	(void)state;
	table("a,y");
	for (int i = 0; i < 12; i++)
		fprintf(out, "%d,%s\n", i, i < 6 ? "no" : "yes");
	silent(FOUND("target y", "train logistic"));
}

/* ---- G01 ---- */

static void fit_all_is_told_with_both_scores(void **state)
{
	const struct warning *w;

	(void)state;
	write_good(500);
	w = of(FOUND("target y", "clean standardize fit=all",
		     "train logistic"), "G01");
	assert_non_null(w);
	assert_false(w->proposal);
	assert_string_equal(w->score, "mcc");
	assert_true(w->now == session_newest(s)->test.mcc);
	assert_true(fabs(w->then - w->now) < 0.05);
	assert_string_equal(w->remedy, "clean standardize fit=train");
	say(w->remedy);
	say("train");
	assert_true(session_newest(s)->test.mcc == w->then);
	silent(FOUND("target y", "clean standardize fit=train",
		     "train logistic"));
}

/* ---- G02 ---- */

/* y is whether x > 1; with wrong, so many of x's are something else. */
static void write_cut(double wrong)
{
	table("x,z,y");
	for (int i = 0; i < 1000; i++) {
		double x = noise(), z = noise();

		fprintf(out, "%.4f,%.4f,%d\n", chance(wrong) ? noise() : x, z,
			x > 1);
	}
}

static void a_feature_that_tells_alone_is_found(void **state)
{
	const struct warning *w;

	(void)state;
	write_cut(0);
	w = of(FOUND("target y", "train logistic"), "G02");
	assert_non_null(w);
	assert_string_equal(w->text, "x alone tells y (auc > 0.98)");
	assert_string_equal(w->remedy, "features -x");
	assert_true(w->now > 0.9 && w->then < 0.3);
	write_cut(0.1);
	silent(FOUND("target y", "train logistic"));
}

static void a_level_that_tells_alone_is_found(void **state)
{
	(void)state;
	table("kind,z,y");
	for (int i = 0; i < 1000; i++) {
		unsigned k = rng_upto(&rng, 4);

		fprintf(out, "%c,%.4f,%s\n", "abcde"[k], noise(),
			k == 1 || k == 3 ? "yes" : "no");
	}
	assert_non_null(of(FOUND("target y", "train logistic"), "G02"));
}

/* A code for each of four classes, wrong in one row of a hundred; and one that
 * is wrong in every fourth row is a feature. */
static void a_code_of_many_classes_is_found(void **state)
{
	const struct warning *w;

	(void)state;
	for (int wrong = 1; wrong <= 25; wrong += 24) {
		table("code,z,y");
		for (int i = 0; i < 2000; i++) {
			unsigned k = rng_upto(&rng, 3);
			bool lies = chance(wrong / 100.0);

			fprintf(out, "%c,%.4f,%s\n", "ABCD"[(k + lies) % 4],
				noise(), (const char *const[]){ "no", "heat",
				"wear", "power" }[k]);
		}
		w = of(FOUND("target y", "train logistic"), "G02");
		assert_true((wrong == 1) == (w != NULL));
	}
}

/* Levels of a rare class that are seen once must not praise themselves. */
static void many_levels_do_not_praise_themselves(void **state)
{
	(void)state;
	table("kind,z,y");
	for (int i = 0; i < 5000; i++)
		fprintf(out, "k%c%c,%.4f,%s\n",
			(char)('a' + rng_upto(&rng, 25)),
			(char)('a' + rng_upto(&rng, 25)), noise(),
			chance(0.01) ? "yes" : "no");
	assert_null(of(FOUND("target y", "train logistic"), "G02"));
}

static void a_number_that_is_the_target_is_found(void **state)
{
	const struct warning *w;

	(void)state;
	table("a,copy,y");
	for (int i = 0; i < 500; i++) {
		double a = noise(), y = a + noise();

		fprintf(out, "%.4f,%.4f,%.4f\n", a, 2.2 * y + 5, y);
	}
	w = of(FOUND("target y", "train linear"), "G02");
	assert_non_null(w);
	assert_string_equal(w->text, "copy alone tells y (|r| > 0.99)");
	assert_string_equal(w->score, "r2");
	assert_true(w->now > 0.999 && w->then < 0.7);
	silent(FOUND("target y", "features a", "train linear"));
}

/* Modes of failure: three that count, one that does not, and failures that
 * have none. */
static size_t write_modes(void)
{
	size_t others = 0;

	table("heat,m1,m2,m3,m4,other,y");
	for (int i = 0; i < 5000; i++) {
		bool m1 = chance(0.02), m2 = chance(0.02), m3 = chance(0.01);
		bool any = m1 || m2 || m3, m4 = i % 1000 == 3;
		bool y = any || i % 1000 == 500;

		fprintf(out, "%.3f,%d,%d,%d,%d,%d,%d\n", noise(), m1, m2, m3,
			m4, chance(0.3), y);
		others += y != (any || m4);
	}
	return others;
}

static void modes_of_failure_are_found_as_a_set(void **state)
{
	const struct warning *w;
	size_t others = write_modes();

	(void)state;
	assert_in_range(others, 5, 10);
	w = of(FOUND("target y", "train logistic"), "G02");
	assert_non_null(w);
	assert_non_null(strstr(w->text, "m1, m2, m3 and m4 restate y"));
	assert_int_equal(w->count, others);
	assert_int_equal(w->of, 5000);
	assert_string_equal(w->remedy, "features -m1 -m2 -m3 -m4");
	assert_string_equal(w->see, "filter (y = 1) != (m1 or m2 or m3 or m4)");
	assert_true(w->now > 0.9 && w->then < 0.1);
	assert_null(of(FOUND("target y", "features heat other",
			     "train logistic"), "G02"));
}

static void a_flag_that_is_often_wrong_is_a_feature(void **state)
{
	(void)state;
	table("alarm,z,y");
	for (int i = 0; i < 3000; i++) {
		bool alarm = chance(0.1);

		fprintf(out, "%d,%.3f,%d\n", alarm, noise(),
			chance(alarm ? 0.8 : 0.05));
	}
	silent(FOUND("target y", "train logistic"));
}

/* ---- G03 ---- */

/* Three random walks, and a fourth. */
static void write_walks(void)
{
	double at[4] = { 0 };

	table("a,b,c,y");
	rng_init(&rng, 7);
	for (int i = 0; i < 2000; i++) {
		for (int k = 0; k < 4; k++)
			at[k] += noise();
		fprintf(out, "%.4f,%.4f,%.4f,%.4f\n", at[0], at[1], at[2],
			at[3]);
	}
}

static void random_walks_are_warned_about(void **state)
{
	const struct warning *w;

	(void)state;
	write_walks();
	w = of(FOUND("target y", "train linear"), "G03");
	assert_non_null(w);
	assert_false(w->proposal);
	assert_string_equal(w->score, "r2");
	assert_true(w->now > 0.85 && w->now < 0.95 && w->then < 0);
	assert_string_equal(w->remedy, "split shuffle=no");
	silent(FOUND("target y", "split shuffle=no", "train linear"));
}

/* The same rows in order of a feature: what is left of y is noise. */
static void rows_in_order_of_a_feature_are_no_walk(void **state)
{
	(void)state;
	table("x,y");
	for (int i = 0; i < 2000; i++)
		fprintf(out, "%d.5,%.4f\n", i, i / 100.0 + noise());
	silent(FOUND("target y", "train linear"));
}

static void a_file_in_order_of_its_classes_is_no_walk(void **state)
{
	(void)state;
	table("x,z,y");
	for (int i = 0; i < 1000; i++)
		fprintf(out, "%.4f,%.4f,%s\n", noise() + i / 500, noise(),
			i < 500 ? "no" : "yes");
	silent(FOUND("target y", "train logistic"));
}

/* Rows with a time, in no order: what is proposed is by time. */
static void rows_with_a_time_get_a_proposal(void **state)
{
	const struct warning *w;

	(void)state;
	table("a,stamp,y");
	for (int i = 0; i < 1000; i++) {
		double a = noise();

		fprintf(out, "%.4f,2024-%02d-%02d %02d:30:00,%.4f\n", a,
			1 + i * 7 % 12, 1 + i * 11 % 28, i % 24, a + noise());
	}
	w = of(FOUND("target y", "features a", "train linear"), "G03");
	assert_non_null(w);
	assert_true(w->proposal);
	assert_string_equal(w->remedy, "split time=stamp");
	assert_non_null(w->score);
	silent(FOUND("target y", "features a", "split time=stamp",
		     "train linear"));
}

/* ---- G04 ---- */

/* Each lot has a level of its own, which the reading w names. */
static void write_lots(double alike)
{
	double level = 0, w = 0;

	table("lot,w,z,y");
	for (int i = 0; i < 2000; i++) {
		if (i % 10 == 0) {
			level = alike * noise();
			w = noise();
		}
		fprintf(out, "%d,%.4f,%.4f,%.4f\n", 1000 + i / 10 * 7 % 200, w,
			noise(), level + 0.5 * w * level + noise());
	}
}

static void lots_on_both_sides_are_found(void **state)
{
	const struct warning *w;

	(void)state;
	write_lots(2);
	w = of(FOUND("target y", "features w z", "train linear"), "G04");
	assert_non_null(w);
	assert_int_equal(w->of, 200);
	assert_true(w->count > 150);
	assert_string_equal(w->remedy, "split group=lot");
	assert_string_equal(w->instead, "by lot");
	assert_non_null(w->score);
	assert_null(of(FOUND("target y", "features w z", "split group=lot",
			     "train linear"), "G04"));
	write_lots(0);
	silent(FOUND("target y", "features w z", "train linear"));
}

/* A number that comes back is a reading. */
static void a_whole_number_is_no_group(void **state)
{
	(void)state;
	table("speed,y");
	for (int i = 0; i < 2000; i++) {
		unsigned speed = 1000 + rng_upto(&rng, 40);

		fprintf(out, "%u,%.4f\n", speed, speed / 10.0 + noise());
	}
	silent(FOUND("target y", "train linear"));
}

static void machines_that_differ_are_proposed(void **state)
{
	double level[20];
	const struct warning *w;

	(void)state;
	table("machine,z,y");
	for (int k = 0; k < 20; k++)
		level[k] = noise();
	for (int i = 0; i < 2000; i++) {
		unsigned k = rng_upto(&rng, 19);

		fprintf(out, "M%02u,%.4f,%.4f\n", k, noise(),
			level[k] + noise());
	}
	w = of(FOUND("target y", "train linear"), "G04");
	assert_non_null(w);
	assert_true(w->proposal);
	assert_int_equal(w->count, 20);
	assert_true(w->then < w->now);
}

/* Who says that it is a group is taken at his word. */
static void the_role_of_a_group_is_enough(void **state)
{
	const char *const role[] = { "role line group", "role number group" };
	const struct warning *w;

	(void)state;
	table("line,number,z,y");
	for (int i = 0; i < 400; i++)
		fprintf(out, "%c,%d,%.4f,%.4f\n", 'A' + i % 5, i * 7 % 13,
			noise(), noise());
	silent(FOUND("target y", "features z", "train linear"));
	for (int i = 0; i < 2; i++) {
		w = of(FOUND("target y", "features z", role[i],
			     "train linear"), "G04");
		assert_non_null(w);
		assert_false(w->proposal);
		assert_int_equal(w->of, i ? 13 : 5);
		assert_int_equal(w->count, i ? 13 : 5);
	}
	silent(FOUND("target y", "features z", "role line group",
		     "split group=line", "train linear"));
}

/* ---- G05, G07 ---- */

static void write_copies(int copies, bool other_answer)
{
	char line[80] = "";

	table("a,b,y");
	for (int i = 0; i < 1000; i++) {
		double a = noise(), b = noise();
		bool yes = chance(1 / (1 + exp(-a)));

		if (i >= copies || i % 2 == 0)
			snprintf(line, sizeof(line), "%.5f,%.5f", a, b);
		else if (other_answer)
			yes = i % 4 == 1;
		if (i < copies && !other_answer)
			yes = i % 4 < 2;
		fprintf(out, "%s,%s\n", line, yes ? "yes" : "no");
	}
}

static void copies_across_the_split_are_counted(void **state)
{
	const struct warning *w;

	(void)state;
	write_copies(400, false);
	w = of(FOUND("target y", "train logistic"), "G05");
	assert_non_null(w);
	assert_int_equal(w->of, 200);
	/* 80 of the 400 test; the other one of the pair trains in 4 of 5. */
	assert_in_range(w->count, 45, 80);
	assert_string_equal(w->remedy, "clean drop-duplicates");
	assert_non_null(w->score);
	silent(FOUND("target y", "clean drop-duplicates", "train logistic"));
	write_copies(0, false);
	silent(FOUND("target y", "train logistic"));
}

static void rows_of_few_kinds_are_no_copies(void **state)
{
	(void)state;
	table("a,b,y");
	for (int i = 0; i < 1000; i++) {
		unsigned a = rng_upto(&rng, 4), b = rng_upto(&rng, 4);

		fprintf(out, "%u,%u,%.3f\n", a, b, a + b + noise());
	}
	silent(FOUND("target y", "train linear"));
}

static void contradictions_are_counted(void **state)
{
	const struct warning *w;
	size_t rows = 0;

	(void)state;
	write_copies(200, true);
	w = of(FOUND("target y", "train logistic"), "G07");
	assert_non_null(w);
	assert_false(w->proposal);
	assert_int_equal(w->of, 1000);
	assert_in_range(w->count, 60, 140);
	assert_non_null(strstr(w->text, "no method is right in more than 9"));
	/* Of each pair one is told wrong. */
	rows = w->count / 2;
	assert_int_equal(w->count % 2, 0);
	assert_true(rows > 0);
}

static void kinds_that_are_undecided_are_proposed(void **state)
{
	const struct warning *w;

	(void)state;
	table("a,b,y");
	for (int i = 0; i < 1000; i++)
		fprintf(out, "%u,%u,%s\n", (unsigned)rng_upto(&rng, 4),
			(unsigned)rng_upto(&rng, 4),
			chance(0.3) ? "yes" : "no");
	w = of(FOUND("target y", "train logistic"), "G07");
	assert_non_null(w);
	assert_true(w->proposal);
}

/* ---- G06: on a ledger as cleaning leaves it ---- */

static size_t uneven(size_t of_no, size_t of_yes)
{
	struct result result = { .ledger = {
		.rules = 1, .read = 1000, .classes = 2, .target = "y",
		.class_name = { "no", "yes" },
		.class_rows = { 900, 100 },
		.of = { { .rule = rule_find("drop-missing"), .number = 1,
			  .on = true, .drops = true,
			  .effect = { .known = true,
				      .rows = of_no + of_yes,
				      .class = { of_no, of_yes } } } } } };
	struct guard_about about = { .result = &result };
	struct findings *all = mem_new(sizeof(*all));
	struct ground g = { .about = &about, .found = all,
			    .guard = guard_find("G06") };
	size_t n;

	assert_true(guard_uneven(&g, &err));
	n = all->n;
	if (n) {
		assert_string_equal(all->of[0].text, "drop-missing takes 20 % "
				    "of y=yes, 2 % of no");
		assert_string_equal(all->of[0].remedy,
				    "clean drop-missing off");
	}
	findings_free(all);
	return n;
}

static void a_rule_that_takes_more_of_a_class_is_found(void **state)
{
	(void)state;
	assert_int_equal(uneven(18, 20), 1);
	assert_int_equal(uneven(90, 12), 0);
	assert_int_equal(uneven(9, 2), 0);
	assert_int_equal(uneven(0, 0), 0);
	assert_int_equal(uneven(900, 100), 0);
}

/* Failures are outliers by their nature. */
static void outliers_that_are_the_failures_are_found(void **state)
{
	const struct warning *w;

	(void)state;
	table("heat,z,failed");
	for (int i = 0; i < 1000; i++) {
		bool failed = i % 20 == 0;

		fprintf(out, "%.3f,%.3f,%s\n",
			noise() * (failed ? 4 : 1), noise(),
			failed ? "yes" : "no");
	}
	w = of(FOUND("target failed", "clean outliers action=drop",
		     "train logistic"), "G06");
	assert_non_null(w);
	assert_non_null(strstr(w->text, "outliers takes"));
	assert_non_null(strstr(w->text, "of failed=yes"));
	assert_string_equal(w->remedy, "clean outliers off");
	w = of(FOUND("target failed", "clean outliers action=clip",
		     "train logistic"), "G06");
	assert_non_null(w);
	assert_null(of(FOUND("target failed", "train logistic"), "G06"));
}

/* A column that is calculated is one like any other. */
/* ---- G08 to G13 ---- */

/* b is the failure in disguise, in rows of which few fail. */
static void write_rare(double slope)
{
	table("a,b,y");
	for (int i = 0; i < 4000; i++) {
		double a = noise(), b = noise();

		fprintf(out, "%.4f,%.4f,%s\n", a, b,
			chance(1 / (1 + exp(4.5 - slope * a))) ? "yes" : "no");
	}
}

static void accuracy_that_hides_a_class_is_told(void **state)
{
	const struct warning *w;

	(void)state;
	write_rare(1);
	w = of(FOUND("target y", "train logistic"), "G08");
	assert_non_null(w);
	assert_non_null(strstr(w->text, "accuracy"));
	assert_non_null(strstr(w->text, "'yes'"));
	assert_null(of(FOUND("target y", "train baseline"), "G08"));
	write_rare(9);
	assert_null(of(FOUND("target y", "train logistic"), "G08"));
}

/* Far from 0 the intercept is far from 0, too, and a penalty hurts. */
static void a_penalised_intercept_is_told(void **state)
{
	const struct warning *w;

	(void)state;
	table("a,y");
	for (int i = 0; i < 300; i++) {
		double a = noise();

		fprintf(out, "%.4f,%s\n", a, chance(1 / (1 + exp(2.5 - a))) ?
			"yes" : "no");
	}
	w = of(FOUND("target y", "train logistic solver=liblinear l2=20"),
	       "G09");
	assert_non_null(w);
	assert_string_equal(w->remedy, "train logistic l2=20");
	assert_null(of(FOUND("target y", "train logistic l2=20"), "G09"));
	assert_null(of(FOUND("target y", "train logistic solver=liblinear "
			     "l2=0.001"), "G09"));
}

static void separated_classes_are_named(void **state)
{
	const struct warning *w;

	(void)state;
	table("a,line,y");
	for (int i = 0; i < 400; i++) {
		double a = noise();
		bool y = chance(1 / (1 + exp(-a)));

		fprintf(out, "%.4f,%s,%s\n", a,
			y && i % 10 == 0 ? "H" : i % 2 ? "L" : "M",
			y ? "yes" : "no");
	}
	w = of(FOUND("target y", "train logistic l2=0"), "G10");
	assert_non_null(w);
	assert_non_null(strstr(w->text, "line=H is 'yes' in all "));
	assert_string_equal(w->remedy, "train logistic");
	assert_null(of(FOUND("target y", "train logistic"), "G10"));
	assert_null(of(FOUND("target y", "features a", "train logistic l2=0"),
		       "G10"));
}

/* No column parts them, and their sum does. */
static void classes_that_all_features_part_are_told(void **state)
{
	const struct warning *w;

	(void)state;
	table("a,b,y");
	for (int i = 0; i < 400; i++) {
		double a = noise(), b = noise();

		fprintf(out, "%.4f,%.4f,%s\n", a, b, a + b > 0 ? "up" : "down");
	}
	w = of(FOUND("target y", "train logistic l2=0"), "G10");
	assert_non_null(w);
	assert_non_null(strstr(w->text, "the features together separate"));
}

static void a_run_that_has_not_converged_is_told(void **state)
{
	const struct warning *w;

	(void)state;
	write_good(500);
	w = of(FOUND("target y", "train logistic iterations=1"), "G11");
	assert_non_null(w);
	assert_non_null(strstr(w->text, "after 1 iteration:"));
	assert_string_equal(w->remedy, "train logistic iterations=10");
	assert_null(of(FOUND("target y", "train logistic"), "G11"));
}

/* The difference of two columns that move together is what counts. */
static void a_pair_that_pulls_is_told(void **state)
{
	const struct warning *w;

	(void)state;
	for (int sign = -1; sign <= 1; sign += 2) {
		table("air,process,z,y");
		for (int i = 0; i < 2000; i++) {
			double air = noise(), process = air + noise() / 3;
			double z = 3 * (process + sign * air);

			fprintf(out, "%.4f,%.4f,%.4f,%s\n", air, process,
				noise(), chance(1 / (1 + exp(-z))) ? "yes"
				: "no");
		}
		w = of(FOUND("target y", "train logistic"), "G12");
		assert_true((sign < 0) == (w != NULL));
		if (!w)
			continue;
		assert_true(w->proposal);
		assert_non_null(strstr(w->text, "air and process go together"));
		assert_true(w->then < w->now);
	}
}

static void the_best_of_many_runs_is_told(void **state)
{
	char line[60];

	(void)state;
	write_good(500);
	assert_null(of(FOUND("target y", "train logistic"), "G13"));
	for (int i = 1; i < 12; i++) {
		snprintf(line, sizeof(line), "train tree depth=%d", i);
		say(line);
	}
	say("train logistic l2=0.5");
	assert_true(session_guard(s, &err));
	assert_non_null(of(session_guards(s), "G13"));
	assert_int_equal(of(session_guards(s), "G13")->count, 13);
	say("train tree depth=1");
	assert_true(session_guard(s, &err));
	assert_null(of(session_guards(s), "G13"));
}

static void a_derived_column_can_hold_the_answer(void **state)
{
	const struct warning *w;

	(void)state;
	table("a,b,y");
	for (int i = 0; i < 500; i++) {
		double a = noise(), b = noise();

		fprintf(out, "%.4f,%.4f,%s\n", a, b, a > b ? "yes" : "no");
	}
	silent(FOUND("target y", "features a", "train logistic"));
	w = of(FOUND("target y", "derive d = a - b", "features d a",
		     "train logistic"), "G02");
	assert_non_null(w);
	assert_string_equal(w->remedy, "features -d");
	assert_true(w->then < w->now - 0.2);
}

/* ---- the edges ---- */

static void guards_can_be_turned_off(void **state)
{
	static char text[4096];
	FILE *in;

	(void)state;
	write_cut(0);
	assert_non_null(of(FOUND("target y", "train logistic"), "G02"));
	say("guard g02 off");
	assert_null(session_guards(s));
	assert_true(session_guard(s, &err));
	assert_null(of(session_guards(s), "G02"));
	assert_false(session_result_stale(s, session_newest(s)));
	say("write kept.gemba");
	in = fopen("kept.gemba", "r");
	text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
	fclose(in);
	assert_non_null(strstr(text, "guard G02 off\n"));
	say("guard all toggle");
	assert_true(session_guard(s, &err));
	assert_int_equal(session_guards(s)->n, 1);
	assert_false(session_do(s, "guard G99 off", &err));
	assert_non_null(strstr(err.text, "G01"));
	assert_false(session_do(s, "guard G01 maybe", &err));
}

static void columns_with_no_value_are_no_trouble(void **state)
{
	(void)state;
	table("a,none,same,text,y");
	for (int i = 0; i < 200; i++)
		fprintf(out, "%.4f,,7,,%s\n", noise(),
			chance(0.5) ? "yes" : "no");
	silent(FOUND("target y", "features a same", "train logistic"));
}

static void with_no_result_nothing_is_looked_at(void **state)
{
	(void)state;
	forget();
	s = session_new(-1);
	assert_true(session_guard(s, &err));
	assert_null(session_guards(s));
	table("a,y");
	fclose(out);
	out = NULL;
	say("open table.csv");
	assert_true(session_guard(s, &err));
	table("a,y");
	for (int i = 0; i < 40; i++)
		fprintf(out, "%.4f,yes\n", noise());
	fclose(out);
	out = NULL;
	say("open table.csv");
	say("target y");
	assert_false(session_do(s, "train logistic", &err));
	assert_true(session_guard(s, &err));
	assert_null(session_guards(s));
}

/* Turn until there is nothing to do. */
static void wait_for(int pipe_end)
{
	char byte[64];

	for (;;) {
		session_turn(s);
		if (!session_busy(s))
			return;
		assert_true(read(pipe_end, byte, sizeof(byte)) > 0);
	}
}

static void on_a_thread_guards_look_when_the_training_has_ended(void **state)
{
	int ends[2];

	(void)state;
	write_cut(0);
	fclose(out);
	out = NULL;
	forget();
	assert_int_equal(pipe(ends), 0);
	s = session_new(ends[1]);
	say("open table.csv");
	wait_for(ends[0]);
	say("target y");
	say("train logistic");
	assert_null(session_guards(s));
	wait_for(ends[0]);
	assert_non_null(of(session_guards(s), "G02"));
	/* What is asked next does not wait for them. */
	say("features -x");
	assert_null(session_guards(s));
	session_turn(s);
	say("features +x");
	wait_for(ends[0]);
	assert_non_null(of(session_guards(s), "G02"));
	say("guard G02 off");
	assert_null(session_guards(s));
	wait_for(ends[0]);
	silent(session_guards(s));
	/* Given up, they are not asked again. */
	say("guard G02 on");
	session_turn(s);
	session_stop(s, false);
	wait_for(ends[0]);
	assert_non_null(session_guards(s));
	forget();
	close(ends[0]);
	close(ends[1]);
}

/* All lines, one below the other. */
static char *lines(const struct findings *all)
{
	char *text = mem_strdup("");

	for (size_t i = 0; i < all->n; i++) {
		char *line = warning_line(&all->of[i]);
		char *more = mem_printf("%s%s %s\n", text,
					all->of[i].guard->code, line);

		free(line);
		free(text);
		text = more;
	}
	return text;
}

static void write_large(void)
{
	table("a,b,lot,m1,m2,y");
	for (int i = 0; i < 80000; i++) {
		bool m1 = chance(0.02), m2 = chance(0.03);

		fprintf(out, "%.4f,%.4f,%d,%d,%d,%d\n", noise(), noise(),
			i / 40, m1, m2, m1 || m2);
		if (i % 50 == 0)
			fprintf(out, "%.4f,1,5,0,0,0\n", i / 20000 * 1.5);
	}
}

static void threads_change_nothing(void **state)
{
	char *one, *two;

	(void)state;
	write_large();
	omp_set_num_threads(1);
	one = lines(FOUND("target y", "clean standardize fit=all",
			  "train logistic"));
	omp_set_num_threads(2);
	two = lines(FOUND("target y", "clean standardize fit=all",
			  "train logistic"));
	assert_string_equal(one, two);
	assert_non_null(strstr(one, "G01"));
	assert_non_null(strstr(one, "m1 and m2 restate y"));
	assert_non_null(strstr(one, "(tried on 50,000 rows)"));
	free(one);
	free(two);
}

static void what_takes_its_time_is_tried_as_a_tree(void **state)
{
	char *slow, *quick;

	(void)state;
	write_large();
	slow = lines(FOUND("target y", "train forest trees=2 depth=3"));
	quick = lines(FOUND("target y", "train tree depth=3"));
	assert_non_null(strstr(slow, "m1 and m2 restate y"));
	assert_non_null(strstr(slow, "(tried with tree on 50,000 rows)"));
	assert_non_null(strstr(quick, "(tried on 50,000 rows)"));
	free(slow);
	free(quick);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_table_is_not_spoken_of),
		cmocka_unit_test(few_rows_are_not_spoken_of),
		cmocka_unit_test(fit_all_is_told_with_both_scores),
		cmocka_unit_test(a_feature_that_tells_alone_is_found),
		cmocka_unit_test(a_level_that_tells_alone_is_found),
		cmocka_unit_test(a_code_of_many_classes_is_found),
		cmocka_unit_test(many_levels_do_not_praise_themselves),
		cmocka_unit_test(a_number_that_is_the_target_is_found),
		cmocka_unit_test(modes_of_failure_are_found_as_a_set),
		cmocka_unit_test(a_flag_that_is_often_wrong_is_a_feature),
		cmocka_unit_test(random_walks_are_warned_about),
		cmocka_unit_test(rows_in_order_of_a_feature_are_no_walk),
		cmocka_unit_test(a_file_in_order_of_its_classes_is_no_walk),
		cmocka_unit_test(rows_with_a_time_get_a_proposal),
		cmocka_unit_test(lots_on_both_sides_are_found),
		cmocka_unit_test(a_whole_number_is_no_group),
		cmocka_unit_test(machines_that_differ_are_proposed),
		cmocka_unit_test(the_role_of_a_group_is_enough),
		cmocka_unit_test(copies_across_the_split_are_counted),
		cmocka_unit_test(rows_of_few_kinds_are_no_copies),
		cmocka_unit_test(contradictions_are_counted),
		cmocka_unit_test(kinds_that_are_undecided_are_proposed),
		cmocka_unit_test(a_rule_that_takes_more_of_a_class_is_found),
		cmocka_unit_test(outliers_that_are_the_failures_are_found),
		cmocka_unit_test(accuracy_that_hides_a_class_is_told),
		cmocka_unit_test(a_penalised_intercept_is_told),
		cmocka_unit_test(separated_classes_are_named),
		cmocka_unit_test(classes_that_all_features_part_are_told),
		cmocka_unit_test(a_run_that_has_not_converged_is_told),
		cmocka_unit_test(a_pair_that_pulls_is_told),
		cmocka_unit_test(the_best_of_many_runs_is_told),
		cmocka_unit_test(a_derived_column_can_hold_the_answer),
		cmocka_unit_test(guards_can_be_turned_off),
		cmocka_unit_test(columns_with_no_value_are_no_trouble),
		cmocka_unit_test(with_no_result_nothing_is_looked_at),
		cmocka_unit_test(
			on_a_thread_guards_look_when_the_training_has_ended),
		cmocka_unit_test(what_takes_its_time_is_tried_as_a_tree),
		cmocka_unit_test(threads_change_nothing),
	};

	return cmocka_run_group_tests_name("guard", tests, begin, end);
}
