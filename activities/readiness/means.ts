import type { Dependencies } from '../dependencies.ts';

/** Where rows are kept, and how Billing is asked for them. */
export type Means = Pick<Dependencies, 'pool' | 'db' | 'aqua' | 'dataQuery' | 'now'>;
