import { zonedText } from './cell-json.ts';
import { utcText } from './instants.ts';
import { ExportRefusal, type ObjectExport, newExport, runExport } from './object-export.ts';
import { type Reply, json } from './replies.ts';
import { BadBody } from './request-body.ts';
import { type Call, type Route, type Services } from './routes.ts';
import { startWork } from './workshop.ts';

/** `POST /v1/object/export` and `GET …/{id}` (wire.md 2.3); `/v1/files/{FileId}` has the file. */
export function objectExportRoutes(services: Services): readonly Route[] {
  const { tenant, workshop } = services;
  const jobs = new Map<string, ObjectExport>();

  const create = async (call: Call): Promise<Reply> => {
    const body = await call.json().catch((error: unknown) => {
      if (error instanceof BadBody) throw new ExportRefusal('INVALID_VALUE', error.message);
      throw error;
    });
    const job = newExport(tenant, body, call.scope, workshop.now());
    jobs.set(job.id, job);
    startWork(workshop, () => runExport(job, services));
    return json({ Success: true, Id: job.id });
  };
  const retrieve = ({ params, scope }: Call): Reply => {
    const job = jobs.get(params['id'] ?? '');
    if (job === undefined || job.scope.entity !== scope.entity) {
      return refused('INVALID_ID', `invalid id: ${params['id'] ?? ''}`, 404);
    }
    return json(exportBody(job));
  };

  return [
    {
      method: 'POST',
      pattern: /^\/v1\/object\/export\/?$/,
      access: 'entity',
      answer: async (call) => {
        try {
          return await create(call);
        } catch (error) {
          if (error instanceof ExportRefusal) return refused(error.code, error.message, 400);
          throw error;
        }
      },
    },
    { method: 'GET', pattern: /^\/v1\/object\/export\/(?<id>[^/]+)\/?$/, access: 'entity', answer: retrieve },
  ];
}

function refused(code: string, message: string, status: number): Reply {
  return json({ Success: false, Errors: [{ Code: code, Message: message }] }, status);
}

/** Members without a value are left out, as CRUD calls do. */
function exportBody({ id, request, createdOn, status, reason, fileId, size }: ObjectExport): unknown {
  return {
    Id: id,
    Name: request.Name ?? undefined,
    Format: 'csv',
    Query: request.Query,
    Zip: request.Zip,
    Encrypted: false,
    Status: status,
    StatusReason: reason === '' ? undefined : reason,
    FileId: fileId ?? undefined,
    Size: fileId === null ? undefined : size,
    CreatedDate: zonedText(utcText(createdOn)),
    UpdatedDate: zonedText(utcText(createdOn)),
  };
}
