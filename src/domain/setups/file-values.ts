import { z } from 'zod';

// Files are read with every number and every true and false as the text that is written (`1.10` stays `1.10`).

/** A whole number in a file. */
export const fileWholeNumber = (least: number, most: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value),
    z.number().int().min(least).max(most),
  );

/** True or false in a file. */
export const fileFlag = () =>
  z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean());

/** A day in a file. */
export const fileDay = () => z.iso.date('has to be a day, as YYYY-MM-DD');
