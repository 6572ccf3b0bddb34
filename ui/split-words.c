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
enum detail { ALL, DAYS, NO_GAP, THEN, COUNTS, GAP, KIND, DETAILS };

static void say_kind(const struct session *s, bool gapped,
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
	if (gapped && gap && strcmp(gap, "0"))
		text_append(to, SPLIT_WORDS, ", gap %s", gap);
}

static void say_folds(const struct session *s, enum detail detail,
		      char to[SPLIT_WORDS])
{
	const struct ledger *l = &s->ledger;
	char count[COUNT_TEXT];

	say_kind(s, detail < COUNTS || detail == GAP, to);
	if (detail >= GAP)
		return;
	text_append(to, SPLIT_WORDS, ": %s%s tested",
		    text_count(count, l->tested),
		    detail < THEN ? " rows" : "");
	if (detail < NO_GAP)
		text_append(to, SPLIT_WORDS, " once each");
	if (detail < THEN && l->untested)
		text_append(to, SPLIT_WORDS, ", %s never",
			    text_count(count, l->untested));
}

static void say_side(const struct session *s, enum detail detail,
		     const char *word, size_t rows, const char *until,
		     double t, char to[SPLIT_WORDS])
{
	const struct column *time = split_column(s, "time");
	char count[COUNT_TEXT], when[SPLIT_WHEN];

	text_append(to, SPLIT_WORDS, "%s %s", word, text_count(count, rows));
	if (detail < THEN && time && s->ledger.timed)
		text_append(to, SPLIT_WORDS, " %s %s", until,
			    split_when(time, t, detail > ALL, when));
}

static void say_sides(const struct session *s, enum detail detail,
		      char to[SPLIT_WORDS])
{
	const struct ledger *l = &s->ledger;
	const struct column *time = split_column(s, "time");
	char when[SPLIT_WHEN];

	say_kind(s, detail < NO_GAP || detail == GAP, to);
	if (detail >= GAP)
		return;
	text_append(to, SPLIT_WORDS, ": ");
	if (detail == THEN && time && l->timed) {
		text_append(to, SPLIT_WORDS, "train to %s, then test",
			    split_when(time, l->train_to, true, when));
		return;
	}
	say_side(s, detail, "train", l->train, "to", l->train_to, to);
	text_append(to, SPLIT_WORDS, ", ");
	say_side(s, detail, "test", l->test, "from", l->test_from, to);
}

/* The account is not known before it is counted, nor of what cannot be. */
char *split_words(const struct session *s, int width, char to[SPLIT_WORDS])
{
	const struct ledger *l = &s->ledger;
	bool known = s->ledger_key && !session_ledger_stale(s) &&
		     (l->folds || l->train);

	for (int detail = known ? ALL : GAP; detail < DETAILS; detail++) {
		if (l->folds || !known)
			say_folds(s, (enum detail)detail, to);
		else
			say_sides(s, (enum detail)detail, to);
		if ((int)text_width(to) <= width)
			break;
	}
	return to;
}
