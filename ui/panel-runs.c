/*
 * panel-runs.c - every result of the session, the newest first
 *
 * The columns of the list are a table; where there is no room for all, those
 * that say the least go first.
 */
#include "panel-runs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/judging.h"
#include "workbench.h"

enum { WORDS_TEXT = 200 };

/* A line: the result, and the one before it or NULL. */
struct run {
	const struct result *result, *before;
	bool best, newest, pinned;
};

static size_t panel_rows(const struct session *s)
{
	return s->results;
}

/* Results stand in their order in the session; the panel turns it round. */
static const struct result *result_at(const struct session *s, size_t row)
{
	return row < s->results ? s->result[s->results - 1 - row] : NULL;
}

static const char *panel_item(const struct session *s, const struct view *v)
{
	static char number[16];
	const struct result *r = result_at(s, v->at[PANEL_RUNS]);

	if (!r)
		return NULL;
	snprintf(number, sizeof(number), "%d", r->number);
	return number;
}

static void panel_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	*text = '\0';
	if (s->results && v->marks)
		snprintf(text, size, "%zu marked of %zu", v->marks,
			 s->results);
	else if (s->results)
		snprintf(text, size, "%zu", s->results);
}

static bool marked(const struct view *v, int number)
{
	for (size_t i = 0; i < v->marks; i++)
		if (v->mark[i] == number)
			return true;
	return false;
}

/* ---- what the columns say ---- */

static void say_number(const struct run *run, char text[WORDS_TEXT])
{
	snprintf(text, WORDS_TEXT, "%d", run->result->number);
}

static void say_method(const struct run *run, char text[WORDS_TEXT])
{
	char method[METHOD_TEXT];

	panel_method(method, run->result->method, &run->result->options);
	snprintf(text, WORDS_TEXT, "%s%s", method,
		 run->result->stopped ? ", stopped" : "");
}

static void say_target(const struct run *run, char text[WORDS_TEXT])
{
	snprintf(text, WORDS_TEXT, "%s", run->result->target);
}

static void say_features(const struct run *run, char text[WORDS_TEXT])
{
	if (run->result->features)
		snprintf(text, WORDS_TEXT, "%zu", run->result->features);
	else
		snprintf(text, WORDS_TEXT, "%s", draw_glyph(GLYPH_DASH));
}

static void say_rules(const struct run *run, char text[WORDS_TEXT])
{
	const struct ledger *l = &run->result->ledger;

	*text = '\0';
	for (size_t i = 0; i < l->rules; i++)
		if (l->of[i].on)
			text_append(text, WORDS_TEXT, "%s%s", *text ? " " : "",
				    l->of[i].rule->label);
	if (!*text)
		snprintf(text, WORDS_TEXT, "%s", draw_glyph(GLYPH_DASH));
}

/* One of a number in so many digits as it has, in no unit: they may differ. */
static void say_number_measure(const struct run *run,
			       enum number_measure which,
			       char text[WORDS_TEXT])
{
	double x = run->result->regression.test.of[which];
	char measure[MEASURE_TEXT];

	snprintf(text, WORDS_TEXT, "%s", which == NUMBER_R2 ?
		 panel_measure(measure, x) : panel_figure(measure, x));
}

static void say_r2(const struct run *run, char text[WORDS_TEXT])
{
	say_number_measure(run, NUMBER_R2, text);
}

static void say_rmse(const struct run *run, char text[WORDS_TEXT])
{
	say_number_measure(run, NUMBER_RMSE, text);
}

static void say_mae(const struct run *run, char text[WORDS_TEXT])
{
	say_number_measure(run, NUMBER_MAE, text);
}

static void say_measure(double x, char text[WORDS_TEXT])
{
	char measure[MEASURE_TEXT];

	snprintf(text, WORDS_TEXT, "%s", panel_measure(measure, x));
}

static void say_accuracy(const struct run *run, char text[WORDS_TEXT])
{
	say_measure(run->result->test.accuracy, text);
}

static void say_recall(const struct run *run, char text[WORDS_TEXT])
{
	say_measure(metrics_measure(&run->result->test, CLASS_RECALL), text);
}

/* Of a class that was never told there is no precision. */
static void say_precision(const struct run *run, char text[WORDS_TEXT])
{
	say_measure(metrics_measure(&run->result->test, CLASS_PRECISION), text);
}

static void say_f1(const struct run *run, char text[WORDS_TEXT])
{
	say_measure(metrics_measure(&run->result->test, CLASS_F1), text);
}

static void say_mcc(const struct run *run, char text[WORDS_TEXT])
{
	say_measure(run->result->test.mcc, text);
}

static void say_auc(const struct run *run, char text[WORDS_TEXT])
{
	say_measure(run->result->test.auc, text);
}

/* The difference as it reads on the screen: of two rounded numbers. */
static double change_of(const struct run *run)
{
	const struct result *r = run->result, *before = run->before;

	if (!before || strcmp(before->target, r->target) ||
	    before->task != r->task)
		return NAN;
	return (round(result_rank(r) * 1000) -
		round(result_rank(before) * 1000)) / 1000;
}

/* What chance may have done to it. */
static const char *const verdict_word[] = {
	[VERDICT_NONE] = "", [VERDICT_NOISE] = ": noise",
	[VERDICT_BETTER] = ": better", [VERDICT_WORSE] = ": worse",
};

static enum verdict verdict_on(const struct run *run)
{
	return run->result->before ? run->result->before->verdict :
	       VERDICT_NONE;
}

static void say_change(const struct run *run, char text[WORDS_TEXT])
{
	double change = change_of(run);
	char measure[MEASURE_TEXT];

	*text = '\0';
	if (run->pinned)
		snprintf(text, WORDS_TEXT, "pinned");
	if (!run->before)
		return;
	if (!isfinite(change))
		snprintf(text, WORDS_TEXT, "another target");
	else if (change == 0)
		snprintf(text, WORDS_TEXT, "%s as before",
			 result_rank_name(run->result));
	else
		snprintf(text, WORDS_TEXT, "%s %s%s",
			 result_rank_name(run->result),
			 panel_signed(measure, change, 3),
			 verdict_word[verdict_on(run)]);
}

static enum tone tone_of_change(const struct run *run)
{
	double change = change_of(run);

	if (verdict_on(run) == VERDICT_NOISE)
		return TONE_DIM;
	return change > 0 ? TONE_GOOD : change < 0 ? TONE_BAD : TONE_DIM;
}

/* The time of day stays true on a screen that is not drawn again; "2 min ago"
 * would not. */
static void say_when(const struct run *run, char text[WORDS_TEXT])
{
	struct tm tm;

	*text = '\0';
	if (localtime_r(&run->result->when, &tm))
		strftime(text, WORDS_TEXT, "%H:%M:%S", &tm);
}

/* ---- the columns ---- */

/* Results that a column is of; a bit for each task.  Where the newest is of
 * classes that are uneven the columns that lead are others. */
enum { CLASSES = 1 << TASK_CLASSIFICATION, NUMBERS = 1 << TASK_REGRESSION,
       BOTH = CLASSES | NUMBERS, UNEVEN = BOTH + 1, EVEN = UNEVEN << 1 };

/* In the order of the screen.  Those with the highest rank go first. */
static const struct field {
	const char *head;
	int of;
	void (*say)(const struct run *run, char text[WORDS_TEXT]);
	enum tone (*tone)(const struct run *run);
	int most;		/* the widest it may be */
	bool left;		/* words, not a number */
	int rank;
} fields[] = {
	{ "#", BOTH, say_number, NULL, 5, false, 0 },
	{ "method", BOTH, say_method, NULL, 28, true, 1 },
	{ "target", BOTH, say_target, NULL, 16, true, 12 },
	{ "features", BOTH, say_features, NULL, 8, false, 8 },
	{ "rules", BOTH, say_rules, NULL, 24, true, 6 },
	{ "recall", CLASSES | UNEVEN, say_recall, NULL, 6, false, 2 },
	{ "mcc", CLASSES | UNEVEN, say_mcc, NULL, 6, false, 3 },
	{ "accuracy", CLASSES | EVEN, say_accuracy, NULL, 8, false, 2 },
	{ "recall", CLASSES | EVEN, say_recall, NULL, 6, false, 4 },
	{ "precision", CLASSES, say_precision, NULL, 9, false, 5 },
	{ "f1", CLASSES, say_f1, NULL, 6, false, 11 },
	{ "mcc", CLASSES | EVEN, say_mcc, NULL, 6, false, 3 },
	{ "auc", CLASSES, say_auc, NULL, 6, false, 9 },
	{ "accuracy", CLASSES | UNEVEN, say_accuracy, NULL, 8, false, 4 },
	{ "r2", NUMBERS, say_r2, NULL, 6, false, 2 },
	{ "rmse", NUMBERS, say_rmse, NULL, 9, false, 3 },
	{ "mae", NUMBERS, say_mae, NULL, 9, false, 4 },
	{ "against the one before", BOTH, say_change, tone_of_change, 22,
	  true, 7 },
	{ "at", BOTH, say_when, NULL, 8, true, 10 },
};

enum { FIELDS = ARRAY_LEN(fields), GAP = 2, FIRST_X = 3 };

static struct run run_at(const struct session *s, size_t row)
{
	const struct result *r = result_at(s, row);

	return (struct run){ .result = r, .before = judging_against(s, r),
			     .best = r == session_best(s), .newest = !row,
			     .pinned = s->pinned == r->number };
}

/* The newest of classes is. */
static bool uneven(const struct session *s)
{
	for (size_t i = s->results; i-- > 0;)
		if (s->result[i]->task == TASK_CLASSIFICATION)
			return result_uneven(s->result[i], NULL, NULL);
	return false;
}

/* The tasks of the session's results, a bit for each. */
static int tasks_of(const struct session *s)
{
	int tasks = 0;

	for (size_t i = 0; i < s->results; i++)
		tasks |= 1 << s->result[i]->task;
	return tasks | (uneven(s) ? UNEVEN : EVEN);
}

/* A measure of a class says nothing of a number, nor the other way round. */
static void say(const struct field *field, const struct run *run,
		char text[WORDS_TEXT])
{
	if (field->of & 1 << run->result->task)
		field->say(run, text);
	else
		snprintf(text, WORDS_TEXT, "%s", draw_glyph(GLYPH_DASH));
}

/* That it is of one of the tasks, and leads or follows as they ask. */
static bool asked(const struct field *field, int tasks)
{
	int order = field->of & (EVEN | UNEVEN);

	return (field->of & tasks & BOTH) && (!order || (order & tasks));
}

/* The width that the rows in sight need. */
static int width_of(const struct session *s, const struct field *field,
		    size_t top, int rows)
{
	int width = (int)text_width(field->head);
	char text[WORDS_TEXT];

	for (size_t i = top; i < s->results && i < top + (size_t)rows; i++) {
		struct run run = run_at(s, i);
		int needed;

		say(field, &run, text);
		needed = (int)text_width(text);
		width = needed > width ? needed : width;
	}
	return width < field->most ? width : field->most;
}

/* The widths of the columns that there is room for; 0 for the others. */
static void widths_of(const struct session *s, const struct canvas *c,
		      size_t top, int width[FIELDS])
{
	int room = c->columns - 1 - FIRST_X + GAP, used = 0;
	int tasks = tasks_of(s);

	memset(width, 0, FIELDS * sizeof(*width));
	for (int rank = 0; rank <= (int)FIELDS; rank++)
		for (size_t i = 0; i < FIELDS; i++) {
			int needed;

			if (fields[i].rank != rank || !asked(&fields[i], tasks))
				continue;
			needed = width_of(s, &fields[i], top, c->rows) + GAP;
			/* Number and method are shown however narrow. */
			if (rank <= 1 && needed > room - used)
				needed = room - used;
			if (used + needed > room)
				return;
			used += needed;
			width[i] = needed > GAP ? needed - GAP : 0;
		}
}

/* That run which they are held against stands in the head. */
static void say_head(const struct session *s, const struct field *field,
		     char text[WORDS_TEXT])
{
	if (field->say == say_change && s->pinned)
		snprintf(text, WORDS_TEXT, "against run %d", s->pinned);
	else
		snprintf(text, WORDS_TEXT, "%s", field->head);
}

static void draw_fields(const struct session *s, const struct canvas *c, int y,
			const int width[FIELDS], const struct run *run)
{
	int x = FIRST_X;

	for (size_t i = 0; i < FIELDS; i++) {
		const struct field *f = &fields[i];
		enum tone tone = TONE_DIM;
		char text[WORDS_TEXT];

		if (!width[i])
			continue;
		if (run)
			say(f, run, text);
		else
			say_head(s, f, text);
		if (run)
			tone = f->tone ? f->tone(run) :
			       run->newest ? TONE_STRONG : TONE_PLAIN;
		(f->left ? draw_text : draw_right)(c, y, x, width[i], tone,
						   text);
		x += width[i] + GAP;
	}
}

static void panel_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	size_t at = v->at[PANEL_RUNS], top;
	int width[FIELDS], first = c->rows > 2;

	if (panel_waiting(s, c))
		return;
	if (!s->results) {
		draw_text(c, 0, 1, c->columns - 2, TONE_DIM,
			  "every training is listed here");
		return;
	}
	top = panel_top(v, PANEL_RUNS, at, s->results, c->rows - first);
	widths_of(s, c, top, width);
	if (first)
		draw_fields(s, c, 0, width, NULL);
	for (int y = first; y < c->rows; y++) {
		size_t i = top + (size_t)(y - first);
		struct run run;

		if (i >= s->results)
			break;
		run = run_at(s, i);
		if (run.best)
			draw_text(c, y, 1, 1, TONE_WARN,
				  draw_glyph(GLYPH_BEST));
		if (marked(v, run.result->number))
			draw_text(c, y, 2, 1, TONE_ACCENT,
				  draw_glyph(GLYPH_USED));
		draw_fields(s, c, y, width, &run);
		if (focused && i == at)
			draw_cursor(c, y, true);
	}
}

const struct panel panel_runs = {
	.name = "Runs",
	.rows = panel_rows,
	.note = panel_note,
	.draw = panel_draw,
	.item = panel_item,
};

/* ---- those that are marked ---- */

char *runs_marked(const struct session *s, const struct view *v)
{
	char *all = mem_strdup("");

	(void)s;
	for (size_t i = 0; i < v->marks; i++) {
		char *longer = mem_printf("%s%s%d", all, i ? "," : "",
					  v->mark[i]);

		free(all);
		all = longer;
	}
	if (v->marks >= 2)
		return all;
	free(all);
	return NULL;
}

static void unmark(struct view *v, int number)
{
	size_t n = 0;

	for (size_t i = 0; i < v->marks; i++)
		if (v->mark[i] != number)
			v->mark[n++] = v->mark[i];
	v->marks = n;
}

/* They stay in order. */
static void put_mark(struct view *v, int number)
{
	size_t at = v->marks++;

	for (; at > 0 && v->mark[at - 1] > number; at--)
		v->mark[at] = v->mark[at - 1];
	v->mark[at] = number;
}

static bool mark(struct session *s, int argc, char **argv, struct err *err)
{
	struct ui *ui = s->screen;
	struct view *v = &ui->view;
	char *end;
	long number = strtol(argv[1], &end, 10);

	(void)argc;
	s->fault = 1;
	if (!strcmp(argv[1], "off")) {
		v->marks = 0;
		return true;
	}
	if (*end || number < 1 || (size_t)number > s->results)
		return err_set(err, ERR_USAGE, "there is no run '%.20s'; mark "
			       "off takes all marks away", argv[1]);
	if (marked(v, (int)number))
		unmark(v, (int)number);
	else if (v->marks < MARKS_MAX)
		put_mark(v, (int)number);
	else
		return err_set(err, ERR_USAGE, "no more than %d runs can be "
			       "marked", MARKS_MAX);
	return true;
}

static const char *complete_mark(const struct session *s, int argc,
				 char **argv, size_t n)
{
	(void)s;
	(void)argv;
	return argc == 2 && n == 0 ? "off" : NULL;
}

const struct command commands_runs[] = {
	{ .name = "mark", .args = "RUN|off",
	  .help = "Mark a run, or take its mark away",
	  .min = 1, .max = 1, .flags = COMMAND_SCREEN,
	  .complete = complete_mark, .run = mark },
	{ 0 }
};
