#include "command/digest.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command/session.h"

/* One errand: columns of a table, as a table of their own. */
struct task {
	struct table part;	/* .column: owned, not its arrays */
	size_t *column;		/* owned: which they are */
	unsigned made;		/* session.made */
	struct summary *summary;	/* owned */
};

bool digest_as_found(const struct session *s, size_t column)
{
	const struct column *now = &s->table->column[column], *found;

	if (column >= s->data.found->columns)
		return false;
	found = &s->data.found->column[column];
	return now->type == found->type && now->number == found->number &&
	       now->code == found->code;
}

/* ---- the errand ---- */

static bool run(struct job *job, void *what, struct err *err)
{
	struct task *task = what;

	task->summary = summary_of(&task->part, job, err);
	return task->summary;
}

/* What cannot be had stays unknown: its column has other lines to show. */
static void done(struct session *s, void *what, const struct err *err)
{
	struct task *task = what;
	struct digest *d = &s->digest;

	if (err->code == ERR_NONE && task->made == s->made)
		for (size_t i = 0; i < task->part.columns; i++) {
			d->summary[task->column[i]] = task->summary[i];
			d->known[task->column[i]] = true;
		}
	d->version++;
	free(task->summary);
	free(task->column);
	free(task->part.column);
	free(task);
}

static void ask(struct session *s)
{
	static const struct errand errand = { run, done };
	struct task *task = mem_new(sizeof(*task));
	size_t n = s->table->columns;

	task->made = s->made;
	task->part = *s->table;
	task->part.column = mem_array(n, sizeof(*task->part.column));
	task->part.columns = 0;
	task->column = mem_array(n, sizeof(*task->column));
	for (size_t c = 0; c < n; c++) {
		if (s->digest.known[c])
			continue;
		task->column[task->part.columns] = c;
		task->part.column[task->part.columns++] = s->table->column[c];
	}
	errands_send(s->errands, s, ERRAND_DIGEST, &errand, task);
}

/* ---- the session's ---- */

void digest_clear(struct digest *d)
{
	free(d->summary);
	free(d->known);
	*d = (struct digest){ .version = d->version + 1 };
}

void digest_forget(struct session *s)
{
	struct digest *d = &s->digest;
	bool all = true;

	errands_cancel(s->errands, s, ERRAND_DIGEST);
	digest_clear(d);
	if (!s->table || !s->data.summary)
		return;
	d->columns = s->table->columns;
	d->summary = mem_array(d->columns, sizeof(*d->summary));
	d->known = mem_array(d->columns, sizeof(*d->known));
	for (size_t c = 0; c < d->columns; c++) {
		d->known[c] = digest_as_found(s, c);
		if (d->known[c])
			d->summary[c] = s->data.summary[c];
		all &= d->known[c];
	}
	if (!all)
		ask(s);
}

const struct summary *digest_summary(const struct session *s, size_t column)
{
	const struct digest *d = &s->digest;

	return column < d->columns && d->known[column] ? &d->summary[column]
						       : NULL;
}

const struct facts *digest_facts(const struct session *s, size_t column)
{
	return s->data.facts && s->table && digest_as_found(s, column)
		? &s->data.facts[column] : NULL;
}
