import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry';

import { asyncContext } from './async-context.ts';
import { cautiousExporter } from './cautious-exporter.ts';
import type { TracingOptions } from './tracing.ts';

/**
 * Sets OpenTelemetry up for this process and makes Temporal's plugin. The headers of a collector that wants some come
 * from OTEL_EXPORTER_OTLP_HEADERS, which the exporter reads itself.
 */
export function openTelemetry({ endpoint, serviceName, version, redact }: TracingOptions): {
  readonly plugin: OpenTelemetryPlugin;
  readonly shutdown: () => Promise<void>;
} {
  const resource = new Resource({ 'service.name': serviceName, 'service.version': version });
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const spanProcessor = new BatchSpanProcessor(cautiousExporter(exporter, redact));
  const provider = new BasicTracerProvider({ resource, spanProcessors: [spanProcessor] });
  provider.register({ contextManager: asyncContext() });
  return {
    plugin: new OpenTelemetryPlugin({ resource, spanProcessor }),
    shutdown: () => provider.shutdown(),
  };
}
