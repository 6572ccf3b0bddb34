/*
 * training-cut.c - the threshold in the panel Training, and what mistakes cost
 *
 *	threshold  0.082   best by cost
 *	cost        2285 never 3400 always 4830
 */
#include "training.h"

#include <stdio.h>

#include "base/text.h"
#include "run/judge.h"

enum { VALUE_X = 12, VALUE_WIDTH = 5, REST_X = 20, COSTS_X = 18,
       WIDE = 56 };

bool training_has_cut(const struct story *t)
{
	const struct result *r = t->result;

	return r && r->classes == 2 && r->test.classes == 2 &&
	       (r->judged.wish.best || r->judged.cut != 0.5);
}

bool training_has_costs(const struct story *t)
{
	const struct result *r = t->result;

	return r && r->classes == 2 && r->test.classes == 2 &&
	       r->judged.wish.priced;
}

void training_cut(const struct story *t, int y)
{
	const struct judged *j = &t->result->judged;
	const struct canvas *c = &t->old;
	char cut[MEASURE_TEXT];

	draw_text(c, y, 1, VALUE_X - 2, TONE_PLAIN, "threshold");
	draw_right(c, y, VALUE_X, VALUE_WIDTH, TONE_ACCENT,
		   panel_measure(cut, j->cut));
	if (j->wish.best)
		draw_printf(c, y, REST_X, c->columns - REST_X - 1, TONE_DIM,
			    c->columns < WIDE ? "best by %s" :
			    "best by %s, on the test rows",
			    cut_by_name[j->wish.by]);
}

void training_costs(const struct story *t, int y)
{
	const struct canvas *c = &t->old;
	const struct bill bill = judge_bill(t->result,
					    &t->result->judged.wish.costs);
	char now[MEASURE_TEXT], never[MEASURE_TEXT], always[MEASURE_TEXT];

	draw_text(c, y, 1, VALUE_X - 2, TONE_PLAIN, "cost");
	draw_right(c, y, VALUE_X - 4, VALUE_WIDTH + 4, bill.now <= bill.never &&
		   bill.now <= bill.always ? TONE_STRONG : TONE_BAD,
		   panel_figure(now, bill.now));
	draw_printf(c, y, COSTS_X, c->columns - COSTS_X - 1, TONE_DIM,
		    c->columns < WIDE ? "never %s always %s" :
		    "never told %s, always told %s",
		    panel_figure(never, bill.never),
		    panel_figure(always, bill.always));
}
