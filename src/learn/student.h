/*
 * student.h - Student's t and Fisher's F, for p-values
 */
#ifndef GEMBA_STUDENT_H
#define GEMBA_STUDENT_H

/*
 * How often a t with df degrees of freedom lies at least as far from 0 as this
 * one, on either side.  df of infinity is the normal distribution; NaN when t
 * is NaN or df is not above 0.
 */
double student_p(double t, double df);

/* How often an F with these degrees of freedom, the upper ones whole, is at
 * least as large. */
double fisher_p(double f, double upper, double lower);

/* The t of which student_p() is p, 0 < p < 1. */
double student_t(double p, double df);

#endif
