import { expect, test } from 'vitest';

import { changesIn } from '../../src/telemetry/changes.ts';
import { openLog } from '../../src/telemetry/log.ts';

test('what goes wrong is logged once with its reason, redacted, and once when it is back', () => {
  const lines: string[] = [];
  const redact = (text: string): string => text.replaceAll('secret', '[redacted]');
  const changes = changesIn(openLog('info', redact, { write: (line) => void lines.push(line) }));
  changes('the database', null);
  changes('the database', 'no login for ann:secret');
  changes('the database', 'refused');
  changes('Temporal', '14 UNAVAILABLE');
  changes('the database', null);
  changes('the database', null);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 40, check: 'the database', reason: 'no login for ann:[redacted]', msg: 'the database: down' },
    { level: 40, check: 'Temporal', reason: '14 UNAVAILABLE' },
    { level: 30, check: 'the database', msg: 'the database: back' },
  ]);
  expect(lines).toHaveLength(3);
});
