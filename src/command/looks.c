#include "command/looks.h"

#include "command/session.h"

void looks_changed(struct session *s)
{
	(void)s;
}

void looks_forget(struct session *s)
{
	(void)s;
}

void looks_clear(struct looks *looks)
{
	(void)looks;
}

const struct rows *looks_rows(const struct session *s)
{
	(void)s;
	return NULL;
}
