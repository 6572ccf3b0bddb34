/*
 * cmd-explain.c - what the newest model is asked
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command/commands.h"
#include "command/inquiry.h"
#include "run/dependence.h"
#include "run/importance.h"
#include "run/worst.h"

static bool importance(struct session *s, int argc, char **argv,
		       struct err *err)
{
	struct option_values options;
	bool ok;

	(void)argc;
	if (!inquiry_ready(s, argv[0], err))
		return false;
	options_init(&options, importance_options);
	ok = take_options(s, &options, argv[0], 1, argv, err) &&
	     importance_fits(&options, session_newest(s), err) &&
	     inquiry_ask(s, INQUIRY_IMPORTANCE, 0, &options, err);
	options_clear(&options);
	if (ok)
		inquiry_type(s, INQUIRY_IMPORTANCE);
	return ok;
}

static const char *complete_importance(const struct session *s, int argc,
				       char **argv, size_t n)
{
	(void)s;
	return complete_option(importance_options, argv[argc - 1], n);
}

static bool dependence(struct session *s, int argc, char **argv,
		       struct err *err)
{
	struct option_values options;
	int column = find_column(s, argv, 1, 0, err);
	bool ok;

	(void)argc;
	if (column < 0 || !inquiry_ready(s, argv[0], err))
		return false;
	s->fault = 1;
	if (!dependence_fits(session_newest(s)->fitted, (size_t)column, err))
		return false;
	options_init(&options, dependence_options);
	ok = take_options(s, &options, argv[0], 2, argv, err) &&
	     inquiry_ask(s, INQUIRY_DEPENDENCE, (size_t)column, &options,
			 err);
	options_clear(&options);
	if (ok)
		inquiry_type(s, INQUIRY_DEPENDENCE);
	return ok;
}

static const char *complete_dependence(const struct session *s, int argc,
				       char **argv, size_t n)
{
	return argc == 2 ? complete_column(s, n) :
	       complete_option(dependence_options, argv[argc - 1], n);
}

static bool why(struct session *s, int argc, char **argv, struct err *err)
{
	char *end;
	unsigned long row = strtoul(argv[1], &end, 10);

	(void)argc;
	if (!inquiry_ready(s, argv[0], err))
		return false;
	s->fault = 1;
	if (*end || !isdigit((unsigned char)*argv[1]) || row < 1)
		return err_set(err, ERR_USAGE, "why wants the number of a row, "
			       "from 1 on");
	if (row > s->table->rows)
		return err_set(err, ERR_USAGE, "there is no row %lu: the "
			       "table has %zu", row, s->table->rows);
	if (!inquiry_ask(s, INQUIRY_WHY, row - 1, NULL, err))
		return false;
	inquiry_type(s, INQUIRY_WHY);
	return true;
}

/* The rows themselves are on a sheet, which the screen opens. */
static bool worst(struct session *s, int argc, char **argv, struct err *err)
{
	struct result *r = s->results ? s->result[s->results - 1] : NULL;
	struct option_values options;
	struct worst *found = NULL;

	(void)argc;
	if (!r)
		return err_set(err, ERR_USAGE, "no row is told yet: train "
			       "first");
	options_init(&options, worst_options);
	if (take_options(s, &options, argv[0], 1, argv, err))
		found = worst_find(r, (size_t)options_number(&options, "rows"),
				   err);
	options_clear(&options);
	if (!found)
		return false;
	if (!r->explained)
		r->explained = mem_new(sizeof(*r->explained));
	explained_worst(r->explained, found);
	inquiry_type(s, INQUIRY_WORST);
	return true;
}

static const char *complete_worst(const struct session *s, int argc,
				  char **argv, size_t n)
{
	(void)s;
	return complete_option(worst_options, argv[argc - 1], n);
}

/* The report, and so the JSON, of the newest result. */
static bool weights(struct session *s, int argc, char **argv, struct err *err)
{
	struct result *r = s->results ? s->result[s->results - 1] : NULL;

	(void)argc;
	(void)argv;
	if (!r)
		return err_set(err, ERR_USAGE, "there are no weights yet: "
			       "train first");
	if (!r->explained)
		r->explained = mem_new(sizeof(*r->explained));
	r->explained->weights = true;
	session_say(s, "the report has them in all units; here v shows them "
		    "in the panel Weights");
	return true;
}

const struct command commands_explain[] = {
	{ .name = "weights", .args = "",
	  .help = "Put the weights in all their units into the report",
	  .flags = COMMAND_TABLE, .run = weights },
	{ .name = "importance", .args = "[repeats=N] [score=NAME] [rows=N]",
	  .help = "Ask the model how much worse it is without each column",
	  .max = -1, .flags = COMMAND_TABLE,
	  .complete = complete_importance, .run = importance },
	{ .name = "dependence", .args = "COLUMN [points=N] [rows=N]",
	  .help = "Ask the model what it tells as a column changes",
	  .min = 1, .max = -1, .flags = COMMAND_TABLE,
	  .complete = complete_dependence, .run = dependence },
	{ .name = "worst", .args = "[rows=N]",
	  .help = "List the test rows that the newest run tells worst",
	  .max = -1, .flags = COMMAND_TABLE,
	  .complete = complete_worst, .run = worst },
	{ .name = "why", .args = "ROW",
	  .help = "Ask the model why it tells of a row what it tells",
	  .min = 1, .max = 1, .flags = COMMAND_TABLE, .run = why },
	{ 0 }
};
