/*
 * net.h - a network of layers, for mlp: from numbers to outputs, and back
 *
 *	a_0 = (x - shift) / scale,  a_l = f(W_l a_(l-1) + b_l),  z = a_L
 *
 * f is relu, max(0, x), or tanh, and nothing in the last layer.  The way back
 * is the chain rule: Rumelhart, Hinton and Williams, Nature 323 (1986).
 *
 *	n rows, p features; all weights are one array w, layer after layer,
 *	each width[l + 1] by width[l] + 1 with b last in each row
 */
#ifndef GEMBA_NET_H
#define GEMBA_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/design.h"

enum { NET_HIDDEN = 8, NET_UNITS = 10000 };	/* at most */

struct net {
	size_t layers;		/* of weights: the hidden ones and the last */
	size_t width[NET_HIDDEN + 2];	/* layers + 1: p, ..., outputs */
	size_t start[NET_HIDDEN + 1];	/* where in w a layer begins */
	size_t size;		/* of w */
	size_t units;		/* of all layers, outputs among them */
	size_t widest;		/* the most of a layer, p among them */
	bool tanh;
	double *shift, *factor;	/* owned: p; factor is 1 / scale */
};

/* Layers "16,16" or "none" between the features, standardised by their mean and
 * deviation on the training rows, and the outputs.  False, with a usage error,
 * when layers is no such list. */
bool net_init(struct net *net, const char *layers, bool by_tanh, size_t outputs,
	      const struct design *design, struct err *err);
void net_copy(struct net *to, const struct net *from);
void net_clear(struct net *net);
/*
 * Weights to begin with: of hidden layers uniform within sqrt(6/in) before relu
 * (He et al., ICCV 2015), sqrt(6/(in + out)) before tanh (Glorot and Bengio,
 * AISTATS 2010), and b 0; those of the last are 0, and its b is z.  So all rows
 * are told the same at first, and nothing has to be unlearned.
 */
void net_begin(const struct net *net, uint32_t seed, const double *z,
	       double *w);

/* Doubles that the walks need for n rows. */
size_t net_room(const struct net *net, size_t n);
/* x, n by p as the design gives it, becomes a_0. */
void net_standardise(const struct net *net, double *x, size_t n);
/* z, n by outputs, which lies in room; so do the a, for the way back. */
double *net_forward(const struct net *net, const double *w, const double *a_0,
		    size_t n, double *room);
/* In place of z in room now stands a slope by z: add that by w to g, unless it
 * is NULL, and put that by a_0 into down, n by p, unless it is NULL. */
void net_back(const struct net *net, const double *w, const double *a_0,
	      size_t n, double *room, double *g, double *down);

#endif
