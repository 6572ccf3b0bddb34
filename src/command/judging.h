/*
 * judging.h - the results of a session at the threshold that is wished for, and
 * each beside the one before
 *
 * Moving the threshold trains nothing: the results are judged again, at once.
 */
#ifndef GEMBA_JUDGING_H
#define GEMBA_JUDGING_H

#include "command/session.h"
#include "run/versus.h"

/* The wish has changed: all results are judged again. */
bool judging_changed(struct session *s, struct err *err);
/* There is a new result: it is judged, and compared with the one before. */
void judging_kept(struct session *s);
/* Compare all with that one from now on; 0: each with the one before. */
void judging_pin(struct session *s, int number);
/* What a result is compared with; NULL: nothing. */
const struct result *judging_against(const struct session *s,
				     const struct result *r);
/* Keep a comparison of two results for the report and the sheet. */
const struct versus *judging_compare(struct session *s, int a, int b);
void judging_free(struct session *s);

#endif
