/*
 * inquiry.h - asking the newest model something, by an errand
 *
 * The answers are put with its result.  A question of a kind takes the place of
 * an older one of it that is under way.  In a batch the answer is there when
 * these return.
 */
#ifndef GEMBA_INQUIRY_H
#define GEMBA_INQUIRY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/option.h"
#include "run/explained.h"

struct session;

/* What is asked; the result keeps one importance, and of the others as many as
 * were asked.  The last is answered at once: it is there for inquiry_type()
 * only. */
enum inquiry_kind { INQUIRY_IMPORTANCE, INQUIRY_DEPENDENCE, INQUIRY_WHY,
		    INQUIRY_WORST };

/* about: a column or a row, of the table; options: of that kind, copied. */
bool inquiry_ask(struct session *s, enum inquiry_kind kind, size_t about,
		 const struct option_values *options, struct err *err);
/* The model that can be asked is there: the newest, with its table. */
bool inquiry_ready(const struct session *s, const char *command,
		   struct err *err);

/* For sheets: ask with the options as they are by themselves, unless that is
 * what was asked last. */
void inquiry_want(struct session *s, enum inquiry_kind kind, size_t about);

/* Is it being found, and if not: why that failed, or NULL.  Of the newest
 * result and what was asked last. */
bool inquiry_waiting(const struct session *s, enum inquiry_kind kind,
		     size_t about);
const char *inquiry_failed(const struct session *s, enum inquiry_kind kind,
			   size_t about);

/* Give up what is being found; false: nothing is. */
bool inquiry_cancel(struct session *s);

/* The last question was a command, whose answer the screen shows: say so; and
 * whether that was said, once. */
void inquiry_type(struct session *s, enum inquiry_kind kind);
bool inquiry_typed(struct session *s, enum inquiry_kind *kind, size_t *about);

/* The answers of the newest result; NULL: none such. */
const struct importance *inquiry_importance(const struct session *s);
const struct dependence *inquiry_dependence(const struct session *s,
					    const char *column);
const struct why *inquiry_why(const struct session *s, size_t row);

void inquiry_free(struct session *s);

#endif
