import { findObject } from '../../domain/catalogue/catalogue.ts';
import { type Fault, type FaultKind, isCallFault, readFault } from './fault-kinds.ts';

export type { Fault } from './fault-kinds.ts';

export interface Faults {
  /** Takes a fault in; answers what is wrong with it. */
  add(body: unknown): readonly string[];
  /** Takes faults away: the one of an id, all of a kind, or all; answers how many. */
  remove(which?: string): number;
  /**
   * The first pending fault of a call (`METHOD path`), used up once. `objects` are what the call is about
   * where its path does not tell.
   */
  ofCall(call: string, objects?: readonly string[]): Fault | undefined;
  /** The first pending fault of the kind that matches one of the texts, used up once. */
  take(kind: FaultKind, texts: readonly string[]): Fault | undefined;
  /** All such faults; uses nothing up. */
  standing(kind: FaultKind, texts: readonly string[]): readonly Fault[];
  /** Whether the fault strikes this object; used up once. `call` where the file is asked for. */
  strikes(kind: FaultKind, object: string, call?: string): boolean;
  pending(): readonly Fault[];
}

/** What is to go wrong, in the order in which it was asked for. */
export function createFaults(): Faults {
  let faults: readonly Fault[] = [];
  let count = 0;

  const find = (wanted: (kind: FaultKind) => boolean, texts: readonly string[]): readonly Fault[] =>
    faults.filter(({ kind, match }) => wanted(kind) && texts.some((text) => matches(text, match)));
  const use = (fault: Fault | undefined): Fault | undefined => {
    faults = faults.flatMap((one) => {
      if (one !== fault || one.times === 'until removed') return [one];
      return one.times > 1 ? [{ ...one, times: one.times - 1 }] : [];
    });
    return fault;
  };
  const standing: Faults['standing'] = (kind, texts) => find((one) => one === kind, texts);
  const take: Faults['take'] = (kind, texts) => use(standing(kind, texts)[0]);

  return {
    add(body) {
      const read = readFault(body, `fault-${count + 1}`);
      if ('mistakes' in read) return read.mistakes;
      count += 1;
      faults = [...faults, read.fault];
      return [];
    },
    remove(which) {
      const before = faults.length;
      faults = faults.filter(({ id, kind }) => which !== undefined && id !== which && kind !== which);
      return before - faults.length;
    },
    ofCall: (call, objects = []) => use(find(isCallFault, [call, ...objects])[0]),
    take,
    standing,
    strikes: (kind, object, call) => take(kind, call === undefined ? [object] : [object, call]) !== undefined,
    pending: () => faults,
  };
}

/** `Invoice` is the object, and not a part of `InvoiceItem`. */
function matches(text: string, match: string): boolean {
  if (findObject(match) === undefined) return text.includes(match);
  return text.split(/[^A-Za-z0-9_]+/).includes(match);
}
