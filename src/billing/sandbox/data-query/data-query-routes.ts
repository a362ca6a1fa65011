import { type Reply, json } from '../replies.ts';
import { BadBody } from '../request-body.ts';
import { type Call, type Route, type Services } from '../routes.ts';
import { startWork } from '../workshop.ts';
import { FILE_PATH, type FileLinks, createFileLinks, fileReply, s3Error } from './file-link.ts';
import { readJobRequest } from './job-request.ts';
import {
  type QueryJob,
  type QueryJobContext,
  cancelJob,
  isOpen,
  newQueryJob,
  runQueryJob,
} from './query-job.ts';
import { timestampText } from './sql-times.ts';
import { tablesOf } from './tables.ts';

/** What the calls share. */
interface Desk extends QueryJobContext {
  readonly jobs: Map<string, QueryJob>;
  readonly links: FileLinks;
}

/** Data Query (wire.md 2.3): jobs, and their files by link. */
export function dataQueryRoutes({ tenant, changes, faults, workshop }: Services): readonly Route[] {
  const links = createFileLinks(workshop.now);
  const desk: Desk = {
    tenant,
    changes,
    faults,
    workshop,
    // A feature that is enabled brings tables.
    get tables() {
      return tablesOf(tenant);
    },
    links,
    jobs: new Map(),
  };
  const at = (
    method: string,
    pattern: RegExp,
    answer: (desk: Desk, call: Call) => Reply | Promise<Reply>,
    access: Route['access'] = 'entity',
  ): Route => ({ method, pattern, access, answer: (call) => answer(desk, call) });
  const one = /^\/query\/jobs\/(?<id>[^/]+)\/?$/;
  return [
    at('POST', /^\/query\/jobs\/?$/, submit),
    at('GET', /^\/query\/jobs\/?$/, list),
    at('GET', one, (_, call) => withJob(desk, call, (job) => jobReply(desk, call, job))),
    at('DELETE', one, cancel),
    at('GET', new RegExp(`^${FILE_PATH}/(?<name>[^/]+)$`), file, 'open'),
  ];
}

async function submit(desk: Desk, call: Call): Promise<Reply> {
  const type = call.headers['content-type'] ?? '';
  if (!/^application\/json\b/i.test(type)) return refused(415, `Content type '${type}' not supported`);
  const body = await call.json().catch(badBody);
  if (body instanceof BadBody) return refused(body.status, body.message);
  const read = readJobRequest(body);
  if ('mistakes' in read) return refused(400, read.mistakes.join('; '));
  const job = newQueryJob(read.request, call.scope, desk.workshop);
  desk.jobs.set(job.id, job);
  // Before it starts: the reply to a submission is the only one that says `submitted`.
  const reply = jobReply(desk, call, job);
  startWork(desk.workshop, () => runQueryJob(job, desk));
  return reply;
}

const MOST_LISTED = 40;

/** The newest first. */
function list(desk: Desk, call: Call): Reply {
  const status = call.query.get('queryStatus');
  const size = Math.min(Number(call.query.get('pageSize')) || MOST_LISTED, MOST_LISTED);
  const own = [...desk.jobs.values()].filter(
    (job) => job.scope.entity === call.scope.entity && (status === null || job.status === status),
  );
  const listed = own.toReversed().slice(0, size);
  return json({ data: listed.map((job) => jobBody(desk, call, job)) });
}

function cancel(desk: Desk, call: Call): Reply {
  return withJob(desk, call, (job) => {
    if (!isOpen(job)) return refused(400, `The query job is ${job.status} and cannot be cancelled.`);
    cancelJob(job, desk.workshop);
    return jobReply(desk, call, job);
  });
}

async function file({ jobs, links, faults }: Desk, call: Call): Promise<Reply> {
  const fileName = call.params['name'] ?? '';
  const authorization = call.headers['authorization'];
  const refusal = links.refusal({ fileName, query: call.query, authorization });
  if (refusal !== null) return refusal;
  const job = [...jobs.values()].find((one) => one.fileName === fileName && one.status === 'completed');
  const [object = ''] = job?.objects ?? [];
  const asked = `${call.method} ${call.path}`;
  if (job === undefined || faults.strikes('gone', object, asked)) {
    return s3Error(404, 'NoSuchKey', 'The specified key does not exist.');
  }
  return fileReply(job, faults.strikes('truncate', object, asked));
}

function withJob({ jobs }: Desk, { params, scope }: Call, answer: (job: QueryJob) => Reply): Reply {
  const job = jobs.get(params['id'] ?? '');
  if (job === undefined || job.scope.entity !== scope.entity) {
    return refused(404, 'There is no such query job.');
  }
  return answer(job);
}

function badBody(error: unknown): BadBody {
  if (error instanceof BadBody) return error;
  throw error;
}

function refused(code: number, message: string): Reply {
  return json({ code, message }, code);
}

function jobReply(desk: Desk, call: Call, job: QueryJob): Reply {
  return json({ data: jobBody(desk, call, job) });
}

/** An id with hyphens, as those of jobs. */
const USER = '5a9db0c5-0000-4000-8000-000000000001';

/** Every look at a completed job has a fresh link. */
function jobBody({ links }: Desk, { base }: Call, job: QueryJob): unknown {
  const { id, request, status, outputRows, processingTime, errorMessage } = job;
  return {
    id,
    createdBy: USER,
    query: request.query,
    sourceData: request.sourceData,
    useIndexJoin: request.useIndexJoin,
    queryStatus: status,
    remainingRetries: 3,
    updatedOn: timestampText(new Date(job.updatedOn).toISOString()),
    ...(status === 'completed'
      ? { dataFile: links.linkTo(job.fileName, base), outputRows, processingTime }
      : {}),
    ...(status === 'failed' ? { errorMessage, processingTime } : {}),
  };
}
