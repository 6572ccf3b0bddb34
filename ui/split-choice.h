/*
 * split-choice.h - the choices that make a split, one by one
 *
 * A split is chosen with a line of options; here it is taken to pieces: its
 * kind, and the options that go with it.  What changes one of them is again a
 * whole "split" line, so that it can be undone and is in the recipe.
 */
#ifndef GEMBA_SPLIT_CHOICE_H
#define GEMBA_SPLIT_CHOICE_H

#include "command/command.h"
#include "panel.h"

enum split_kind {
	SPLIT_CHANCE, SPLIT_STRATIFIED, SPLIT_TIME, SPLIT_GROUP,
	SPLIT_TIME_GROUP, SPLIT_FILE, SPLIT_KINDS
};

/* What a kind is called, on a line that is short, and what it asks for. */
struct split_kind_about {
	const char *word;	/* as one types it: "time-group" */
	const char *name;	/* "by time and group" */
	const char *question;	/* "what comes next" */
};
extern const struct split_kind_about split_kind_about[SPLIT_KINDS];
enum split_kind split_kind_of(const struct option_values *split);

/* The lines of the sheet: the kind, then options of "split". */
enum { SPLIT_ITEMS = 8 };
const char *split_item(size_t item);	/* "kind", "time" ... */
/* Its value, or "" for none. */
const char *split_item_value(const struct session *s, size_t item);
/* False: with the other choices it changes nothing. */
bool split_item_counts(const struct session *s, size_t item);

/* The columns that one may want there, the likeliest first, as their numbers;
 * how many there are. */
size_t split_columns_for(const struct session *s, bool time, size_t *column,
			 size_t most);

/*
 * The split in words, in as many columns as there are: "by time, gap 2h: train
 * 8,000 to 2024-03-01, test 2,000 from 2024-03-02".
 */
enum { SPLIT_WORDS = 256 };
char *split_words(const struct session *s, int width, char to[SPLIT_WORDS]);
/* A value of the column of time=, which may be a number; day only or whole. */
enum { SPLIT_WHEN = 40 };
char *split_when(const struct column *c, double t, bool day,
		 char to[SPLIT_WHEN]);
/* The column of that option of the split, or NULL. */
const struct column *split_column(const struct session *s, const char *option);

extern const struct command commands_split[];

#endif
