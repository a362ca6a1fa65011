/** At most so many UTF-16 units of a text; what was cut ends with an ellipsis, and never in half a character. */
export const shortText = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
