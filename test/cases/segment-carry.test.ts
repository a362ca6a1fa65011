import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { Decimal } from '../../src/domain/money/decimal.ts';
import { carryRelease, type Released } from '../../src/domain/obligations/carry.ts';
import { caseFile, casesOf } from './read-cases.ts';

const FILE = caseFile();

const NUMBER = z.string().regex(/^-?\d+(\.\d+)?$/);

const CASES = casesOf(
  FILE,
  'rule:segment_carry',
  z.object({
    by: z.enum(['percent', 'quantity']),
    segments: z.array(z.object({ quantity: NUMBER, booked: NUMBER, released: NUMBER.optional() })).min(1),
  }),
  z.object({ segments: z.array(z.object({ percent: NUMBER, released: NUMBER })) }),
);

const releasedOf = (by: Released['by'], value: string): Released =>
  by === 'percent' ? { by, percent: new Decimal(value) } : { by, units: new Decimal(value) };

describe.skipIf(CASES.length === 0)(
  'what events released carries to the segments of an amended charge',
  () => {
    test.each(CASES)('%s', (_id, { by, segments }, expected) => {
      const carried = carryRelease(
        releasedOf(by, segments[0]?.released ?? '0'),
        segments.map(({ quantity, booked }) => ({
          quantity: new Decimal(quantity),
          booked: new Decimal(booked),
        })),
        2,
      );
      expect(
        carried.map(({ part, of, amount }) => ({
          percent: part.times(100).div(of).toFixed(2),
          released: amount.toFixed(2),
        })),
      ).toEqual(expected.segments);
    });
  },
);
