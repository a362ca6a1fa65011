import { z } from 'zod';

import type { Refusal } from './refusal.ts';
import { refusalOfCode } from './zuora-code.ts';

/** One thing that a body complains of. */
interface Complaint {
  readonly code: string | undefined;
  readonly message: string | undefined;
}

const Code = z.union([z.string().min(1), z.number()]).transform(String);
const AnyCode = Code.optional().catch(undefined);
const Words = z.string().optional().catch(undefined);
/** Billing writes booleans as text here and there. */
const No = z.union([z.literal(false), z.string().regex(/^false$/i)]);
const Ids = { requestId: z.unknown().optional(), processId: z.unknown().optional(), success: No.optional() };

const Reason = z.object({ code: AnyCode, message: Words, title: Words });
const Reasons = z.array(Reason).min(1);
const ofReason = ({ code, message, title }: z.infer<typeof Reason>) => ({ code, message: message ?? title });
const CrudError = z.object({ Code: AnyCode, Message: Words });
const ofCrud = ({ Code: code, Message: message }: z.infer<typeof CrudError>) => ({ code, message });

/** The ways in which a JSON body says no (wire.md 2.6). The first that fits is meant. */
const FAMILIES: readonly ((body: unknown) => readonly Complaint[] | null)[] = [
  family(z.object({ success: No, reasons: Reasons }), ({ reasons }) => reasons.map(ofReason)),
  // The gateway that counts calls leaves `success` out.
  family(z.strictObject({ ...Ids, reasons: Reasons }), ({ reasons }) => reasons.map(ofReason)),
  family(z.object({ errorCode: Code, message: Words }), ({ errorCode, message }) => [
    { code: errorCode, message },
  ]),
  family(z.object({ Success: No, Errors: z.array(CrudError).min(1) }), ({ Errors }) => Errors.map(ofCrud)),
  family(z.object({ FaultCode: Code, FaultMessage: Words }), ({ FaultCode, FaultMessage }) => [
    { code: FaultCode, message: FaultMessage },
  ]),
  // Strict from here on: data may have these names too.
  family(z.strictObject({ Code, Message: Words }), (body) => [ofCrud(body)]),
  family(z.strictObject({ ...Ids, errors: Reasons }), ({ errors }) => errors.map(ofReason)),
  family(
    z.strictObject({ ...Ids, code: Code, message: z.string(), details: z.unknown().optional() }),
    ({ code, message }) => [{ code, message }],
  ),
  family(z.union([z.object({ success: No }), z.object({ Success: No })]), () => [
    { code: undefined, message: undefined },
  ]),
];

/** What the body says, whatever the status is; null when it says nothing of the kind. */
export function refusalOfBody(body: unknown): Refusal | null {
  for (const read of FAMILIES) {
    const complaints = read(body);
    if (complaints !== null) return refusalOfComplaints(complaints);
  }
  return null;
}

/** Of several complaints, the first that no waiting removes decides; all are told. */
export function refusalOfComplaints(complaints: readonly Complaint[]): Refusal {
  const judged = complaints.map((complaint) => ({
    complaint,
    refusal: complaint.code === undefined ? { kind: 'refused' as const } : refusalOfCode(complaint.code),
  }));
  const decisive =
    judged.find(({ refusal }) => refusal.kind !== 'busy' && refusal.kind !== 'rate-limited') ?? judged[0];
  if (decisive === undefined) return { kind: 'refused' };
  const others = complaints.filter((complaint) => complaint !== decisive.complaint);
  const words = [decisive.complaint.message, ...others.map(({ code, message }) => join(code, message))];
  return {
    ...decisive.refusal,
    zuoraCode: decisive.complaint.code?.slice(0, LONGEST_CODE),
    message: words.flatMap((text) => text?.slice(0, LONGEST_MESSAGE) || []).join('; ') || undefined,
  };
}
const LONGEST_CODE = 64;
const LONGEST_MESSAGE = 200;

function join(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

function family<T>(
  schema: z.ZodType<T>,
  complaints: (body: T) => readonly Complaint[],
): (body: unknown) => readonly Complaint[] | null {
  return (body) => {
    const parsed = schema.safeParse(body);
    return parsed.success ? complaints(parsed.data) : null;
  };
}
