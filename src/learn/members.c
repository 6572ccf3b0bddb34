#include "learn/members.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* ---- who they are ---- */

bool members_has(const struct method *method)
{
	const struct option *o = method->options;

	for (size_t i = 0; o && o[i].name; i++)
		if (!strcmp(o[i].name, "of"))
			return true;
	return false;
}

static bool may_be(const char *name, const struct method *method,
		   struct err *err)
{
	if (!method)
		return err_set(err, ERR_USAGE, "of=: there is no method "
			       "'%.40s'; \"logistic; tree depth=5\" is a list",
			       name);
	if (members_has(method))
		return err_set(err, ERR_USAGE, "of=: %s is made of others "
			       "itself: name those", name);
	if (!strcmp(name, "baseline"))
		return err_set(err, ERR_USAGE, "of=: the baseline looks at no "
			       "feature and has nothing to add: leave it out");
	return true;
}

/* class_weight=no:1,yes:2 names classes, which are not known here. */
static bool weight_fits(const struct option_values *options, struct err *err)
{
	const char *text = options_maybe(options, "class_weight");

	return !text || !strcmp(text, "none") || !strcmp(text, "balanced") ||
	       err_set(err, ERR_USAGE, "of=: class_weight= of a member is "
		       "none or balanced; weights of classes are given to all "
		       "of them, beside of=");
}

static bool take_words(struct member *m, const struct words *words,
		       struct err *err)
{
	m->method = method_find(words->word[0]);
	if (!may_be(words->word[0], m->method, err))
		return false;
	options_init(&m->options, m->method->options);
	for (size_t i = 1; i < words->n; i++)
		if (!options_set(&m->options, words->word[0], words->word[i],
				 err))
			return false;
	return weight_fits(&m->options, err);
}

static bool take_one(struct members *members, const char *text, size_t n,
		     struct err *err)
{
	struct member *m = &members->member[members->n];
	char *copy = mem_strndup(text, n), *options;
	struct words words;
	bool ok = words_split(&words, copy, err);

	if (ok && words.n > 0 && members->n == MEMBERS_MAX) {
		ok = err_set(err, ERR_USAGE, "of=: %d members at most",
			     MEMBERS_MAX);
	} else if (ok && words.n > 0) {
		members->n++;
		ok = take_words(m, &words, err);
	}
	if (ok && words.n > 0) {
		options = options_format(&m->options, false);
		m->text = mem_printf("%s%s%s", m->method->name,
				     *options ? " " : "", options);
		free(options);
	}
	words_clear(&words);
	free(copy);
	return ok;
}

bool members_init(struct members *members, const char *of, struct err *err)
{
	*members = (struct members){ 0 };
	for (;;) {
		size_t n = strcspn(of, ";");

		if (!take_one(members, of, n, err))
			break;
		if (of[n]) {
			of += n + 1;
			continue;
		}
		if (members->n >= 2)
			return true;
		err_set(err, ERR_USAGE, "of=: two methods at least, parted by "
			"';': of=\"logistic; tree depth=5\"");
		break;
	}
	members_clear(members);
	return false;
}

static bool does(const struct member *m, const struct problem *problem,
		 struct err *err)
{
	char others[200];

	if (m->method->does[problem->task])
		return true;
	methods_list(problem->task, others, sizeof(others));
	return err_set(err, ERR_USAGE, "of=: %s does no %s: choose of %s",
		       m->method->name, task_name[problem->task], others);
}

bool members_for(struct members *members, const struct problem *problem,
		 const char *of, struct err *err)
{
	if (!of)
		of = problem->task == TASK_REGRESSION ?
		     "linear; tree; forest" : "logistic; tree; forest";
	if (!members_init(members, of, err))
		return false;
	for (size_t i = 0; i < members->n; i++)
		if (!does(&members->member[i], problem, err)) {
			members_clear(members);
			return false;
		}
	return true;
}

void members_clear(struct members *members)
{
	for (size_t i = 0; i < members->n; i++) {
		options_clear(&members->member[i].options);
		free(members->member[i].text);
	}
	*members = (struct members){ 0 };
}

/* ---- one fit ---- */

/* What it says is of that member. */
static void name_member(const struct member *m, struct err *err)
{
	char text[sizeof(err->text)];

	if (!err || err->code == ERR_CANCELLED)
		return;
	snprintf(text, sizeof(text), "%s", err->text);
	err_set(err, err->code, "%.80s: %.400s", m->text, text);
}

/* n over classes times the rows of the class, as for any method. */
static double *balanced(const struct problem *problem)
{
	double *weight = mem_array(problem->classes, sizeof(*weight));
	double present = 0;

	for (size_t i = 0; i < problem->train->n; i++)
		weight[problem->y[i]]++;
	for (size_t k = 0; k < problem->classes; k++)
		present += weight[k] > 0;
	for (size_t k = 0; k < problem->classes; k++)
		weight[k] = weight[k] > 0 ? (double)problem->train->n /
					    (present * weight[k]) : 1;
	return weight;
}

/* The columns of a whole design; the indicators come of themselves. */
static struct design *design_of(const struct fitting *f,
				const struct design *whole, struct err *err)
{
	size_t *column = mem_array(whole->p, sizeof(*column)), n = 0;
	struct design *design;

	for (size_t j = 0; j < whole->p; j++)
		if (!whole->feature[j].indicator)
			column[n++] = whole->feature[j].column;
	design = f->member->method->whole ?
		 design_whole(whole->table, column, n, whole->treatment, err) :
		 design_new(whole->table, column, n, whole->treatment,
			    f->problem.train, f->problem.test, err);
	free(column);
	return design;
}

bool fitting_start(struct fitting *f, const struct member *member,
		   const struct problem *problem, struct err *err)
{
	const char *weights = options_maybe(&member->options, "class_weight");

	*f = (struct fitting){ .member = member, .problem = *problem };
	if (problem->task == TASK_REGRESSION && weights &&
	    strcmp(weights, "none"))
		return err_set(err, ERR_USAGE, "%.80s: the target is a number "
			       "and has no classes to weigh", member->text);
	f->design = design_of(f, problem->design, err);
	if (f->design) {
		if (problem->task == TASK_CLASSIFICATION && weights &&
		    !strcmp(weights, "balanced"))
			f->class_weight = balanced(problem);
		if (f->class_weight)
			f->problem.class_weight = f->class_weight;
		f->problem.design = f->design;
		model_init(&f->model, problem->task, f->design->p);
		f->state = member->method->start(&f->problem, &member->options,
						 err);
	}
	if (f->state)
		return true;
	name_member(member, err);
	fitting_end(f);
	return false;
}

enum method_status fitting_step(struct fitting *f, struct job *job,
				struct err *err)
{
	const struct method *method = f->member->method;
	enum method_status status = method->step(f->state, job, err);

	if (status == METHOD_FAILED)
		name_member(f->member, err);
	else
		method->look(f->state, &f->model);
	return status;
}

void fitting_end(struct fitting *f)
{
	if (f->state)
		f->member->method->end(f->state);
	model_clear(&f->model);
	design_free(f->design);
	free(f->class_weight);
	*f = (struct fitting){ 0 };
}
