import type { ReadinessReport } from '../../domain/readiness/report.ts';
import { type Html, html } from '../html.ts';
import { own, section, table } from './parts.ts';

/** What the credentials lack, and what does not work without it. */
export function permissionsSection({ permissions, billing }: ReadinessReport): Html {
  return section('permissions', 'Permissions', contentOf(permissions, billing.note));
}

function contentOf(permissions: ReadinessReport['permissions'], note: string): Html {
  if (permissions === null) return html`<p>What the credentials may do is not known: ${note}</p>`;
  if (permissions.length === 0) return html`<p>The credentials may do everything that is needed.</p>`;
  return table(
    'What the credentials lack',
    [
      { title: 'Lacking', kind: 'key' },
      { title: 'State' },
      { title: 'Entities' },
      { title: 'What follows' },
      { title: 'What to do' },
    ],
    permissions.map(({ what, state, entities, consequence, remedy }) => [
      html`<span class="name">${what}</span>`,
      state,
      own(entities.join(', ')),
      consequence,
      remedy,
    ]),
  );
}
