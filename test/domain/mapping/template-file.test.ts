import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  templateDocument,
  TemplateFile,
  templateJsonSchema,
  templateOf,
} from '../../../src/domain/mapping/template-file.ts';
import { anyTemplate, invoiceTemplate } from '../../support/templates.ts';

const PUBLISHED = join(import.meta.dirname, '..', '..', '..', 'docs', 'template.schema.json');

describe('TemplateFile', () => {
  const file = { name: 'Mine', type: 'CM', rows: [{ from: 'CreditMemo.Id', to: 'ATR1', type: 'Character' }] };
  const where = (change: object): string[] =>
    TemplateFile.safeParse({ ...file, ...change }).error?.issues.map(
      ({ path, message }) => `${path.join('.')} ${message}`,
    ) ?? [];

  test.each(['\0', '\ud800', '\udc00x'])('refuses %j, which no database keeps as text', (character) => {
    const text = `a${character}`;
    const constant = { to: 'ATR1', type: 'Character', value: text };
    const mistake = 'has a character that no text has';
    expect(where({ constants: [constant] })).toEqual([`constants.0.value ${mistake}`]);
    expect(where({ defaults: [constant] })).toEqual([`defaults.0.value ${mistake}`]);
    expect(where({ filter: `Account.Name = '${text}'` })).toEqual([`filter ${mistake}`]);
    expect(where({ name: text })[0]).toBe(`name ${mistake}`);
    expect(where({ rows: [{ ...file.rows[0], to: text }] })).toEqual([`rows.0.to ${mistake}`]);
    expect(where({ constants: [{ ...constant, value: '☃ 𝄞 \t' }] })).toEqual([]);
  });
});

describe('templateOf', () => {
  test('reads what a file has, completes what it leaves out', () => {
    const template = templateOf(
      TemplateFile.parse({
        name: ' Mine ',
        type: 'CM',
        rows: [{ from: 'CreditMemo. MemoNumber', to: 'Invoice Num', type: 'Character' }],
        constants: [{ to: 'ATR1', type: 'Number', value: 12 }],
        defaults: null,
        filter: ' ',
      }),
    );
    expect(template).toEqual({
      name: 'Mine',
      type: 'CM',
      entity: null,
      rows: [{ from: 'CreditMemo.MemoNumber', to: 'Invoice Num', type: 'Character' }],
      constants: [{ to: 'ATR1', type: 'Number', value: '12' }],
      defaults: [],
      filter: null,
      policies: {
        standaloneReference: 'keep',
        billRunCredits: 'CM',
        subscriptionOwner: 'current',
        invoiceOwner: 'current',
      },
    });
  });

  test('reads every template back from its document', () => {
    fc.assert(
      fc.property(anyTemplate, (template) => {
        expect(templateOf(TemplateFile.parse(templateDocument(template)))).toEqual(template);
      }),
    );
  });
});

describe('templateDocument', () => {
  test('writes equal templates the same, however their parts were ordered', () => {
    const { policies, rows, ...rest } = invoiceTemplate();
    const turned = {
      policies: Object.fromEntries(Object.entries(policies).toReversed()),
      ...rest,
      rows: rows.map((row) => Object.fromEntries(Object.entries(row).toReversed()) as typeof row),
    };
    expect(JSON.stringify(templateDocument(turned))).toBe(
      JSON.stringify(templateDocument(invoiceTemplate())),
    );
  });
});

describe('templateJsonSchema', () => {
  test('is published as it is; `revsync template schema` prints it', () => {
    expect(JSON.parse(readFileSync(PUBLISHED, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(templateJsonSchema())),
    );
  });
});
