/*
 * rule-costs.h - what rules would do that are not in the list yet
 *
 * The session counts for the rules of its list.  For the sheet that adds one,
 * an errand counts for each of the others as well, as if it stood in the list
 * and were off.
 */
#ifndef GEMBA_RULE_COSTS_H
#define GEMBA_RULE_COSTS_H

#include "command/session.h"

/* Ask for it.  Costs nothing when it is known, or is being counted. */
void rule_costs_want(struct session *s);
/* The effect that the rule would have, with its default options; NULL: not
 * known.  *stale: it was counted for other choices.  advice is that of
 * effect_uneven(), or "". */
const struct effect *rule_costs_of(const struct session *s,
				   const struct rule *rule, bool *stale,
				   char advice[UNEVEN_TEXT]);
void rule_costs_forget(void);

#endif
