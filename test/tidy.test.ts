import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { LIMITATION_IDS } from '../src/domain/limitations.ts';
import { BILLING_RULES } from '../src/domain/settings/billing-rules.ts';
import { LIMITATIONS } from '../src/limitations/all-limitations.ts';
import { PRACTICES } from '../src/limitations/all-practices.ts';
import { practiceTripleOf, tripleOf } from '../src/limitations/triple.ts';

const ROOT = join(import.meta.dirname, '..');

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '' && statSync(join(ROOT, path), { throwIfNoEntry: false })?.isFile())
  .toSorted();
const has = new Set(files);
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const scripts = files.filter((path) => /\.(ts|mjs)$/.test(path));
const source = scripts.filter((path) => path.endsWith('.ts'));
const tests = source.filter((path) => path.endsWith('.test.ts'));
const sql = files.filter((path) => path.startsWith('schema/migrations/'));
const under = (folder: string) => (path: string) => path.startsWith(`${folder}/`);

/** Code alone: comments blanked, so that a sentence is not taken for a statement. */
function code(path: string): string {
  const text = read(path);
  if (path.endsWith('.sql')) return text.replaceAll(/--.*$/gm, '');
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(?<!:)\/\/.*$/gm, '');
}

/** Where `pattern` occurs: `path:line: what`, the form that editors jump to. */
function occurrences(
  paths: readonly string[],
  pattern: RegExp,
  textOf: (path: string) => string = code,
): string[] {
  return paths.flatMap((path) =>
    textOf(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );
}

/** The ids of what a file exports. */
async function exportedIds(path: string): Promise<ReadonlySet<unknown>> {
  const exported = Object.values((await import(join(ROOT, path))) as Record<string, unknown>);
  return new Set(exported.map((each) => (each as { id?: unknown } | null)?.id));
}

/** Titles of a page's smaller sections. */
const headings = (path: string): ReadonlySet<string> =>
  new Set([...read(path).matchAll(/^### (.+)$/gm)].map((match) => match[1] ?? ''));

/** House rules that no linter knows. Each failure names the file to create or to fix. */
describe('tidy', () => {
  describe('limitations', () => {
    test('every known limitation is a rule, in the order of the source', () => {
      expect(LIMITATIONS.map(({ id }) => id)).toEqual(LIMITATION_IDS);
    });

    test('a rule is a triple: code with its id, test, page', async () => {
      const missing: string[] = [];
      const triples = [
        ...LIMITATION_IDS.map((id) => ({ id, ...tripleOf(id) })),
        ...PRACTICES.map(({ id }) => ({ id, ...practiceTripleOf(id) })),
      ];
      for (const { id, rule, test: proof, page: where } of triples) {
        const [page = '', section] = where.split('#');
        missing.push(...[rule, proof, page].filter((path) => !has.has(path)));
        if (has.has(rule) && !(await exportedIds(rule)).has(id))
          missing.push(`${rule} exports nothing of id ${id}`);
        if (section !== undefined && !headings(page).has(section))
          missing.push(`${page} lacks ### ${section}`);
      }
      expect(missing).toEqual([]);
    });

    test('a page has its rule, and so has the code of one', () => {
      const ids = new Set<string>(LIMITATION_IDS);
      const practices = new Set(PRACTICES.map(({ id }) => id));
      const named = files.filter(
        (path) =>
          /^docs\/limitations\/(?!README).+\.md$/.test(path) ||
          (/^src\/limitations\/[^/]+\.ts$/.test(path) && /\bdefineLimitation\(\{/.test(read(path))),
      );
      expect(named.filter((path) => !ids.has(basename(path).replace(/\.\w+$/, '')))).toEqual([]);
      const kept = files.filter(
        (path) => under('src/limitations/practices')(path) && /: Practice = \{/.test(read(path)),
      );
      expect(kept.filter((path) => !practices.has(basename(path, '.ts')))).toEqual([]);
    });

    test('what a rule implies, and the settings it names, exist', () => {
      const rules = new Set(BILLING_RULES.map(({ id }) => id));
      expect(LIMITATIONS.flatMap(({ settings }) => settings.filter((id) => !rules.has(id)))).toEqual([]);
      const ids = new Set(LIMITATIONS.map(({ id }) => id));
      expect(LIMITATIONS.flatMap(({ implies }) => implies.filter((id) => !ids.has(id)))).toEqual([]);
    });
  });

  test('a page of the enablement has its step', () => {
    const pages = files.filter((path) => /^docs\/enablement\/(?!README).+\.md$/.test(path));
    const orphans = pages.filter((path) => !has.has(`src/domain/enablement/${basename(path, '.md')}.ts`));
    expect(orphans).toEqual([]);
  });

  describe('migrations', () => {
    const NAME = /^(\d{4}_[a-z0-9]+(?:_[a-z0-9]+)*)(\.before|\.after)?\.sql$/;
    const named = sql.map((path) => ({ path, match: NAME.exec(basename(path)) }));
    const migrations = named.filter(({ match }) => match !== null && match[2] === undefined);

    test('are named NNNN_what_it_makes.sql; assertions belong to one of them', () => {
      expect(named.filter(({ match }) => match === null).map(({ path }) => path)).toEqual([]);
      const orphans = named.filter(
        ({ match }) => match !== null && !has.has(`schema/migrations/${match[1] ?? ''}.sql`),
      );
      expect(orphans.map(({ path }) => path)).toEqual([]);
    });

    test('are numbered from 1 without gaps or twins', () => {
      const numbers = migrations.map(({ path }) => Number(basename(path).slice(0, 4)));
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    });

    test('name every constraint, because operators read the name', () => {
      const NAMED =
        /\bconstraint\s+\w+\s+(?:primary key|unique|check|exclude|foreign key\s*\([^)]*\)\s*references|references|not null)/gi;
      const withoutNamed = (path: string): string =>
        code(path)
          .replaceAll(NAMED, (text) => text.replaceAll(/[^\n]/g, ' '))
          .replaceAll(/\bwith check\b/gi, '');
      const ANONYMOUS =
        /\bprimary key\b|\bunique\b(?!\s+(?:index|nulls))|\bcheck\s*\(|\breferences\b|\bforeign key\b|\bexclude\s+(?:using|\()/i;
      expect(occurrences(sql, ANONYMOUS, withoutNamed)).toEqual([]);
    });
  });

  describe('files', () => {
    const FOLDERS =
      /^(?:src\/(?:domain|store|billing|notices|servers|cli|report|telemetry|limitations)|activities|workflows|workers|schema)\//;
    const FREE =
      /^test\/(?:(?:scenarios|replay|chaos|bench|cases|deploy|billing\/contract)\/.+|[a-z-]+)(?:\.(?:property|long))?\.test\.ts$/;

    test('a test lies where its subject lies', () => {
      const stray = tests.filter((path) => {
        if (FREE.test(path)) return false;
        const subject = path.replace(/^test\//, '').replace(/(?:\.(?:property|long))?\.test\.ts$/, '.ts');
        return ![subject, `src/${subject}`].some(
          (candidate) => FOLDERS.test(candidate) && has.has(candidate),
        );
      });
      expect(stray).toEqual([]);
    });

    test('are named in kebab-case', () => {
      const KEBAB = /^(?:[.a-z0-9][a-z0-9.-]*\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)*\.(?:ts|mjs)$/;
      expect(scripts.filter((path) => !KEBAB.test(path))).toEqual([]);
    });

    test('are named after what they hold, not after how they are used', () => {
      const VAGUE = /(?:^|[/-])(?:utils?|helpers?|common|managers?)(?=[/.-])/;
      expect(scripts.filter((path) => VAGUE.test(path))).toEqual([]);
    });
  });

  describe('code', () => {
    test('has one barrel, workflows/index.ts', () => {
      const others = source.filter((path) => path !== 'workflows/index.ts');
      expect(others.filter((path) => basename(path) === 'index.ts')).toEqual([]);
      expect(occurrences(others, /^export \* /)).toEqual([]);
    });

    test('exports by name; only configuration has a default', () => {
      const others = source.filter((path) => !/^[^/]+\.config\.ts$/.test(path));
      expect(occurrences(others, /^export default\b|^export \{.*\bas default\b/)).toEqual([]);
    });

    test('has no enum and no namespace', () => {
      const NOT_ERASABLE = /^(?:export )?(?:declare )?(?:const )?(?:enum|namespace) \w+ \{/;
      expect(occurrences(source, NOT_ERASABLE)).toEqual([]);
    });

    test('imports its own files with their ending', () => {
      const WITHOUT = /(?:\bfrom|\bimport)\s*\(?\s*'\.{1,2}\/[^']*(?<!\.ts|\.mjs|\.json)'/;
      expect(occurrences(scripts, WITHOUT)).toEqual([]);
    });

    test('keeps money out of floats', () => {
      const FOLDERS_WITH_MONEY =
        /^(?:src\/(?:domain|store|limitations|billing)|activities|workflows|schema)\//;
      const FLOAT =
        /\bparseFloat\b|\bdouble precision\b|::\s*(?:float|real)\b|\bas (?:float|real)\b|\bfloat[48]\b/i;
      const money = [...source, ...sql].filter((path) => FOLDERS_WITH_MONEY.test(path));
      expect(occurrences(money, FLOAT)).toEqual([]);
      expect(occurrences(sql, /\b(?:real|float)\b/i)).toEqual([]);
    });
  });

  test('no file holds a path of one machine', () => {
    const MACHINE = /(?:^|[^\w.])\/(?:work|root|home|tmp)\/\w/;
    const ONLY_AN_EXAMPLE = /\/home\/(?:ann|bob)\//g;
    const text = (path: string): string => read(path).replaceAll(ONLY_AN_EXAMPLE, '');
    const readable = files.filter((path) => path !== 'package-lock.json' && !read(path).includes('\0'));
    expect(occurrences(readable, MACHINE, text)).toEqual([]);
  });

  describe('documentation', () => {
    const pages = files.filter((path) => /^(?:README|docs\/.+)\.md$/.test(path));

    test('names every command', () => {
      const written = pages.map(read).join('\n');
      const commands = files.filter(under('src/cli/commands')).map((path) => basename(path, '.ts'));
      const unnamed = commands.filter((name) => !written.includes(`revsync ${name}`));
      expect(unnamed).toEqual([]);
    });

    test('.env.example explains every variable of ours', () => {
      const explained = new Set(
        [...read('.env.example').matchAll(/^#(\w+)=/gm)].map((match) => match[1] ?? ''),
      );
      const program = source.filter((path) => !path.startsWith('test/'));
      const used = program.flatMap((path) =>
        [...code(path).matchAll(/(?:'|\benv\.)(REVSYNC_[A-Z_]+)\b/g)].map((match) => match[1] ?? ''),
      );
      expect([...new Set(used)].filter((name) => !explained.has(name))).toEqual([]);
    });

    test('links to files that exist', () => {
      const broken = files
        .filter((path) => path.endsWith('.md'))
        .flatMap((path) =>
          [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
            .map((match) => join(dirname(path), match[1] ?? ''))
            .filter((target) => !existsSync(join(ROOT, target)))
            .map((target) => `${path} links to ${target}`),
        );
      expect(broken).toEqual([]);
    });
  });
});
