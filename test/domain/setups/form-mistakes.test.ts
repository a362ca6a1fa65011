import { expect, test } from 'vitest';
import { z } from 'zod';

import { formMistakes } from '../../../src/domain/setups/form-mistakes.ts';

const Form = z.strictObject({ name: z.string(), size: z.number() });
const words = { noun: 'box', otherwise: 'Look at the lid.', examples: { name: 'For example name: A.' } };

test('what is missing has the example of its name, or what helps otherwise', () => {
  expect(formMistakes(Form, {}, words).map(({ mistake }) => mistake.suggestion)).toEqual([
    'For example name: A.',
    'Look at the lid.',
  ]);
});

test('a file that is no object at all has what helps otherwise', () => {
  expect(formMistakes(Form, [], words).map(({ mistake }) => mistake)).toEqual([
    {
      path: '',
      message: 'The box has to be an object with names and values.',
      suggestion: 'Look at the lid.',
    },
  ]);
});
