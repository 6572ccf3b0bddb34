#include "command/inquiry.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command/session.h"
#include "run/dependence.h"
#include "run/importance.h"
#include "run/why.h"

enum { KINDS = INQUIRY_WHY + 1 };

/* The last question of a kind. */
struct last {
	unsigned serial;
	int number;		/* of the result */
	bool waiting;
	size_t about;
	struct err err;		/* why there is no answer, or ERR_NONE */
};

/* The session's. */
struct inquiries {
	struct last last[KINDS];
	bool typed;		/* and its answer is to be shown: of a kind */
	enum inquiry_kind kind;
};

/* A question on its way. */
struct asking {
	enum inquiry_kind kind;
	unsigned serial;
	size_t about;
	int number;			/* of the result */
	struct fitted *fitted;		/* an owner of it */
	struct asked asked;
	struct option_values options;	/* owned */
	/* One of these, owned; what is found. */
	struct importance *importance;
	struct dependence *dependence;
	struct why *why;
};

static const enum errand_kind errand_of[KINDS] = {
	ERRAND_EXPLAIN, ERRAND_DEPENDENCE, ERRAND_WHY
};

static bool find(struct job *job, void *what, struct err *err)
{
	struct asking *a = what;

	switch (a->kind) {
	case INQUIRY_IMPORTANCE:
		a->importance = importance_find(&a->asked, &a->options, job,
						err);
		return a->importance;
	case INQUIRY_DEPENDENCE:
		a->dependence = dependence_find(&a->asked, a->about,
						&a->options, job, err);
		return a->dependence;
	case INQUIRY_WHY:
		a->why = why_find(&a->asked, a->about, job, err);
		return a->why;
	case INQUIRY_WORST:
		break;
	}
	return false;
}

static void give(struct session *s, struct asking *a)
{
	struct result *r = s->result[a->number - 1];

	if (!r->explained)
		r->explained = mem_new(sizeof(*r->explained));
	if (a->importance)
		explained_importance(r->explained, a->importance);
	if (a->dependence)
		explained_dependence(r->explained, a->dependence);
	if (a->why)
		explained_why(r->explained, a->why);
	a->importance = NULL;
	a->dependence = NULL;
	a->why = NULL;
}

static void take(struct session *s, void *what, const struct err *err)
{
	struct asking *a = what;
	struct last *last = s->inquiries ? &s->inquiries->last[a->kind] : NULL;

	if (last && last->serial == a->serial) {
		last->waiting = false;
		last->err = *err;
	}
	if (last && !err->code)
		give(s, a);
	importance_free(a->importance);
	dependence_free(a->dependence);
	why_free(a->why);
	options_clear(&a->options);
	fitted_release(a->fitted);
	free(a);
}

bool inquiry_ready(const struct session *s, const char *command,
		   struct err *err)
{
	const struct result *r = session_newest(s);

	if (!r)
		return err_set(err, ERR_USAGE, "%s asks a model: train first",
			       command);
	return r->fitted || err_set(err, ERR_USAGE, "%s asks a model, and the "
				    "table of the last one has changed: train "
				    "again", command);
}

bool inquiry_ask(struct session *s, enum inquiry_kind kind, size_t about,
		 const struct option_values *options, struct err *err)
{
	static const struct errand errand = { find, take };
	const struct result *r = session_newest(s);
	struct asking *a = mem_new(sizeof(*a));
	struct last *last;

	if (!s->inquiries)
		s->inquiries = mem_new(sizeof(*s->inquiries));
	last = &s->inquiries->last[kind];
	*last = (struct last){ .serial = last->serial + 1, .waiting = true,
			       .about = about, .number = r->number };
	a->kind = kind;
	a->serial = last->serial;
	a->about = about;
	a->number = r->number;
	a->fitted = fitted_share(r->fitted);
	a->asked = (struct asked){
		a->fitted, r,
		(uint32_t)options_number(&s->settings.split, "seed")
	};
	if (options)
		options_copy(&a->options, options);
	errands_send(s->errands, s, errand_of[kind], &errand, a);
	if (last->waiting || !last->err.code)
		return true;
	*err = last->err;
	return false;
}

/* The last question, if it is about that and of the newest result. */
static const struct last *last_about(const struct session *s,
				     enum inquiry_kind kind, size_t about)
{
	const struct result *r = session_newest(s);
	const struct last *last = s->inquiries ? &s->inquiries->last[kind]
					       : NULL;

	return last && r && last->number == r->number &&
	       last->about == about ? last : NULL;
}

bool inquiry_waiting(const struct session *s, enum inquiry_kind kind,
		     size_t about)
{
	const struct last *last = last_about(s, kind, about);

	return last && last->waiting;
}

const char *inquiry_failed(const struct session *s, enum inquiry_kind kind,
			   size_t about)
{
	const struct last *last = last_about(s, kind, about);

	return last && !last->waiting && last->err.code ? last->err.text
							: NULL;
}

bool inquiry_cancel(struct session *s)
{
	bool any = false;

	for (int k = 0; k < KINDS; k++) {
		any |= errands_waiting(s->errands, errand_of[k]);
		errands_cancel(s->errands, s, errand_of[k]);
	}
	return any;
}

void inquiry_type(struct session *s, enum inquiry_kind kind)
{
	if (!s->inquiries)
		s->inquiries = mem_new(sizeof(*s->inquiries));
	s->inquiries->typed = s->screen;
	s->inquiries->kind = kind;
}

bool inquiry_typed(struct session *s, enum inquiry_kind *kind, size_t *about)
{
	struct inquiries *is = s->inquiries;

	if (!is || !is->typed)
		return false;
	is->typed = false;
	*kind = is->kind;
	*about = is->kind == INQUIRY_WORST ? 0
					   : is->last[is->kind].about;
	return true;
}

void inquiry_want(struct session *s, enum inquiry_kind kind, size_t about)
{
	static const struct option *const table[KINDS] = {
		importance_options, dependence_options, NULL
	};
	const struct last *last = last_about(s, kind, about);
	struct option_values options;
	struct err err;

	if (!inquiry_ready(s, "", &err) ||
	    (last && (last->waiting || last->err.code)))
		return;
	options_init(&options, table[kind]);
	inquiry_ask(s, kind, about, &options, &err);
	options_clear(&options);
}

/* ---- answers ---- */

static const struct explained *answers(const struct session *s)
{
	const struct result *r = session_newest(s);

	return r ? r->explained : NULL;
}

const struct importance *inquiry_importance(const struct session *s)
{
	return answers(s) ? answers(s)->importance : NULL;
}

const struct dependence *inquiry_dependence(const struct session *s,
					    const char *column)
{
	const struct explained *e = answers(s);

	for (size_t i = 0; e && i < e->dependences; i++)
		if (!strcmp(e->dependence[i]->column, column))
			return e->dependence[i];
	return NULL;
}

const struct why *inquiry_why(const struct session *s, size_t row)
{
	const struct explained *e = answers(s);

	for (size_t i = 0; e && i < e->whys; i++)
		if (e->why[i]->row == row)
			return e->why[i];
	return NULL;
}

void inquiry_free(struct session *s)
{
	free(s->inquiries);
	s->inquiries = NULL;
}
