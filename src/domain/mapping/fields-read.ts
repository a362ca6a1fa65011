import { filterFields } from './filter/filter.ts';
import { parseFilter } from './filter/parse-filter.ts';
import { resolvePath, type SourceField } from './resolve-path.ts';
import { ROUTES } from './routes.ts';
import type { TransactionTemplate } from './transaction-template.ts';

/**
 * The fields that a template's rows and filter read, in their order, before each the custom field that leads to a
 * custom object. Paths that lead nowhere are left out: checks find those.
 */
export function fieldsRead(template: TransactionTemplate): SourceField[] {
  const read = parseFilter(template.filter ?? '');
  const paths = [
    ...template.rows.map(({ from }) => from),
    ...('filter' in read ? filterFields(read.filter).map(({ path }) => path) : []),
  ];
  return paths.flatMap(withLookup).flatMap((path) => {
    const resolved = resolvePath(ROUTES[template.type], path);
    return 'source' in resolved ? [resolved.source] : [];
  });
}

/** `Account.Project__c` and `Account.Project__c.default__project__c.Region__c` of the latter. */
function withLookup(path: string): string[] {
  const [, lookup] = /^(.+__c)\.[^.]+__c\.[^.]+$/.exec(path) ?? [];
  return lookup === undefined ? [path] : [lookup, path];
}
