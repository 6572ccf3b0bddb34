#include "command/undo.h"

#include <stdlib.h>

#include "base/mem.h"

/* The stack keeps its own copy. */
static void push(struct settings **stack, size_t *n, const struct settings *s)
{
	*stack = mem_grow(*stack, *n, sizeof(**stack));
	settings_copy(&(*stack)[(*n)++], s);
}

static void clear(struct settings **stack, size_t *n)
{
	while (*n > 0)
		settings_clear(&(*stack)[--*n]);
	free(*stack);
	*stack = NULL;
}

void undo_remember(struct undo *undo, const struct settings *before)
{
	push(&undo->past, &undo->past_n, before);
	clear(&undo->future, &undo->future_n);
}

static bool step(struct settings *now, struct settings **from, size_t *from_n,
		 struct settings **to, size_t *to_n)
{
	if (*from_n == 0)
		return false;
	push(to, to_n, now);
	settings_clear(now);
	*now = (*from)[--*from_n];
	return true;
}

bool undo_back(struct undo *undo, struct settings *now)
{
	return step(now, &undo->past, &undo->past_n,
		    &undo->future, &undo->future_n);
}

bool undo_forth(struct undo *undo, struct settings *now)
{
	return step(now, &undo->future, &undo->future_n,
		    &undo->past, &undo->past_n);
}

void undo_clear(struct undo *undo)
{
	clear(&undo->past, &undo->past_n);
	clear(&undo->future, &undo->future_n);
}
