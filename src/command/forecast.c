#include "command/forecast.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command/session.h"

/* The session's.  The stages are the errand's while one is under way. */
struct forecast {
	struct stages *stages;	/* owned */
	const struct table *table;	/* that these are of, in this file, */
	unsigned opened;
	char *rest;		/* owned: with these choices, but the split */
	bool changed;		/* the stages are of what was before these */
	char *key;		/* owned: what was asked for last; NULL: not */
	unsigned serial;	/* of that question */
	bool known;		/* the answer has come */
	struct outlook *outlook;	/* owned: of it, or of one before */
	struct err err;		/* why there is none, or ERR_NONE */
};

/* A question on its way. */
struct question {
	struct forecast *forecast;	/* borrowed: outlives it */
	unsigned serial;
	bool anew;			/* the stages are of something else */
	const struct table *table;	/* borrowed */
	struct settings settings;	/* its own copy */
	struct outlook *outlook;	/* owned; what is found */
};

static bool find(struct job *job, void *what, struct err *err)
{
	struct question *q = what;

	if (q->anew)
		stages_reset(q->forecast->stages);
	return outlook_find(q->outlook, q->forecast->stages, q->table,
			    &q->settings, job, err);
}

static void take(struct session *s, void *what, const struct err *err)
{
	struct question *q = what;
	struct forecast *f = s->forecast;

	if (f && q->serial == f->serial && err->code == ERR_CANCELLED) {
		free(f->key);		/* it may be asked again */
		f->key = NULL;
	} else if (f && q->serial == f->serial) {
		f->known = true;
		f->changed = false;
		f->err = *err;
		free(f->outlook);
		f->outlook = err->code ? NULL : q->outlook;
		if (f->outlook)
			q->outlook = NULL;
	}
	free(q->outlook);
	settings_clear(&q->settings);
	free(q);
}

/* All choices as text but the split and the method: what the rows depend on. */
static char *all_but_split(const struct session *s)
{
	struct settings copy;
	char *text;

	settings_copy(&copy, &s->settings);
	options_clear(&copy.split);
	options_init(&copy.split, split_options);
	options_clear(&copy.method_options);
	copy.method = NULL;
	text = settings_format(&copy, s->table);
	settings_clear(&copy);
	return text;
}

/* A question that was given up may not have come to make the stages anew. */
static void compare(struct forecast *f, const struct session *s)
{
	char *rest = all_but_split(s);

	f->changed |= !f->rest || strcmp(f->rest, rest) ||
		      f->table != s->table ||
		      f->opened != source_opened(s->data.source);
	free(f->rest);
	f->rest = rest;
	f->table = s->table;
	f->opened = source_opened(s->data.source);
}

static bool asked(const struct forecast *f, const struct session *s)
{
	return f->key && !strcmp(f->key, s->key) && f->table == s->table &&
	       f->opened == source_opened(s->data.source);
}

void forecast_want(struct session *s)
{
	static const struct errand errand = { find, take };
	struct forecast *f = s->forecast;
	struct question *q;

	if (s->working == WORK_OPEN || !s->table || (f && asked(f, s)))
		return;
	if (!f) {
		f = s->forecast = mem_new(sizeof(*f));
		f->stages = stages_new();
	}
	q = mem_new(sizeof(*q));
	q->forecast = f;
	compare(f, s);
	q->anew = f->changed;
	q->serial = ++f->serial;
	q->table = s->table;
	q->outlook = mem_new(sizeof(*q->outlook));
	settings_copy(&q->settings, &s->settings);
	free(f->key);
	f->key = mem_strdup(s->key);
	f->known = false;
	errands_send(s->errands, s, ERRAND_SPLIT, &errand, q);
}

const struct outlook *forecast_of(const struct session *s, bool *stale,
				  const char **why)
{
	const struct forecast *f = s->forecast;

	*stale = !f || !f->known || !asked(f, s);
	*why = NULL;
	if (!f || f->table != s->table)
		return NULL;
	if (!*stale && f->err.code)
		*why = f->err.text;
	return f->outlook;
}

void forecast_free(struct session *s)
{
	struct forecast *f = s->forecast;

	if (!f)
		return;
	stages_free(f->stages);
	free(f->rest);
	free(f->key);
	free(f->outlook);
	free(f);
	s->forecast = NULL;
}
