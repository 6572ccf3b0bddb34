/*
 * report-intervals.h - measures of the report with interval and baseline
 */
#ifndef GEMBA_REPORT_INTERVALS_H
#define GEMBA_REPORT_INTERVALS_H

#include <stdbool.h>
#include <stdio.h>

#include "run/result.h"

/* "   95 %: 0.6861 to 0.9706, baseline 0.4211", or why there is none; a share
 * with four digits after the point, others with four in all. */
void report_interval(FILE *out, const struct interval *interval,
		     double baseline, bool share);
/* The first measures of two classes, a line each; those that lead first. */
void report_of_classes(const struct result *result, FILE *out);
/* By what the intervals were found, and why accuracy does not lead. */
void report_methods(const struct result *result, FILE *out);

#endif
