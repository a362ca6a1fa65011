import { describe, expect, test } from 'vitest';

import { escaped, html, trusted } from '../../src/report/html.ts';

describe('html', () => {
  test('escapes whatever it did not make itself, in text and in attributes', () => {
    const text = `<b title="x">'&`;
    expect(html`<p title="${text}">${text}</p>`.markup).toBe(
      '<p title="&lt;b title=&quot;x&quot;&gt;&#39;&amp;">&lt;b title=&quot;x&quot;&gt;&#39;&amp;</p>',
    );
  });

  test('takes markup of its own, lists of it, and nothing', () => {
    const items = ['a', '<'].map((each) => html`<li>${each}</li>`);
    expect(html`${items}${null}${undefined}`.markup).toBe('<li>a</li><li>&lt;</li>');
    expect(html`${trusted('<br>')}`.markup).toBe('<br>');
  });

  test('keeps characters off the page that it may not hold, or that turn the text around them', () => {
    expect(escaped('a\u0000b\u202Ec\u2066d\te')).toBe('a\ufffdb\ufffdc\ufffdd\te');
    expect(escaped('סוד עברי')).toBe('סוד עברי');
  });
});
