#include "run/fitted.h"

#include <stdlib.h>

#include "base/mem.h"

struct fitted *fitted_new(const struct table *table,
			  const struct treatment *treatment, struct err *err)
{
	struct fitted *f = mem_new(sizeof(*f));
	bool ok = true;

	f->owners = 1;
	f->table = table;
	f->columns = table->columns;
	f->treatment = mem_array(f->columns, sizeof(*f->treatment));
	for (size_t c = 0; c < f->columns; c++)
		ok = treatment_copy(&f->treatment[c], &treatment[c],
				    &table->column[c], table->rows, err) && ok;
	if (ok)
		return f;
	fitted_release(f);
	return NULL;
}

struct fitted *fitted_share(struct fitted *f)
{
	if (f)
		f->owners++;
	return f;
}

void fitted_release(struct fitted *f)
{
	if (!f || --f->owners > 0)
		return;
	model_clear(&f->model);
	design_free(f->design);
	for (size_t c = 0; c < f->columns; c++)
		treatment_clear(&f->treatment[c]);
	free(f->treatment);
	rows_clear(&f->train);
	rows_clear(&f->test);
	free(f);
}
