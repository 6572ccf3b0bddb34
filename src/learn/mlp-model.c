#include "learn/mlp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/loss.h"

struct mlp_model *mlp_model_new(const struct net *net, const double *w,
				const struct goal *goal)
{
	double *copy = mem_try(net->size, sizeof(*copy));
	struct mlp_model *m;

	if (!copy)
		return NULL;
	memcpy(copy, w, net->size * sizeof(*copy));
	m = mem_new(sizeof(*m));
	m->owners = 1;
	m->w = copy;
	net_copy(&m->net, net);
	m->kind = goal->kind;
	m->classes = goal->classes;
	m->mean = goal->mean;
	m->sd = goal->sd;
	m->class_of = mem_array(goal->outputs, sizeof(*m->class_of));
	for (size_t k = 0; k < goal->outputs && goal->class_of; k++)
		m->class_of[k] = goal->class_of[k];
	return m;
}

static void mlp_share(void *state)
{
	struct mlp_model *m = state;

	m->owners++;
}

static void mlp_release(void *state)
{
	struct mlp_model *m = state;

	if (--m->owners > 0)
		return;
	net_clear(&m->net);
	free(m->class_of);
	free(m->w);
	free(m);
}

/* ---- what is told ---- */

static size_t mlp_room(const struct model *model)
{
	const struct mlp_model *m = model->state;

	return DESIGN_BLOCK * model->p + net_room(&m->net, DESIGN_BLOCK);
}

/* A class that no training row has is never told. */
static void tell_many(const struct mlp_model *m, double *z, size_t n,
		      double *told)
{
	size_t c = m->net.width[m->net.layers];

	memset(told, 0, n * m->classes * sizeof(*told));
	for (size_t i = 0; i < n; i++, z += c, told += m->classes) {
		softmax(z, c);
		for (size_t k = 0; k < c; k++)
			told[m->class_of[k]] = z[k];
	}
}

static void mlp_predict(const struct model *model, const struct design *design,
			const uint32_t *row, size_t n, double *room,
			double *told)
{
	const struct mlp_model *m = model->state;
	double *z;

	design_block(design, row, n, room);
	net_standardise(&m->net, room, n);
	z = net_forward(&m->net, m->w, room, n, room + n * model->p);
	if (m->kind == GOAL_MANY) {
		tell_many(m, z, n, told);
		return;
	}
	for (size_t i = 0; i < n; i++)
		told[i] = m->kind == GOAL_TWO ? logistic_probability(z[i])
					      : m->mean + m->sd * z[i];
}

/* ---- what it looks like ---- */

static const char *activation(const struct mlp_model *m)
{
	return m->net.tanh ? "tanh" : "relu";
}

static void mlp_draw(const struct model *model, char *const *class_name,
		     FILE *out)
{
	const struct mlp_model *m = model->state;
	const struct net *net = &m->net;
	size_t outputs = net->width[net->layers];

	(void)class_name;
	fprintf(out, "  mlp: %zu input%s", net->width[0],
		net->width[0] == 1 ? "" : "s");
	for (size_t l = 1; l < net->layers; l++)
		fprintf(out, ", %zu %s", net->width[l], activation(m));
	fprintf(out, ", %zu output%s: %zu weights\n", outputs,
		outputs == 1 ? "" : "s", net->size);
	if (m->held > 0)
		fprintf(out, "  learned from %zu training rows; best on %zu "
			"held out after epoch %zu\n", m->rows, m->held,
			m->epoch);
}

static json_t *mlp_json(const struct model *model, char *const *class_name)
{
	const struct mlp_model *m = model->state;
	const struct net *net = &m->net;
	json_t *layers = json_array();

	(void)class_name;
	for (size_t l = 1; l < net->layers; l++)
		json_array_append_new(layers,
				      json_integer((json_int_t)net->width[l]));
	return json_pack("{s:I, s:o, s:s, s:I, s:I, s:I, s:I, s:I}",
			 "inputs", (json_int_t)net->width[0],
			 "layers", layers,
			 "activation", activation(m),
			 "outputs", (json_int_t)net->width[net->layers],
			 "weights", (json_int_t)net->size,
			 "rows", (json_int_t)m->rows,
			 "held", (json_int_t)m->held,
			 "epoch", (json_int_t)m->epoch);
}

const struct model_kind model_mlp = {
	.name = "mlp",
	.room = mlp_room,
	.predict = mlp_predict,
	.share = mlp_share,
	.release = mlp_release,
	.draw = mlp_draw,
	.json = mlp_json,
};
