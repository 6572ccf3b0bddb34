/*
 * panel-training.c - what is trained, how it goes, how good it is
 *
 * The panel is a list of lines from the table lines[].  Where there is no room
 * for all the least important ones go, and those that stay keep their order.
 */
#include "training.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "notes.h"
#include "run/target.h"
#include "split-choice.h"

static size_t panel_rows(const struct session *s)
{
	(void)s;
	return 0;
}

static const char *panel_item(const struct session *s, const struct view *v)
{
	(void)s;
	(void)v;
	return NULL;
}

static void panel_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	const struct result *r = session_newest(s);
	char work[MEASURE_TEXT];

	(void)v;
	*text = '\0';
	if (s->working == WORK_TRAIN)
		snprintf(text, size, "%s", panel_work(work, s));
	else if (r)
		snprintf(text, size, "%s%.*f s",
			 session_result_stale(s, r) ? "before the change, " :
			 "", r->seconds_clean + r->seconds_fit +
			 r->seconds_evaluate < 9.995 ? 2 : 0,
			 r->seconds_clean + r->seconds_fit +
			 r->seconds_evaluate);
}

/* ---- advice ---- */

static void advise(struct story *t, const char *text)
{
	if (t->advice < ADVICE_MAX)
		snprintf(t->advice_text[t->advice++], ADVICE_TEXT, "%s", text);
}

static void advise_of_steps(struct story *t)
{
	const struct result *r = t->result;
	char text[ADVICE_TEXT], count[COUNT_TEXT];

	text_count(count, r->iterations);
	if (r->stopped)
		snprintf(text, sizeof(text), "stopped after %s: the model so "
			 "far", count);
	else
		snprintf(text, sizeof(text), "not converged after %s steps",
			 count);
	if (r->of_a_fold)
		snprintf(text, sizeof(text), "stopped after %zu of %zu folds: "
			 "the model of the last", r->folds, r->folds_wanted);
	if (r->stopped || !r->converged)
		advise(t, text);
}

/* Where nearly all rows are of one class, accuracy is easy to have. */
static void advise_of_classes(struct story *t)
{
	const struct result *r = t->result;
	const struct metrics *m = &r->test;
	char text[ADVICE_TEXT];
	double share;
	size_t k;

	if (r->classes == 2 && result_uneven(r, &k, &share)) {
		snprintf(text, sizeof(text), "%d %% say %s: accuracy hides %s",
			 panel_percent(share), r->class_name[k],
			 r->class_name[!k]);
		advise(t, text);
	}
	if (m->n && m->accuracy <= r->baseline_accuracy &&
	    strcmp(r->method->name, "baseline"))
		advise(t, "no better than always the same answer");
}

static void find_advice(struct story *t)
{
	if (!t->result)
		return;
	advise_of_steps(t);
	if (t->result->task == TASK_CLASSIFICATION)
		advise_of_classes(t);
	else if (!training_beats_mean(t->result))
		advise(t, "no better than always the mean");
	if (t->result->note)
		advise(t, t->result->note);
}

/* ---- columns of the table of measures ---- */

enum { TEST_X = 12, INTERVAL_X = 20, BASELINE_X = 33, TRAIN_X = 44,
       TEST_WIDTH = 7, INTERVAL_WIDTH = 12, BASELINE_WIDTH = 8,
       TRAIN_WIDTH = 7 };

static bool shows(const struct canvas *c, int x, int width)
{
	return x + width < c->columns;
}

static void draw_head(const struct story *t, int y)
{
	const struct canvas *c = &t->now;

	draw_right(c, y, TEST_X, TEST_WIDTH - 2, TONE_DIM, "test");
	if (shows(c, INTERVAL_X - 1, INTERVAL_WIDTH))
		draw_text(c, y, INTERVAL_X, INTERVAL_WIDTH, TONE_DIM, "95 %");
	if (shows(c, BASELINE_X - 1, BASELINE_WIDTH))
		draw_right(c, y, BASELINE_X - 1, BASELINE_WIDTH, TONE_DIM,
			   "baseline");
	if (shows(c, TRAIN_X, TRAIN_WIDTH - 1))
		draw_right(c, y, TRAIN_X, TRAIN_WIDTH - 1, TONE_DIM, "train");
}

static void draw_number(const struct canvas *c, int y, int x, int width,
			enum tone tone, double value)
{
	char text[MEASURE_TEXT];

	if (shows(c, x, width))
		draw_right(c, y, x, width, tone, panel_measure(text, value));
}

static void draw_interval(const struct canvas *c, int y,
			  const struct interval *i)
{
	char low[MEASURE_TEXT], high[MEASURE_TEXT];

	if (i->by != BY_NOTHING && shows(c, INTERVAL_X - 1, INTERVAL_WIDTH))
		draw_printf(c, y, INTERVAL_X, INTERVAL_WIDTH, TONE_DIM,
			    "%s%s%s", panel_measure(low, i->low),
			    draw_glyph(GLYPH_DASH),
			    panel_measure(high, i->high));
}

static void draw_name(const struct story *t, int y, const char *name)
{
	draw_text(&t->now, y, 1, TEST_X - 2, TONE_PLAIN, name);
}

/* ---- the lines ---- */

static void draw_method(const struct story *t, int y)
{
	const struct session *s = t->session;
	const struct method *method = t->training || !t->result ?
				      s->settings.method : t->result->method;
	const struct option_values *options = t->training || !t->result ?
					      &s->settings.method_options :
					      &t->result->options;
	const struct canvas *c = t->training ? &t->now : &t->old;
	char *all, *given;
	int x = 1;

	if (!method)
		return;
	x += draw_text(c, y, x, c->columns - 2, TONE_STRONG, method->name) + 2;
	all = options_format(options, true);
	given = options_format(options, false);
	/* Where not all fit, those that the user chose come first. */
	draw_text(c, y, x, c->columns - 1 - x, TONE_DIM, *given &&
		  (int)text_width(all) > c->columns - 1 - x ? given : all);
	free(all);
	free(given);
}

/* Which of the fits it is: "fold 2 of 5, ". */
static void say_fold(const struct story *t, char *text, size_t size)
{
	const struct note *note = t->note;
	*text = '\0';
	if (!note || !note->folds)
		return;
	if (note->tries.of) {
		text_append(text, size, "try %zu of %zu, ",
			    note->tries.number, note->tries.of);
		return;
	}
	if (note->fold > note->folds)
		text_append(text, size, "all rows, ");
	else
		text_append(text, size, "fold %zu of %zu, ", note->fold,
			    note->folds);
}

static void draw_progress(const struct story *t, int y)
{
	const struct canvas *c = t->training ? &t->now : &t->old;
	size_t done = t->note ? t->note->iteration :
		      t->training ? 0 : t->result ? t->result->iterations : 0;
	size_t limit = t->note ? t->note->limit :
		       t->training ? 0 : t->result ? t->result->limit : 0;
	char a[COUNT_TEXT], b[COUNT_TEXT], said[200];
	/* A method that met its stopping rule is done, early as it may be. */
	bool done_early = !t->training && t->result && !t->result->stopped;
	double part = done_early ? 1 : limit ? (double)done / (double)limit : 0;
	int width;

	text_count(a, done);
	say_fold(t, said, sizeof(said));
	if (done_early)
		text_append(said, sizeof(said), "%s %s%s", a,
			 t->result->method->step_name, done == 1 ? "" : "s");
	else
		text_append(said, sizeof(said), "%s/%s", a,
			    text_count(b, limit));
	/* Of all the fits, not of the one that is under way. */
	if (t->note && t->note->folds)
		part = session_part(t->session);
	if (t->training && !t->note)
		snprintf(said, sizeof(said), "starting");
	width = c->columns - 3 - (int)text_width(said);
	draw_right(c, y, 1, c->columns - 2, TONE_PLAIN, said);
	if (width > 0)
		draw_bar(c, y, 1, width, t->training ? TONE_ACCENT :
			 t->result && t->result->stopped ? TONE_WARN :
			 TONE_GOOD, part);
}

static void draw_accuracy(const struct story *t, int y)
{
	const struct result *r = t->result;

	draw_name(t, y, "accuracy");
	if (t->note) {
		draw_number(&t->now, y, TEST_X, TEST_WIDTH - 2, TONE_STRONG,
			    t->note->test_score);
		draw_number(&t->now, y, TRAIN_X, TRAIN_WIDTH - 1, TONE_PLAIN,
			    t->note->train_score);
	}
	if (!r)
		return;
	draw_number(&t->old, y, BASELINE_X - 1, BASELINE_WIDTH, TONE_DIM,
		    r->baseline_accuracy);
	if (t->note)
		return;
	draw_number(&t->old, y, TEST_X, TEST_WIDTH - 2, TONE_STRONG,
		    r->test.accuracy);
	draw_interval(&t->old, y, &r->interval[CLASS_ACCURACY]);
	draw_number(&t->old, y, TRAIN_X, TRAIN_WIDTH - 1, TONE_DIM,
		    r->train_accuracy);
}

/* Less than half found, or less than half of the alarms true. */
static enum tone tone_of(double share)
{
	return share < 0.5 ? TONE_BAD : TONE_STRONG;
}

/* A measure on the test rows, where chance may have it, and the baseline's. */
static void draw_measure(const struct story *t, int y,
			 enum class_measure which, enum tone tone)
{
	const struct result *r = t->result;
	double test = metrics_measure(&r->test, which);

	draw_name(t, y, which == CLASS_F1 && r->classes > 2 ? "macro f1" :
		  class_measure[which].name);
	/* A minus takes a column more. */
	draw_number(&t->old, y, TEST_X - 1, TEST_WIDTH - 1,
		    isnan(test) ? TONE_DIM : tone, test);
	draw_interval(&t->old, y, &r->interval[which]);
	draw_number(&t->old, y, BASELINE_X - 1, BASELINE_WIDTH, TONE_DIM,
		    result_baseline(r, which));
}

static void draw_recall(const struct story *t, int y)
{
	draw_measure(t, y, CLASS_RECALL, tone_of(metrics_measure(
			&t->result->test, CLASS_RECALL)));
}

static void draw_precision(const struct story *t, int y)
{
	draw_measure(t, y, CLASS_PRECISION, tone_of(metrics_measure(
			&t->result->test, CLASS_PRECISION)));
}

static void draw_f1(const struct story *t, int y)
{
	draw_measure(t, y, CLASS_F1, TONE_PLAIN);
}

static void draw_mcc(const struct story *t, int y)
{
	draw_measure(t, y, CLASS_MCC, result_uneven(t->result, NULL, NULL) ?
		     TONE_STRONG : TONE_PLAIN);
}

static void draw_auc(const struct story *t, int y)
{
	draw_measure(t, y, CLASS_AUC, TONE_PLAIN);
}

static void draw_log_loss(const struct story *t, int y)
{
	draw_name(t, y, "log loss");
	draw_number(&t->old, y, TEST_X, TEST_WIDTH - 2, TONE_PLAIN,
		    t->result->test.log_loss);
}

static void draw_advice(const struct story *t, int y, size_t i)
{
	const struct canvas *c = &t->old;

	if (i >= t->advice)
		return;
	draw_text(c, y, 1, 1, TONE_WARN, draw_glyph(GLYPH_ALERT));
	draw_text(c, y, 3, c->columns - 4, TONE_DIM, t->advice_text[i]);
}

static void draw_advice_1(const struct story *t, int y)
{
	draw_advice(t, y, 0);
}

static void draw_advice_2(const struct story *t, int y)
{
	draw_advice(t, y, 1);
}

static void draw_advice_3(const struct story *t, int y)
{
	draw_advice(t, y, 2);
}

/* ---- the confusion matrix ---- */

enum { TOLD_WIDTH = 12 };

static void draw_told(const struct story *t, int y)
{
	const struct result *r = t->result;

	draw_text(&t->old, y, 1, TEST_X - 2, TONE_DIM, "test rows");
	for (size_t k = 0; k < r->test.classes && k < r->classes; k++) {
		int x = TEST_X + (int)k * (TOLD_WIDTH + 1);
		char text[64];

		snprintf(text, sizeof(text), "told %s", r->class_name[k]);
		draw_right(&t->old, y, x, TOLD_WIDTH, TONE_DIM, text);
	}
}

static void draw_truly(const struct story *t, int y, size_t i)
{
	const struct result *r = t->result;
	const struct metrics *m = &r->test;
	char text[COUNT_TEXT];

	if (i >= m->classes || i >= r->classes)
		return;
	draw_text(&t->old, y, 1, TEST_X - 1, TONE_PLAIN, r->class_name[i]);
	for (size_t k = 0; k < m->classes; k++) {
		size_t n = m->confusion[i * m->classes + k];

		draw_right(&t->old, y, TEST_X + (int)k * (TOLD_WIDTH + 1),
			   TOLD_WIDTH, i == k ? TONE_STRONG :
			   n ? TONE_BAD : TONE_DIM, text_count(text, n));
	}
}

static void draw_truly_1(const struct story *t, int y)
{
	draw_truly(t, y, 0);
}

static void draw_truly_2(const struct story *t, int y)
{
	draw_truly(t, y, 1);
}

static void draw_gap(const struct story *t, int y)
{
	(void)t;
	(void)y;
}

/* ---- which lines ---- */

enum need { NEED_NOTHING, NEED_RESULT, NEED_TABLE, NEED_SPLIT, NEED_FOLDS,
	    NEED_HELD, NEED_BEST, NEED_TRIES, NEED_EVEN, NEED_UNEVEN, NEED_CUT,
	    NEED_COSTS, NEED_ADVICE_1, NEED_ADVICE_2, NEED_ADVICE_3 };

/* Lines of the tasks; a bit for each. */
enum { CLASSES = 1 << TASK_CLASSIFICATION, NUMBERS = 1 << TASK_REGRESSION,
       BOTH = CLASSES | NUMBERS };

/* From top to bottom; those with the lowest rank go last. */
static const struct line {
	void (*draw)(const struct story *t, int y);
	int of;
	enum need need;
	int rank;
} lines[] = {
	{ draw_method, BOTH, NEED_NOTHING, 1 },
	{ training_split, BOTH, NEED_SPLIT, 5 },
	{ draw_progress, BOTH, NEED_NOTHING, 6 },
	{ training_best, BOTH, NEED_BEST, 2 },
	{ training_tries, BOTH, NEED_TRIES, 1 },
	{ draw_head, CLASSES, NEED_TABLE, 4 },
	{ draw_recall, CLASSES, NEED_UNEVEN, 1 },
	{ draw_mcc, CLASSES, NEED_UNEVEN, 2 },
	{ draw_accuracy, CLASSES, NEED_TABLE, 0 },
	{ training_folds, CLASSES, NEED_FOLDS, 1 },
	{ draw_recall, CLASSES, NEED_EVEN, 2 },
	{ draw_precision, CLASSES, NEED_RESULT, 3 },
	{ training_cut, CLASSES, NEED_CUT, 3 },
	{ training_costs, CLASSES, NEED_COSTS, 4 },
	{ draw_f1, CLASSES, NEED_RESULT, 12 },
	{ draw_mcc, CLASSES, NEED_EVEN, 9 },
	{ draw_auc, CLASSES, NEED_RESULT, 8 },
	{ draw_log_loss, CLASSES, NEED_RESULT, 13 },
	{ training_figure_head, NUMBERS, NEED_TABLE, 4 },
	{ training_r2, NUMBERS, NEED_TABLE, 0 },
	{ training_folds, NUMBERS, NEED_FOLDS, 1 },
	{ training_rmse, NUMBERS, NEED_RESULT, 2 },
	{ training_mae, NUMBERS, NEED_RESULT, 3 },
	{ training_median, NUMBERS, NEED_RESULT, 8 },
	{ training_loss, BOTH, NEED_NOTHING, 7 },
	{ training_held, BOTH, NEED_HELD, 8 },
	{ draw_gap, CLASSES, NEED_RESULT, 14 },
	{ draw_told, CLASSES, NEED_RESULT, 11 },
	{ draw_truly_1, CLASSES, NEED_RESULT, 11 },
	{ draw_truly_2, CLASSES, NEED_RESULT, 11 },
	{ draw_gap, BOTH, NEED_RESULT, 15 },
	{ training_notes, BOTH, NEED_RESULT, 5 },
	{ training_calm, BOTH, NEED_RESULT, 14 },
	{ draw_advice_1, BOTH, NEED_ADVICE_1, 5 },
	{ draw_advice_2, BOTH, NEED_ADVICE_2, 10 },
	{ draw_advice_3, BOTH, NEED_ADVICE_3, 10 },
};
enum { RANKS = 16 };

static bool wanted(const struct story *t, const struct line *line)
{
	const struct result *r = t->result;
	bool result = r && (r->task == TASK_REGRESSION ||
			    r->test.classes >= 2);
	/* A matrix of more than two has no room here. */
	bool pair = r && r->test.classes == 2;
	enum task_kind task = t->note ? t->note->task : r ? r->task :
			 TASK_CLASSIFICATION;

	if (!(line->of & 1 << task) || line->draw ==
	    (notes_found(t->session) ? training_calm : training_notes))
		return false;
	if (!pair && (line->draw == draw_told || line->draw == draw_truly_1 ||
		      line->draw == draw_truly_2))
		return false;
	switch (line->need) {
	case NEED_RESULT:
		return result;
	case NEED_EVEN:
		return result && !result_uneven(r, NULL, NULL);
	case NEED_UNEVEN:
		return result && result_uneven(r, NULL, NULL);
	case NEED_TABLE:
		return result || t->note;
	case NEED_SPLIT:
		return training_has_split(t);
	case NEED_CUT:
		return training_has_cut(t);
	case NEED_COSTS:
		return training_has_costs(t);
	case NEED_FOLDS:
		return training_has_folds(t);
	case NEED_HELD:
		return training_has_held(t);
	case NEED_BEST:
		return training_has_best(t);
	case NEED_TRIES:
		return training_has_tries(t);
	case NEED_ADVICE_1:
	case NEED_ADVICE_2:
	case NEED_ADVICE_3:
		return t->advice > (size_t)(line->need - NEED_ADVICE_1);
	case NEED_NOTHING:
		break;
	}
	return true;
}

/* The ranks below the answer are drawn: all their lines fit. */
static int ranks_that_fit(const struct story *t, int rows)
{
	int used = 0;

	for (int rank = 0; rank < RANKS; rank++) {
		for (size_t i = 0; i < ARRAY_LEN(lines); i++)
			used += lines[i].rank == rank && wanted(t, &lines[i]);
		if (used > rows)
			return rank;
	}
	return RANKS;
}

static void draw_lines(const struct story *t, int rows)
{
	int ranks = ranks_that_fit(t, rows), y = 0;

	for (size_t i = 0; i < ARRAY_LEN(lines) && y < rows; i++)
		if (lines[i].rank < ranks && wanted(t, &lines[i]))
			lines[i].draw(t, y++);
}

/* ---- before the first result ---- */

/* As far as a glance at the target tells. */
static const char *default_method(const struct session *s)
{
	enum { GLANCE = 10000 };
	const struct table *table = panel_table(s);
	size_t rows = table->rows < GLANCE ? table->rows : GLANCE;

	if (s->settings.target < 0)
		return method_for(TASK_CLASSIFICATION)->name;
	return method_for(target_task(&table->column[s->settings.target],
				      rows))->name;
}

/* What "r" would train, or what is still to be chosen. */
static void draw_plan(const struct session *s, const struct canvas *c)
{
	const struct settings *set = &s->settings;
	char method[METHOD_TEXT], split[SPLIT_WORDS];
	int width = c->columns - 11;
	size_t used = 0;

	for (size_t i = 0; i < panel_table(s)->columns; i++)
		used += settings_uses(set, i);
	panel_method(method, set->method, &set->method_options);
	draw_text(c, 0, 1, 9, TONE_DIM, "target");
	draw_text(c, 0, 11, width, set->target < 0 ? TONE_WARN : TONE_STRONG,
		  set->target < 0 ? "none yet: T on a column chooses it" :
		  panel_table(s)->column[set->target].name);
	draw_text(c, 1, 1, 9, TONE_DIM, "features");
	draw_printf(c, 1, 11, width, used ? TONE_PLAIN : TONE_WARN,
		    "%zu of %zu columns", used, panel_table(s)->columns);
	draw_text(c, 2, 1, 9, TONE_DIM, "method");
	draw_text(c, 2, 11, width, TONE_PLAIN,
		  *method ? method : default_method(s));
	if (c->rows > 4) {
		draw_text(c, 3, 1, 9, TONE_DIM, "split");
		draw_text(c, 3, 11, width, TONE_PLAIN,
			  split_words(s, width - 1, split));
	}
	if (set->target >= 0 && used)
		draw_text(c, c->rows > 5 ? 5 : c->rows > 4 ? 4 : 3, 1,
			  c->columns - 2, TONE_ACCENT, "r trains");
}

static void panel_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	struct story t = { .session = s, .result = session_newest(s) };

	(void)v;
	(void)focused;
	if (panel_waiting(s, c))
		return;
	t.training = s->working == WORK_TRAIN;
	t.note = t.training && s->note_fresh ? &s->note : NULL;
	if (!t.training && !t.result) {
		draw_plan(s, c);
		return;
	}
	/* Measures of another task say nothing of the one under way. */
	if (t.note && t.result && t.note->task != t.result->task)
		t.result = NULL;
	t.now = *c;
	t.old = panel_canvas(c, t.training || (t.result &&
				session_result_stale(s, t.result)));
	find_advice(&t);
	draw_lines(&t, c->rows);
}

const struct panel panel_training = {
	.name = "Training",
	.rows = panel_rows,
	.note = panel_note,
	.draw = panel_draw,
	.item = panel_item,
};
