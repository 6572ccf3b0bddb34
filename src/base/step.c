#include "base/step.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

void step_word(const char *list, const char *now, bool forth,
	       char to[STEP_VALUE])
{
	struct words words;
	struct err err;
	size_t at = 0;

	*to = '\0';
	if (!words_split(&words, list, &err))
		return;
	while (at < words.n && strcmp(words.word[at], now))
		at++;
	if (at == words.n)
		at = 0;
	else
		at = (at + (forth ? 1 : words.n - 1)) % words.n;
	snprintf(to, STEP_VALUE, "%s", words.word[at]);
	words_clear(&words);
}

/* 1.5 to 2 and 2.5, 40 to 45; towards 0 from 1 in the smaller steps below. */
static double stepped(double x, bool whole, bool forth)
{
	bool shrinks = forth == (x < 0);
	double size = fabs(x), unit, by;

	if (size == 0)
		return whole ? (forth ? 1 : -1) : forth ? 0.1 : -0.1;
	unit = pow(10, floor(log10(size) + 1e-9));
	by = unit / 2;
	if (shrinks && size <= unit * (1 + 1e-9))
		by = unit / 10;
	if (whole)
		by = fmax(1, round(by));
	x = (forth ? floor : ceil)(x / by + (forth ? 1e-9 : -1e-9)) * by;
	return forth ? x + by : x - by;
}

static void within(const struct option *option, double x, char to[STEP_VALUE])
{
	x = fmin(fmax(x, option->min), option->max);
	snprintf(to, STEP_VALUE, "%.12g", x);
}

bool step_option(const struct option_values *v, size_t i, bool forth,
		 char to[STEP_VALUE])
{
	const struct option *option = &v->table[i];
	double x;

	if (option->type == OPTION_CHOICE) {
		step_word(option->choices, v->text[i] ? v->text[i] : "",
			  forth, to);
		return true;
	}
	if (option->type != OPTION_NUMBER && option->type != OPTION_WHOLE)
		return false;
	x = v->text[i] ? stepped(v->number[i], option->type == OPTION_WHOLE,
				 forth) : 1;
	within(option, x, to);
	return true;
}

bool step_tenfold(const struct option_values *v, size_t i, bool more,
		  char to[STEP_VALUE])
{
	const struct option *option = &v->table[i];
	bool whole = option->type == OPTION_WHOLE;
	double x = v->text[i] ? v->number[i] : 1;

	if (option->type != OPTION_NUMBER && !whole)
		return false;
	if (x == 0 && more)
		x = whole ? 1 : 0.001;
	else
		x = more ? 10 * x : x / 10;
	within(option, whole ? round(x) : x, to);
	return true;
}
