import { z } from 'zod';

import type { BillingAccountingCode, BillingAccountingPeriod } from '../port.ts';
import { readPages } from './paging.ts';
import { fit } from './reply.ts';
import type { Session } from './session.ts';

const Codes = z.object({
  accountingCodes: z
    .array(z.looseObject({ id: z.string().min(1), name: z.string(), type: z.string() }))
    .nullish(),
});
const Periods = z.object({
  accountingPeriods: z
    .array(
      z.looseObject({
        id: z.string().min(1),
        name: z.string(),
        startDate: z.iso.date(),
        endDate: z.iso.date().nullable(),
        status: z.string(),
      }),
    )
    .nullish(),
});

/** `GET /v1/accounting-codes` (wire.md 2.5), inactive ones too, every field kept. */
export async function listAccountingCodes(session: Session): Promise<readonly BillingAccountingCode[]> {
  const codes: BillingAccountingCode[] = [];
  for await (const { reply, body } of readPages(session, '/v1/accounting-codes')) {
    codes.push(...(fit(Codes, body, reply).accountingCodes ?? []));
  }
  return codes;
}

/** `GET /v1/accounting-periods` (wire.md 2.5), in Billing's order, every field kept; days are `YYYY-MM-DD`, both included. */
export async function listAccountingPeriods(session: Session): Promise<readonly BillingAccountingPeriod[]> {
  const periods: BillingAccountingPeriod[] = [];
  for await (const { reply, body } of readPages(session, '/v1/accounting-periods')) {
    periods.push(...(fit(Periods, body, reply).accountingPeriods ?? []));
  }
  return periods;
}
