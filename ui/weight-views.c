/*
 * weight-views.c - the views of the panel Weights, and the command units
 */
#include "weight-views.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/inquiry.h"
#include "run/weights.h"
#include "workbench.h"

const char *const weight_view_word[WEIGHTS_VIEWS] = {
	[WEIGHTS_DEVIATION] = "deviation",
	[WEIGHTS_UNIT] = "unit",
	[WEIGHTS_RANGE] = "iqr",
	[WEIGHTS_ODDS] = "odds",
	[WEIGHTS_SURE] = "interval",
	[WEIGHTS_SHUFFLED] = "shuffled",
};

const char *const weight_view_title[WEIGHTS_VIEWS] = {
	[WEIGHTS_DEVIATION] = "per std dev",
	[WEIGHTS_UNIT] = "per unit",
	[WEIGHTS_RANGE] = "per iqr",
	[WEIGHTS_ODDS] = "odds per iqr",
	[WEIGHTS_SURE] = "95 %",
	[WEIGHTS_SHUFFLED] = "shuffled",
};

static bool has(const struct result *r, enum weights_view view)
{
	switch (view) {
	case WEIGHTS_DEVIATION:
		return r->weights > 0 || !has(r, WEIGHTS_SHUFFLED);
	case WEIGHTS_UNIT:
	case WEIGHTS_RANGE:
		return !r->importance && r->weights > 0;
	case WEIGHTS_ODDS:
		return !weights_no_odds(r) && r->weights > 0;
	case WEIGHTS_SURE:
		return !r->importance && r->weights > 0 &&
		       !isnan(r->weight[0].std_error);
	case WEIGHTS_SHUFFLED:
		return r->fitted || (r->explained &&
				     r->explained->importance);
	case WEIGHTS_VIEWS:
		break;
	}
	return false;
}

enum weights_view weight_view(const struct view *v, const struct result *r)
{
	if (!r || has(r, v->weights_view))
		return r ? v->weights_view : WEIGHTS_DEVIATION;
	return has(r, WEIGHTS_DEVIATION) ? WEIGHTS_DEVIATION
					 : WEIGHTS_SHUFFLED;
}

enum weights_view weight_view_next(const struct result *r,
				   enum weights_view view, bool forth)
{
	int by = forth ? 1 : WEIGHTS_VIEWS - 1, at = (int)view;

	do
		at = (at + by) % WEIGHTS_VIEWS;
	while (!has(r, (enum weights_view)at));
	return (enum weights_view)at;
}

/* ---- numbers ---- */

double weight_view_bar(enum weights_view view, const struct weight *w)
{
	return view == WEIGHTS_RANGE || view == WEIGHTS_ODDS ? w->per_range
							     : w->standardized;
}

char *weight_figure(char to[WEIGHT_TEXT], double x)
{
	if (isnan(x))
		snprintf(to, WEIGHT_TEXT, "%s", draw_glyph(GLYPH_DASH));
	else
		snprintf(to, WEIGHT_TEXT, "%s%.3g", x < 0 ?
			 draw_glyph(GLYPH_MINUS) : x > 0 ? "+" : "", fabs(x));
	return to;
}

char *weight_view_say(char to[WEIGHT_TEXT], enum weights_view view,
		      const struct result *r, const struct weight *w)
{
	char high[WEIGHT_TEXT];

	switch (view) {
	case WEIGHTS_UNIT:
		return weight_figure(to, w->raw);
	case WEIGHTS_ODDS:
		snprintf(to, WEIGHT_TEXT, "%s %.3g", draw_glyph(GLYPH_TIMES),
			 weights_odds(r, w, true).ratio);
		return to;
	case WEIGHTS_SURE:
		weight_figure(to, w->low);
		text_append(to, WEIGHT_TEXT, " %s %s", draw_glyph(GLYPH_TO),
			    weight_figure(high, w->high));
		return to;
	default:
		return weight_figure(to, w->per_range);
	}
}

int weight_view_width(enum weights_view view)
{
	return view == WEIGHTS_SURE ? 22 :
	       view == WEIGHTS_DEVIATION || view == WEIGHTS_SHUFFLED ? 0 : 10;
}

/* ---- the command ---- */

static bool no_view(const char *word, const struct result *r, int view,
		    struct err *err)
{
	const char *why = NULL;

	if (view == WEIGHTS_VIEWS)
		return err_set(err, ERR_USAGE, "units does not know '%.40s': "
			       "deviation, unit, iqr, odds, interval, "
			       "shuffled, next, previous, class", word);
	if (view == WEIGHTS_ODDS)
		why = weights_no_odds(r);
	else if (view == WEIGHTS_SURE)
		why = weights_no_error(r);
	if (!why)
		why = r->importance ? "an importance has no unit" :
		      "the table has changed: train again";
	return err_set(err, ERR_USAGE, "no %s: %s", word, why);
}

static void next_class(struct view *v, const struct result *r)
{
	size_t n = r->sets > 1 ? r->sets : r->classes > 2 ? r->classes : 1;

	v->weights_of = (v->weights_of + 1) % n;
}

static bool units(struct session *s, int argc, char **argv, struct err *err)
{
	struct ui *ui = s->screen;
	struct view *v = &ui->view;
	const struct result *r = session_newest(s);
	const char *word = argc > 1 ? argv[1] : "next";
	int view = 0;

	if (!r)
		return err_set(err, ERR_USAGE, "there are no weights yet: "
			       "train first");
	s->fault = 1;
	if (!strcmp(word, "class")) {
		next_class(v, r);
		return true;
	}
	if (!strcmp(word, "next") || !strcmp(word, "previous")) {
		v->weights_view = weight_view_next(r, weight_view(v, r),
						   *word == 'n');
		return true;
	}
	while (view < WEIGHTS_VIEWS && strcmp(weight_view_word[view], word))
		view++;
	if (view == WEIGHTS_VIEWS || !has(r, (enum weights_view)view))
		return no_view(word, r, view, err);
	v->weights_view = (enum weights_view)view;
	return true;
}

static const char *complete_units(const struct session *s, int argc,
				  char **argv, size_t n)
{
	(void)s;
	(void)argc;
	(void)argv;
	return n < WEIGHTS_VIEWS ? weight_view_word[n] :
	       n == WEIGHTS_VIEWS ? "next" : NULL;
}

const struct command commands_explain_ui[] = {
	{ .name = "units", .args = "[deviation|unit|iqr|odds|interval|"
	  "shuffled|next|previous|class]",
	  .help = "Show the weights in other units",
	  .max = 1, .flags = COMMAND_SCREEN,
	  .complete = complete_units, .run = units },
	{ 0 }
};

/* ---- answers ---- */

static bool go(struct session *s, char *line)
{
	struct err err;
	bool ok = session_do(s, line, &err);

	if (!ok) {
		session_say(s, "%s", err.text);
		s->message_is_error = true;
	}
	free(line);
	return ok;
}

void weight_views_show(struct session *s)
{
	enum inquiry_kind kind;
	size_t about;
	char *name;

	if (!inquiry_typed(s, &kind, &about))
		return;
	switch (kind) {
	case INQUIRY_IMPORTANCE:
		if (go(s, mem_strdup("focus weights")))
			go(s, mem_strdup("units shuffled"));
		break;
	case INQUIRY_DEPENDENCE:
		name = text_quote(session_name(s, about));
		go(s, mem_printf("show dependence %s", name));
		free(name);
		break;
	case INQUIRY_WHY:
		if (go(s, mem_printf("row %zu", about + 1)))
			go(s, mem_strdup("show why"));
		break;
	case INQUIRY_WORST:
		go(s, mem_strdup("show worst"));
		break;
	}
}
