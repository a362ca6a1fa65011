import { type Batch, type Job } from './aqua-job.ts';
import { type AquaRefusal, type SubmittedQuery } from './aqua-request.ts';
import { pacificText, utcText } from './instants.ts';
import { type Reply, json } from './replies.ts';

/** A job as `POST`, `GET` and `DELETE` of it answer. */
export function jobReply(job: Job): Reply {
  const { id, submitted, target, started, batches, state, message } = job;
  const { name, version, format, useLastCompletedJobQueries, offset, notifyUrl, incrementalTime } = submitted;
  return json({
    id,
    name: name ?? '',
    status: state,
    localizedStatus: state,
    version,
    format: format.toUpperCase(),
    encrypted: 'none',
    ...target,
    sourceData: 'LIVE',
    useLastCompletedJobQueries,
    offset,
    ...(notifyUrl ? { notifyUrl } : {}),
    ...(incrementalTime ? { incrementalTime } : {}),
    startTime: tenantTime(started),
    ...(message === '' ? {} : { message }),
    batches: batches.map((batch, index) => batchBody(job, batch, submitted.queries[index])),
  });
}

function batchBody({ state, message }: Job, batch: Batch, query: SubmittedQuery | undefined): unknown {
  const status = state === 'submitted' ? 'pending' : state;
  const isCompleted = state === 'completed';
  return {
    batchId: batch.id,
    batchType: query?.type ?? 'zoqlexport',
    name: query?.name ?? '',
    query: query?.query ?? '',
    apiVersion: String(query?.apiVersion ?? ''),
    ...(query?.deleted ? { deleted: query.deleted } : {}),
    status,
    localizedStatus: status,
    full: batch.full,
    recordCount: isCompleted ? batch.recordCount : 0,
    ...(isCompleted ? filesOf(batch) : {}),
    message,
  };
}

/** Segments come instead of the file (wire.md 2.2, fact 10). */
function filesOf({ fileIds }: Batch): object {
  return fileIds.length > 1 ? { segments: fileIds } : { fileId: fileIds[0] };
}

/**
 * A submission that was refused: HTTP 200, and the null id that the SDK speaks of, which clients read
 * before they look for an error.
 */
export function refusedJob({ code, message, details }: AquaRefusal): Reply {
  return json({
    id: null,
    status: 'error',
    errorCode: code,
    message,
    batches: details.map(({ query, message: detail }) => ({
      name: query.name ?? '',
      query: query.query,
      status: 'error',
      message: detail,
    })),
  });
}

/** `2014-09-03 08:24:58`, in the time that `incrementalTime` is in. */
function tenantTime(instant: Date): string {
  return pacificText(utcText(instant.getTime())).slice(0, 19).replace('T', ' ');
}
