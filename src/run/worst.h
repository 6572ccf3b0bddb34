/*
 * worst.h - the test rows that a result tells worst
 *
 * A row's loss is its part in the log loss, or of a number how far what is told
 * lies from what is so.  A few rows often have most of it: they are odd, or
 * mislabelled, or of a kind that the model does not know.
 */
#ifndef GEMBA_WORST_H
#define GEMBA_WORST_H

#include <jansson.h>
#include <stdio.h>

#include "base/option.h"
#include "run/explained.h"
#include "run/result.h"

/* rows= of the command. */
extern const struct option worst_options[];

/* At most so many, the worst first; of rows alike the first in the file comes
 * first.  NULL: there is nothing that was told of test rows. */
struct worst *worst_find(const struct result *r, size_t most,
			 struct err *err);

/* What is told of one, and what is so: a class or a number. */
enum { WORST_TEXT = 120 };
char *worst_told(char to[WORST_TEXT], const struct result *r,
		 const struct worst_row *row);
char *worst_actual(char to[WORST_TEXT], const struct result *r,
		   const struct worst_row *row);
/* The probability that was told of the class that it is of; of a number what is
 * so minus what is told. */
double worst_figure(const struct result *r, const struct worst_row *row);

void worst_text(const struct result *r, const struct worst *worst, FILE *out);
json_t *worst_json(const struct result *r, const struct worst *worst);

#endif
