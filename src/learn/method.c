#include "learn/method.h"

#include <string.h>

/* A new method is a new file, a line here and a line in the table. */
extern const struct method method_logistic;
extern const struct method method_sgd;
extern const struct method method_baseline;

const struct method *const methods[] = {
	&method_logistic,
	&method_sgd,
	&method_baseline,
	NULL
};

const struct method *method_find(const char *name)
{
	for (size_t i = 0; methods[i]; i++)
		if (!strcmp(methods[i]->name, name))
			return methods[i];
	return NULL;
}
