import { findObject } from '../../domain/catalogue/catalogue.ts';
import { exportPaths, fieldsOf, labelOf } from './export-fields.ts';
import { type Reply, xml, xmlText } from './replies.ts';
import { type Tenant } from './tenant.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** `GET /v1/describe`: the objects that the tenant has. */
export function describeAll(tenant: Tenant, base: string): Reply {
  const objects = tenant.objects.map((name) => objectElement(base, name, name));
  return xml(`${HEAD}<objects>\n${objects.join('\n')}\n</objects>\n`);
}

/** `GET /v1/describe/{object}` (wire.md 2.3): fields with their contexts, related objects with paths. */
export function describeObject(tenant: Tenant, base: string, name: string): Reply {
  const object = tenant.objects.includes(name) ? findObject(name) : undefined;
  if (object === undefined) {
    const code = '<code>50000040</code>';
    const message = `<message>Object ${xmlText(name)} was not found or is not available</message>`;
    return xml(`${HEAD}<error>${code}${message}</error>\n`, 404);
  }
  const fields = fieldsOf(tenant, object).map(({ name: field, type, custom, exported }) => {
    const contexts = exported ? ['soap', 'export'] : ['soap'];
    return [
      '    <field>',
      `      <name>${xmlText(field)}</name>`,
      `      <label>${xmlText(labelOf(field))}</label>`,
      '      <selectable>true</selectable>',
      '      <createable>false</createable>',
      '      <updateable>false</updateable>',
      '      <filterable>true</filterable>',
      `      <custom>${custom}</custom>`,
      ...(type === 'text' ? ['      <maxlength>4096</maxlength>'] : []),
      `      <required>${field === 'Id'}</required>`,
      `      <type>${type}</type>`,
      `      <contexts>${contexts.map((context) => `<context>${context}</context>`).join('')}</contexts>`,
      '    </field>',
    ].join('\n');
  });
  const related = exportPaths(object)
    .filter(({ object: other }) => tenant.objects.includes(other))
    .map(({ path, object: other }) => objectElement(base, other, path));
  return xml(
    [
      `${HEAD}<object href="${xmlText(`${base}/v1/describe/${name}`)}">`,
      `  <name>${name}</name>`,
      `  <label>${xmlText(labelOf(name))}</label>`,
      '  <fields>',
      ...fields,
      '  </fields>',
      '  <related-objects>',
      ...related,
      '  </related-objects>',
      '</object>\n',
    ].join('\n'),
  );
}

/** A related object has its path for a name, as clients put it before `.Id`; what it is, the address tells. */
function objectElement(base: string, name: string, path: string): string {
  return [
    `    <object href="${xmlText(`${base}/v1/describe/${name}`)}">`,
    `      <name>${path}</name>`,
    `      <label>${xmlText(labelOf(path))}</label>`,
    '      <cardinality>n:1</cardinality>',
    `      <path>${path}</path>`,
    '    </object>',
  ].join('\n');
}
