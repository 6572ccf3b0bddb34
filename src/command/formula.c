#include "command/formula.h"

#include <string.h>

#include "base/mem.h"

/* The name in quotes that text begins with; the byte behind it. */
static size_t quoted_name(const char *text, char *name)
{
	size_t i = 1;

	for (; text[i]; i++) {
		if (text[i] == *text && text[i + 1] != *text)
			return i + 1;
		i += text[i] == *text;
		*name++ = text[i];
	}
	return i;
}

bool formula_read(struct formula *f, const char *text, struct err *err)
{
	size_t len;

	f->name = mem_new(strlen(text) + 1);
	if (*text && strchr("`'\"", *text)) {
		f->at = quoted_name(text, f->name);
	} else {
		f->at = len = strcspn(text, "=");
		while (len > 0 && text[len - 1] == ' ')
			len--;
		memcpy(f->name, text, len);
	}
	f->at += strspn(text + f->at, " ");
	f->expression = NULL;
	if (text[f->at] && text[f->at] != '=')
		return err_set(err, ERR_USAGE, "derive NAME = EXPRESSION: an "
			       "= is wanted here");
	if (text[f->at]) {
		f->at++;
		f->at += strspn(text + f->at, " ");
		f->expression = text + f->at;
	}
	return true;
}
