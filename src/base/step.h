/*
 * step.h - the next value of an option, for keys that step through values
 */
#ifndef GEMBA_STEP_H
#define GEMBA_STEP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/option.h"

enum { STEP_VALUE = 64 };

/* The word after, or before, the one that is set; round about. */
void step_word(const char *list, const char *now, bool forth,
	       char to[STEP_VALUE]);
/*
 * The value after, or before, that of the i-th option: of numbers one that is
 * some five per cent to half as large again, within the limits; 1 where there
 * was none.  False: such a value is typed.
 */
bool step_option(const struct option_values *v, size_t i, bool forth,
		 char to[STEP_VALUE]);
/* Ten times that, or a tenth: for what spans many sizes.  False: it is no
 * number. */
bool step_tenfold(const struct option_values *v, size_t i, bool more,
		  char to[STEP_VALUE]);

#endif
