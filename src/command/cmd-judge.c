/*
 * cmd-judge.c - how results are judged: the threshold, what mistakes cost, two
 * results side by side
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/option.h"
#include "command/commands.h"
#include "command/judging.h"
#include "run/judge.h"

/* ---- the threshold ---- */

static const struct option best_options[] = {
	{ .name = "by", .type = OPTION_CHOICE,
	  .choices = "cost mcc f1 balanced",
	  .help = "what the best one is best by; cost when there are costs, "
	  "else mcc" },
	{ 0 }
};

/* The threshold to move from: that of the newest result, or the wish. */
static double cut_now(const struct session *s)
{
	const struct result *r = session_newest(s);

	return r && s->settings.cut.best && judge_moves(r) ? r->judged.cut :
	       s->settings.cut.cut;
}

static bool set_best(struct session *s, char **argv, struct err *err)
{
	struct cut_wish *cut = &s->settings.cut;
	struct option_values options;
	const char *by;

	options_init(&options, best_options);
	if (!take_options(s, &options, "threshold best", 2, argv, err)) {
		options_clear(&options);
		return false;
	}
	by = options_text(&options, "by");
	cut->best = true;
	cut->by = cut->priced ? CUT_COST : CUT_MCC;
	for (int k = 0; by && k < CUT_BYS; k++)
		if (!strcmp(by, cut_by_name[k]))
			cut->by = (enum cut_by)k;
	options_clear(&options);
	return true;
}

static bool moves_something(const struct session *s)
{
	const struct result *r = session_newest(s);

	return !r || judge_moves(r);
}

/* "0.3", "+0.01", "-0.1"; steps end on whole hundredths. */
static bool set_cut(struct session *s, const char *word, struct err *err)
{
	bool step = *word == '+' || *word == '-';
	char *end;
	double x = strtod(word, &end);

	s->fault = 1;
	if (step && s->screen && !moves_something(s))
		return err_set(err, ERR_USAGE, "a threshold moves what two "
			       "classes are told by: the newest result has "
			       "none");
	if (end == word || *end || !isfinite(x) ||
	    (!step && (x < 0 || x >= 1)))
		return err_set(err, ERR_USAGE, "threshold takes a probability "
			       "from 0 to less than 1, a step such as +0.01, "
			       "or best, not '%.40s'", word);
	if (step)
		x = fmin(fmax(round((cut_now(s) + x) * 1000) / 1000, 0),
			 0.999);
	s->settings.cut.best = false;
	s->settings.cut.cut = x;
	return true;
}

static void say_threshold(struct session *s)
{
	const struct result *r = session_newest(s);
	const struct cut_wish *cut = &s->settings.cut;

	if (!r || !judge_moves(r))
		session_say(s, r ? "the threshold is set; it moves results of "
			    "two classes, and the newest is of %s"
			    : "the threshold is set: train, and it tells what "
			    "comes of it", r && r->task == TASK_REGRESSION ?
			    "numbers" : r && r->classes > 2 ? "more" :
			    "one without probabilities");
	else if (!cut->best)
		session_say(s, "threshold %.3g", r->judged.cut);
	else
		session_say(s, "threshold %.4g: the best by %s, on the test "
			    "rows", r->judged.cut, cut_by_name[cut->by]);
}

static bool threshold(struct session *s, int argc, char **argv,
		      struct err *err)
{
	bool best = !strcmp(argv[1], "best");

	if (!best && argc > 2) {
		s->fault = 2;
		return err_set(err, ERR_USAGE, "threshold %.40s takes no "
			       "options", argv[1]);
	}
	if (!(best ? set_best(s, argv, err) : set_cut(s, argv[1], err)) ||
	    !judging_changed(s, err))
		return false;
	say_threshold(s);
	return true;
}

static const char *complete_threshold(const struct session *s, int argc,
				      char **argv, size_t n)
{
	(void)s;
	if (argc == 2)
		return n == 0 ? "best" : NULL;
	return strcmp(argv[1], "best") ? NULL :
	       complete_option(best_options, argv[argc - 1], n);
}

/* ---- what mistakes cost ---- */

static const struct option cost_options[] = {
	{ .name = "miss", .type = OPTION_NUMBER, .dflt = "1",
	  .min = 0, .max = 1e12,
	  .help = "what a row of the positive class costs that is not told" },
	{ .name = "alarm", .type = OPTION_NUMBER, .dflt = "1",
	  .min = 0, .max = 1e12,
	  .help = "what a row of the other class costs that is taken for it" },
	{ 0 }
};

static bool set_costs(struct session *s, int argc, char **argv,
		      struct err *err)
{
	struct cut_wish *cut = &s->settings.cut;
	struct option_values options;

	if (argc == 2 && !strcmp(argv[1], "none")) {
		cut->priced = false;
		cut->costs = (struct cut_costs){ 0 };
		cut->by = cut->by == CUT_COST ? CUT_MCC : cut->by;
		return judging_changed(s, err);
	}
	options_init(&options, cost_options);
	if (!take_options(s, &options, argv[0], 1, argv, err)) {
		options_clear(&options);
		return false;
	}
	cut->priced = true;
	cut->costs.miss = options_number(&options, "miss");
	cut->costs.alarm = options_number(&options, "alarm");
	options_clear(&options);
	if (!judging_changed(s, err))
		return false;
	session_say(s, "a miss costs %g, a false alarm %g: threshold best "
		    "finds the cheapest", cut->costs.miss, cut->costs.alarm);
	return true;
}

static const char *complete_costs(const struct session *s, int argc,
				  char **argv, size_t n)
{
	const char *option = complete_option(cost_options, argv[argc - 1], n);

	(void)s;
	if (option || argc > 2 || (n > 0 && !complete_option(cost_options,
						argv[argc - 1], n - 1)))
		return option;
	return "none";
}

/* ---- two results ---- */

static int number_of(struct session *s, char **argv, int i, struct err *err)
{
	const char *word = *argv[i] == '#' ? argv[i] + 1 : argv[i];
	char *end;
	long number = strtol(word, &end, 10);

	s->fault = i;
	if (end != word && !*end && number >= 1 &&
	    (unsigned long)number <= s->results)
		return (int)number;
	if (!s->results)
		err_set(err, ERR_USAGE, "there is no run yet: train first");
	else
		err_set(err, ERR_USAGE, "there is no run '%.40s': 1 to %zu",
			argv[i], s->results);
	return 0;
}

/* "3 4": the 4th against the 3rd; "3": the newest against it; nothing: the
 * newest against the pinned one, or the one before. */
static bool compare(struct session *s, int argc, char **argv, struct err *err)
{
	int b = (int)s->results, a = s->pinned && s->pinned != b ? s->pinned :
				     b - 1;
	const struct versus *v;
	char *words;

	if (argc > 1 && !(a = number_of(s, argv, 1, err)))
		return false;
	if (argc > 2 && !(b = number_of(s, argv, 2, err)))
		return false;
	s->fault = argc > 1 ? 1 : 0;
	if (a < 1 || a == b)
		return err_set(err, ERR_USAGE, a < 1 ? "there are no two runs "
			       "yet: train twice" : "a run is compared with "
			       "another one");
	v = judging_compare(s, a, b);
	words = versus_words(v);
	session_say(s, "%d against %d: %s", b, a, words);
	free(words);
	return true;
}

static bool pin(struct session *s, int argc, char **argv, struct err *err)
{
	int number = 0;

	if (argc > 1 && strcmp(argv[1], "none") &&
	    !(number = number_of(s, argv, 1, err)))
		return false;
	if (argc > 1 && number == s->pinned)
		number = 0;
	judging_pin(s, number);
	if (number)
		session_say(s, "run %d is pinned: others are held against it",
			    number);
	else
		session_say(s, "each run is held against the one before");
	return true;
}

/* The n-th run, the newest first. */
static const char *complete_run(const struct session *s, int argc,
				char **argv, size_t n)
{
	static char number[24];

	(void)argv;
	if (argc > 3 || n >= s->results)
		return NULL;
	snprintf(number, sizeof(number), "%zu", s->results - n);
	return number;
}

const struct command commands_judge[] = {
	{ .name = "threshold", .args = "P|+STEP|-STEP|best "
	  "[by=cost|mcc|f1|balanced]",
	  .help = "Choose at which probability the positive class is told",
	  .min = 1, .max = 2,
	  .complete = complete_threshold, .run = threshold },
	{ .name = "costs", .args = "[miss=COST] [alarm=COST]|none",
	  .help = "Say what a miss and a false alarm cost",
	  .min = 1, .max = 2, .complete = complete_costs, .run = set_costs },
	{ .name = "compare", .args = "[RUN [RUN]]",
	  .help = "Hold two runs against each other: more than noise?",
	  .max = 2, .complete = complete_run, .run = compare },
	{ .name = "pin", .args = "RUN|none",
	  .help = "Hold every run against this one; again: not",
	  .max = 1, .complete = complete_run, .run = pin },
	{ 0 }
};
