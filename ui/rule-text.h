/*
 * rule-text.h - cleaning rules, and the account of the rows, in words
 *
 * The panel Cleaning, the sheets of rules and the line above the hints say the
 * same things with more or less room.
 */
#ifndef GEMBA_RULE_TEXT_H
#define GEMBA_RULE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "command/session.h"
#include "draw.h"

/* "median of speed,torque": what sets this use of a rule apart. */
enum { RULE_WORDS = 200 };
void rule_words(const struct rule_use *use, char text[RULE_WORDS]);
/* "rows, before the split", or in less room "rows": what rules of this kind
 * work on. */
const char *rule_kind_text(enum rule_kind kind, int width);

/* It takes rows: all, or of those that train. */
bool rule_takes_rows(const struct rule_use *use);

/* It works on columns as a whole: no cells are counted. */
bool rule_takes_columns(const struct rule *rule);

/* What was counted last for the i-th rule of the settings; NULL: nothing yet.
 * It may be out of date: see session_ledger_stale(). */
const struct effect *rule_effect(const struct session *s, size_t i);

/* "−3 rows" of a rule that takes them, "3 rows" of one that would, "417 cells",
 * "5 columns"; "" when it is not known. */
enum { COST_TEXT = 64 };
enum tone rule_cost(const struct session *s, size_t i, char text[COST_TEXT]);
enum tone effect_cost(const struct effect *effect, const struct rule_use *use,
		      char text[COST_TEXT]);

/* effect_uneven() of the i-th rule of the settings. */
bool rule_advice(const struct session *s, size_t i, char text[UNEVEN_TEXT]);
/* "18 %", "0.4 %": small shares in tenths. */
enum { SHARE_TEXT = 16 };
char *share_text(char to[SHARE_TEXT], double share);

/*
 * The account: "100 read = 92 used + 5 drop-missing + 3 drop-duplicates" with
 * the names of the rules, their labels, or one sum, which may be without a
 * word.
 */
enum wording { WORDS_NAMES, WORDS_LABELS, WORDS_SUM, WORDS_NONE, WORDINGS };
enum { ACCOUNT_TEXT = 512 };
void account_rows(const struct ledger *ledger, enum wording words,
		  char text[ACCOUNT_TEXT]);
/* The longest wording that fits; with lines > 1, of what stands behind "=". */
void account_fit(const struct ledger *ledger, int width, int lines,
		 char text[ACCOUNT_TEXT]);
/* "train 8,000   test 2,000   gap 40"; "" when that is not known yet. */
void account_split(const struct session *s, int width,
		   char text[ACCOUNT_TEXT]);

#endif
