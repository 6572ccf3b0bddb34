/*
 * report-judge.h - the threshold, what it costs, and the curves in reports
 */
#ifndef GEMBA_REPORT_JUDGE_H
#define GEMBA_REPORT_JUDGE_H

#include <jansson.h>
#include <stdio.h>

#include "run/result.h"

/* Nothing at the usual threshold without costs. */
void report_judged(const struct result *r, FILE *out);
/* "threshold" and what belongs to it, of two classes. */
void put_judged(json_t *o, const struct result *r);
/* Points of the curves of a result. */
json_t *curves_json(const struct result *r);

#endif
