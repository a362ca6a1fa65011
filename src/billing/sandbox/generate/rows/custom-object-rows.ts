import { type CustomObject, type Row } from '../../tenant.ts';
import { type Account } from '../account.ts';
import { AT, stamp } from './stamp.ts';

/** What the generated tenant defined for itself: who answers for a project code of a subscription. */
export const PROJECT_CODE: CustomObject = {
  name: 'default__projectcode__c',
  fields: {
    Id: 'text',
    Name: 'text',
    ProjectCode__c: 'text',
    Owner__c: 'text',
    CreatedById: 'text',
    CreatedDate: 'datetime',
    UpdatedById: 'text',
    UpdatedDate: 'datetime',
  },
};

const OWNERS = ['Ada Moreau', 'Tomás Ruiz', 'Ingrid Næss', 'Kwame Boateng'];

/** One record for each code that subscriptions of the account have. */
export function* projectCodeRows(account: Account): Generator<Row> {
  const code = projectCodeOf(account);
  if (code === null) return;
  yield {
    Id: account.idOf('ProjectCode', account.index),
    Name: `Project ${code}`,
    ProjectCode__c: code,
    Owner__c: OWNERS[account.index % OWNERS.length] ?? null,
    ...stamp(account, { day: account.createdOn, minute: AT.opened }),
  };
}

/** Every other account runs its subscriptions as a project. */
export function projectCodeOf({ index }: Account): string | null {
  return index % 2 === 0 ? `P-${index + 1}` : null;
}
