/*
 * split-words.c - the split that is chosen, in a few words
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "data/number.h"
#include "split-choice.h"

char *split_when(const struct column *c, double t, bool day,
		 char to[SPLIT_WHEN])
{
	struct when_form form = c->form;
	char number[NUMBER_TEXT];
	size_t len;

	if (c->type != COLUMN_TIME) {
		number_format(t, number);
		snprintf(to, SPLIT_WHEN, "%s", number);
		return to;
	}
	if (day && form.has_date)
		form.has_time = false;
	len = when_format(t, &form, to);
	/* Seconds are seldom worth their place. */
	if (form.has_time && fmod(t, 60) == 0 && len > 3)
		to[len - 3] = '\0';
	return to;
}

/* How much is said, from all to next to nothing. */
enum detail { ALL, DAYS, NO_GAP, COUNTS, KIND, DETAILS };

static void say_kind(const struct session *s, enum detail detail,
		     char to[SPLIT_WORDS])
{
	const struct option_values *v = &s->settings.split;
	const char *folds = options_text(v, "folds");
	const char *gap = options_text(v, "gap");

	*to = '\0';
	if (folds)
		text_append(to, SPLIT_WORDS, "%s folds ", folds);
	text_append(to, SPLIT_WORDS, "%s",
		    split_kind_about[split_kind_of(v)].name);
	if (detail < NO_GAP && gap && strcmp(gap, "0"))
		text_append(to, SPLIT_WORDS, ", gap %s", gap);
}

static void say_folds(const struct session *s, enum detail detail,
		      char to[SPLIT_WORDS])
{
	const struct ledger *l = &s->ledger;
	char count[COUNT_TEXT];

	text_append(to, SPLIT_WORDS, ": %s row%s tested",
		    text_count(count, l->tested), l->tested == 1 ? "" : "s");
	if (detail < COUNTS)
		text_append(to, SPLIT_WORDS, " once each");
	if (detail < COUNTS && l->untested)
		text_append(to, SPLIT_WORDS, ", %s never",
			    text_count(count, l->untested));
}

static void say_sides(const struct session *s, enum detail detail,
		      char to[SPLIT_WORDS])
{
	const struct ledger *l = &s->ledger;
	const struct column *time = split_column(s, "time");
	char count[COUNT_TEXT], when[SPLIT_WHEN];
	bool dated = detail < COUNTS && time && l->timed;

	text_append(to, SPLIT_WORDS, ": train %s",
		    text_count(count, l->train));
	if (dated)
		text_append(to, SPLIT_WORDS, " to %s", split_when(time,
			    l->train_to, detail > ALL, when));
	text_append(to, SPLIT_WORDS, ", test %s", text_count(count, l->test));
	if (dated)
		text_append(to, SPLIT_WORDS, " from %s", split_when(time,
			    l->test_from, detail > ALL, when));
}

/* The account is not known before it is counted, nor of what cannot be. */
char *split_words(const struct session *s, int width, char to[SPLIT_WORDS])
{
	bool known = s->ledger_key && !session_ledger_stale(s);

	for (int detail = ALL; detail < DETAILS; detail++) {
		say_kind(s, (enum detail)detail, to);
		if (known && detail < KIND && s->ledger.folds)
			say_folds(s, (enum detail)detail, to);
		else if (known && detail < KIND && s->ledger.train)
			say_sides(s, (enum detail)detail, to);
		if ((int)text_width(to) <= width)
			break;
	}
	return to;
}
