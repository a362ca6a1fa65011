import type { CallContract } from '../call-contract.ts';
import { CONCURRENCY_HEADERS, STORAGE, V1 } from '../refusals.ts';

const FILE: Pick<CallContract, 'access' | 'entity' | 'request' | 'success' | 'refusals' | 'replyHeaders'> = {
  access: 'token',
  entity: 'required',
  request: null,
  success: { kind: 'file' },
  refusals: [V1],
  replyHeaders: CONCURRENCY_HEADERS,
};

/** The result of a query of AQuA. */
export const AQUA_FILE: CallContract = { ...FILE, name: 'GET /v1/file/{id}' };

export const ANY_FILE: CallContract = { ...FILE, name: 'GET /v1/files/{id}' };

/**
 * The address that a completed data query names. It is signed: a token beside the signature would be refused, and
 * would tell a third party what lets anybody in.
 */
export const RESULT_FILE: CallContract = {
  ...FILE,
  name: 'GET {dataFile}',
  access: 'open',
  refusals: [STORAGE],
  replyHeaders: [],
};
