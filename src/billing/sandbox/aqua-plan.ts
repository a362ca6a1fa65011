import {
  AquaRefusal,
  SYNTAX_ERROR,
  type SubmittedJob,
  type SubmittedQuery,
  targetOf,
} from './aqua-request.ts';
import { type ExportPlan, planExport } from './export-plan.ts';
import { type Faults } from './faults.ts';
import { type Tenant } from './tenant.ts';
import { ZoqlError } from './zoql.ts';

/** Objects that keep no deleted rows (wire.md 2.2, fact 5, and what tap-zuora found); the catalogue knows more. */
const WITHOUT_DELETED: ReadonlySet<string> = new Set([
  'AccountingCode',
  'AccountingPeriod',
  'BookingTransaction',
  'CalloutHistory',
  'ContactSnapshot',
  'DiscountAppliedMetrics',
  'EmailHistory',
  'HpmCaptchaValidationResult',
  'PaymentGatewayReconciliationEventLog',
  'PaymentMethodTransactionLog',
  'PaymentReconciliationJob',
  'PaymentReconciliationLog',
  'PaymentTransactionLog',
  'ProcessedUsage',
  'RefundTransactionLog',
  'SmartPreventionAudit',
  'UpdaterBatch',
  'UpdaterDetail',
]);

/** The queries of a job, each checked as Zuora does at submission. Throws `AquaRefusal`. */
export function planJob(tenant: Tenant, job: SubmittedJob, faults: Faults): readonly ExportPlan[] {
  const plans = job.queries.map((query) => planOf(tenant, query, job));
  const objects = plans.map(({ object }) => object.name);
  if (objects.some((object) => faults.strikes('permission', object))) {
    throw new AquaRefusal(
      '90018',
      'The API user does not have permission to one or more objects in the queries. These queries are ignored.',
    );
  }
  for (const plan of plans) if (plan.deleted !== null) checkDeleted(plan, job, faults);
  return plans;
}

function planOf(tenant: Tenant, query: SubmittedQuery, { useQueryLabels }: SubmittedJob): ExportPlan {
  try {
    const plainKeys = /^zoql$/i.test(query.type);
    return planExport(tenant, query.query, { useQueryLabels, deleted: query.deleted ?? null, plainKeys });
  } catch (error) {
    if (error instanceof ZoqlError) {
      throw new AquaRefusal('90005', SYNTAX_ERROR, [{ query, message: error.message }]);
    }
    throw error;
  }
}

/** Whether stateless jobs may have deleted columns is not known (wire.md 2.2, fact 6): a fault says no. */
function checkDeleted({ object }: ExportPlan, job: SubmittedJob, faults: Faults): void {
  const isStateless = targetOf(job) === null;
  const codes = new Set(faults.standing('no-deletes', [object.name]).map(({ code }) => code));
  if (!object.deletes || WITHOUT_DELETED.has(object.name) || codes.has('90017')) {
    throw new AquaRefusal(
      '90017',
      'Objects included in the queries do not support the querying of deleted records. Remove Deleted section in the JSON request and retry the request',
    );
  }
  if (isStateless && codes.has('90012')) {
    throw new AquaRefusal('90012', 'Stateless AQuA does not support deleted columns.');
  }
}
