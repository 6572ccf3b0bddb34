#include "run/classes.h"

#include <string.h>

#include "base/text.h"
#include "data/number.h"

/* As much of a name as there is room for, in whole characters. */
static void set_name(char to[CLASS_NAME], const char *name)
{
	size_t len = strlen(name), n = 0;

	while (n < len) {
		uint32_t c;
		size_t bytes = text_character(name + n, len - n, &c);

		bytes = bytes ? bytes : 1;
		if (bytes > len - n || n + bytes >= CLASS_NAME)
			break;
		n += bytes;
	}
	memcpy(to, name, n);
	to[n] = '\0';
}

static void add_class(struct classes *classes, const char *name)
{
	set_name(classes->name[classes->n++], name);
}

static void of_levels(struct classes *classes, const struct column *c,
		      size_t rows, uint8_t *of)
{
	if (c->levels > CLASSES_COUNTED)
		return;
	for (size_t k = 0; k < c->levels; k++)
		add_class(classes, c->level[k]);
	for (size_t i = 0; i < rows; i++)
		of[i] = c->code[i] == LEVEL_MISSING ? CLASS_NONE
						    : (uint8_t)c->code[i];
}

/* The two values of a column, the smaller one first; false: it has not two. */
static bool two_values(const struct column *c, size_t rows, double value[2])
{
	size_t n = 0;

	for (size_t i = 0; i < rows; i++) {
		double x = c->number[i];

		if (x != x || (n > 0 && x == value[0]) ||
		    (n > 1 && x == value[1]))
			continue;
		if (n == 2)
			return false;
		value[n++] = x;
	}
	if (n == 2 && value[0] > value[1]) {
		double low = value[1];

		value[1] = value[0];
		value[0] = low;
	}
	return n == 2;
}

static void of_numbers(struct classes *classes, const struct column *c,
		       size_t rows, uint8_t *of)
{
	char text[NUMBER_TEXT];
	double value[2];

	if (!two_values(c, rows, value))
		return;
	for (size_t k = 0; k < 2; k++) {
		number_format(value[k], text);
		add_class(classes, text);
	}
	for (size_t i = 0; i < rows; i++) {
		double x = c->number[i];

		of[i] = x != x ? CLASS_NONE : x == value[1];
	}
}

void classes_init(struct classes *classes, const struct table *table,
		  const struct settings *s, uint8_t *of)
{
	const struct column *c;

	*classes = (struct classes){ .of = of };
	if (s->target < 0)
		return;
	c = &table->column[s->target];
	set_name(classes->target, c->name);
	if (c->type == COLUMN_CATEGORY)
		of_levels(classes, c, table->rows, of);
	else if (c->type == COLUMN_NUMBER)
		of_numbers(classes, c, table->rows, of);
}
