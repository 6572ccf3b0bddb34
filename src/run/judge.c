#include "run/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool judge_moves(const struct result *r)
{
	return r->task == TASK_CLASSIFICATION && r->classes == 2 && r->told &&
	       r->class_of;
}

const struct cuts *judge_cuts(struct result *r, struct err *err)
{
	if (r->cuts || !judge_moves(r))
		return r->cuts;
	r->cuts = mem_new(sizeof(*r->cuts));
	if (cuts_init(r->cuts, r->class_of, r->told, r->test_rows.n, err))
		return r->cuts;
	free(r->cuts);
	r->cuts = NULL;
	return NULL;
}

static bool same_wish(const struct cut_wish *a, const struct cut_wish *b)
{
	return a->best == b->best && a->cut == b->cut && a->by == b->by &&
	       a->priced == b->priced && a->costs.miss == b->costs.miss &&
	       a->costs.alarm == b->costs.alarm;
}

static bool find_best(struct result *r, const struct cut_wish *wish,
		      size_t *step, struct err *err)
{
	size_t honest[4];

	*step = cuts_best(r->cuts, wish->by, &wish->costs);
	r->judged.cut = cuts_at(r->cuts, *step);
	cuts_measure(r->cuts, *step, &r->test);
	r->judged.best = cut_value(wish->by, &wish->costs, r->test.confusion);
	if (r->test_rows.n < INTERVAL_ROWS || r->test_rows.n > HONEST_ROWS)
		return true;
	if (!cuts_honest(r->class_of, r->told, r->test_rows.n, wish->by,
			 &wish->costs, honest, err))
		return false;
	r->judged.honest = cut_value(wish->by, &wish->costs, honest);
	return true;
}

bool judge_result(struct result *r, const struct cut_wish *wish,
		  struct err *err)
{
	bool plain = !wish->best && wish->cut == 0.5;
	bool fresh = !r->judged.known;
	size_t step;

	if (!fresh && same_wish(&r->judged.wish, wish))
		return true;
	if (fresh)
		r->judged = (struct judged){ .known = true, .wish.cut = 0.5,
					     .cut = 0.5 };
	r->judged.best = r->judged.honest = NAN;
	if (!judge_moves(r) || (fresh && plain)) {
		r->judged.wish.priced = wish->priced;
		r->judged.wish.costs = wish->costs;
		return true;
	}
	r->judged.wish = *wish;
	if (!judge_cuts(r, err))
		return false;
	r->judged.cut = wish->cut;
	step = cuts_step(r->cuts, wish->cut);
	if (wish->best && !find_best(r, wish, &step, err))
		return false;
	cuts_measure(r->cuts, step, &r->test);
	interval_classes(&r->test, r->interval);
	return true;
}

struct bill judge_bill(const struct result *r, const struct cut_costs *costs)
{
	const size_t *cell = r->test.confusion;
	double misses = (double)cell[2], alarms = (double)cell[1];

	return (struct bill){
		.now = costs_of(costs, misses, alarms),
		.never = costs_of(costs, misses + (double)cell[3], 0),
		.always = costs_of(costs, 0, alarms + (double)cell[0]),
	};
}
