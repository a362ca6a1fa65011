import { type BillingAccess, isSandbox } from '../billing-access.ts';
import { type Check, failedBy, passed } from './check.ts';

/** Whether Billing answers and takes the credentials, and whether it is a real one. */
export async function checkBilling({ url, billing }: BillingAccess): Promise<Check> {
  try {
    await billing.signIn();
    return (await isSandbox(url))
      ? passed('billing', `The sandbox at ${url}: a generated tenant, not a real one.`)
      : passed('billing', `Zuora Billing at ${url} accepts the credentials.`);
  } catch (error) {
    return failedBy('billing', error);
  }
}
