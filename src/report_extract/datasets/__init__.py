"""Table and profile → dataset: which dataset, which column is which field, what each row is."""
