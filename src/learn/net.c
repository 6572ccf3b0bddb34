#include "learn/net.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"

/* ---- shape ---- */

/* The units of hidden layers; 0: no such list. */
static bool read_layers(struct net *net, const char *text)
{
	net->layers = 0;
	if (!strcmp(text, "none"))
		return true;
	for (;;) {
		char *end;
		double units = strtod(text, &end);

		if (end == text || !(units >= 1) || units > NET_UNITS ||
		    units != floor(units) || net->layers == NET_HIDDEN)
			return false;
		net->width[++net->layers] = (size_t)units;
		if (!*end)
			return true;
		if (*end != ',')
			return false;
		text = end + 1;
	}
}

static void count(struct net *net)
{
	net->size = net->units = 0;
	net->widest = net->width[0];
	for (size_t l = 0; l < net->layers; l++) {
		size_t units = net->width[l + 1];

		net->start[l] = net->size;
		net->size += units * (net->width[l] + 1);
		net->units += units;
		net->widest = units > net->widest ? units : net->widest;
	}
}

bool net_init(struct net *net, const char *layers, bool by_tanh, size_t outputs,
	      const struct design *design, struct err *err)
{
	size_t p = design->p;

	*net = (struct net){ .tanh = by_tanh };
	if (!read_layers(net, layers))
		return err_set(err, ERR_USAGE, "layers=%.40s: units of up to "
			       "%d hidden layers, such as 16,16, or none",
			       layers, NET_HIDDEN);
	net->width[0] = p;
	net->width[++net->layers] = outputs;
	count(net);
	net->shift = mem_array(p, sizeof(*net->shift));
	net->factor = mem_array(p, sizeof(*net->factor));
	for (size_t j = 0; j < p; j++) {
		const struct feature *f = &design->feature[j];
		const struct transform *t = &f->transform;

		net->shift[j] = (f->mean - t->shift) / t->scale;
		net->factor[j] = f->sd > 0 ? t->scale / f->sd : 1;
	}
	return true;
}

void net_copy(struct net *to, const struct net *from)
{
	size_t p = from->width[0];

	*to = *from;
	to->shift = mem_array(p, sizeof(*to->shift));
	to->factor = mem_array(p, sizeof(*to->factor));
	memcpy(to->shift, from->shift, p * sizeof(*to->shift));
	memcpy(to->factor, from->factor, p * sizeof(*to->factor));
}

void net_clear(struct net *net)
{
	free(net->shift);
	free(net->factor);
}

void net_begin(const struct net *net, uint32_t seed, const double *z,
	       double *w)
{
	struct rng rng;

	rng_init(&rng, seed);
	for (size_t l = 0; l < net->layers; l++) {
		size_t in = net->width[l], out = net->width[l + 1];
		bool last = l + 1 == net->layers;
		double most = sqrt(6 / (double)(net->tanh ? in + out : in));

		for (size_t k = 0; k < out; k++, w += in + 1) {
			for (size_t j = 0; j < in; j++)
				w[j] = last ? 0 :
				       most * (2 * rng_double(&rng) - 1);
			w[in] = last ? z[k] : 0;
		}
	}
}

/* ---- there ---- */

size_t net_room(const struct net *net, size_t n)
{
	return n * (net->units + net->widest);
}

void net_standardise(const struct net *net, double *x, size_t n)
{
	size_t p = net->width[0];

	for (size_t i = 0; i < n; i++, x += p)
		for (size_t j = 0; j < p; j++)
			x[j] = (x[j] - net->shift[j]) * net->factor[j];
}

static void activate(const struct net *net, double *a, size_t n)
{
	if (net->tanh)
		for (size_t i = 0; i < n; i++)
			a[i] = tanh(a[i]);
	else
		for (size_t i = 0; i < n; i++)
			a[i] = a[i] > 0 ? a[i] : 0;
}

double *net_forward(const struct net *net, const double *w, const double *a_0,
		    size_t n, double *room)
{
	const double *a = a_0;

	for (size_t l = 0; l < net->layers; l++) {
		const double *layer = w + net->start[l];
		size_t in = net->width[l], out = net->width[l + 1];
		double *next = l == 0 ? room : room + n * net->width[l];

		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < out; k++)
				next[i * out + k] = layer[k * (in + 1) + in];
		cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n,
			    (int)out, (int)in, 1, a, (int)in, layer,
			    (int)in + 1, 1, next, (int)out);
		if (l + 1 < net->layers)
			activate(net, next, n * out);
		room = next;
		a = next;
	}
	return room;
}

/* ---- and back ---- */

/* Times the slope of f, which follows from its value; into a itself. */
static void deactivate(const struct net *net, const double *slope, double *a,
		       size_t n)
{
	if (net->tanh)
		for (size_t i = 0; i < n; i++)
			a[i] = slope[i] * (1 - a[i] * a[i]);
	else
		for (size_t i = 0; i < n; i++)
			a[i] = a[i] > 0 ? slope[i] : 0;
}

static void add_layer(const struct net *net, size_t l, const double *a,
		      const double *slope, size_t n, double *g)
{
	size_t in = net->width[l], out = net->width[l + 1];

	g += net->start[l];
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < out; k++)
			g[k * (in + 1) + in] += slope[i * out + k];
	cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)out, (int)in,
		    (int)n, 1, slope, (int)out, a, (int)in, 1, g,
		    (int)in + 1);
}

/* The slope by the inputs of a layer, n by in, from that by its outputs. */
static void below(const struct net *net, const double *w, size_t l,
		  const double *slope, size_t n, double *down)
{
	size_t in = net->width[l], out = net->width[l + 1];

	cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)in,
		    (int)out, 1, slope, (int)out, w + net->start[l],
		    (int)in + 1, 0, down, (int)in);
}

void net_back(const struct net *net, const double *w, const double *a_0,
	      size_t n, double *room, double *g, double *down)
{
	double *spare = room + n * net->units;
	double *slope = spare - n * net->width[net->layers];

	for (size_t l = net->layers; l-- > 0; ) {
		double *a = l == 0 ? NULL : slope - n * net->width[l];

		if (g)
			add_layer(net, l, l == 0 ? a_0 : a, slope, n, g);
		if (l == 0)
			break;
		below(net, w, l, slope, n, spare);
		deactivate(net, spare, a, n * net->width[l]);
		slope = a;
	}
	if (down)
		below(net, w, 0, slope, n, down);
}
