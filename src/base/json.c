#include "base/json.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"

json_t *json_of_number(double x)
{
	return isfinite(x) ? json_real(x) : json_null();
}

json_t *json_of_count(size_t n)
{
	return json_integer((json_int_t)n);
}

json_t *json_of_text(const char *text)
{
	json_t *plain = text ? json_string(text) : json_null();
	char *safe;

	if (plain)
		return plain;
	safe = text_safe_dup(text);
	plain = json_string(safe);
	free(safe);
	return plain;
}

json_t *json_of_texts(char *const *text, size_t n)
{
	json_t *all = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(all, json_of_text(text[i]));
	return all;
}

void json_put(json_t *object, const char *name, json_t *value)
{
	json_object_set_new(object, name, value);
}

json_t *json_with(const char *name, json_t *value)
{
	json_t *o = json_object();

	json_put(o, name, value);
	return o;
}

/*
 * DEL and C1, which a terminal may obey, escaped as C0 is by the library.  It
 * hands over whole characters.
 */
static int write_harmless(const char *s, size_t n, void *out)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		unsigned char next = i + 1 < n ? (unsigned char)s[i + 1] : 0;

		if (c == 0x7f)
			fputs("\\u007f", out);
		else if (c == 0xc2 && next >= 0x80 && next < 0xa0)
			fprintf(out, "\\u%04x", (unsigned)s[++i] & 0xff);
		else
			putc(c, out);
	}
	return ferror(out) ? -1 : 0;
}

bool json_write(json_t *o, FILE *out, struct err *err)
{
	bool ok = json_dump_callback(o, write_harmless, out, JSON_COMPACT |
				     JSON_REAL_PRECISION(15)) == 0 &&
		  fputc('\n', out) != EOF;

	json_decref(o);
	return ok || err_set(err, ERR_IO, "cannot write the results: is the "
			     "disk full?");
}
