import { defineObject } from '../define-object.ts';

/** Intervals of a ramp deal. */
export const rampInterval = defineObject({
  name: 'RampInterval',
  kind: 'transaction',
  relations: {
    Ramp: { object: 'Ramp', field: 'RampId' },
  },
  fields: {
    Id: 'text',
    RampId: 'text',
    Name: 'text',
    StartDate: 'date',
    EndDate: 'date',
    Description: 'text',
    CreatedById: 'text',
    CreatedDate: 'datetime',
    UpdatedById: 'text',
    UpdatedDate: 'datetime',
  },
});
