import type { AttributeValue, Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';

/** Takes secrets out of what spans say of errors, as out of the log; the rest of a span is names and ids. */
export function cautiousExporter(exporter: SpanExporter, redact: (text: string) => string): SpanExporter {
  const plain = (value: AttributeValue | undefined): AttributeValue | undefined =>
    typeof value === 'string' ? redact(value) : value;
  const withoutSecrets = (span: ReadableSpan): ReadableSpan => ({
    ...copied(span),
    status: {
      ...span.status,
      ...(span.status.message === undefined ? {} : { message: redact(span.status.message) }),
    },
    events: span.events.map(({ attributes = {}, ...event }) => ({
      ...event,
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, plain(value)]),
      ) satisfies Attributes,
    })),
  });
  return {
    export: (spans, done) => exporter.export(spans.map(withoutSecrets), done),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

/** A span that ended here is a class with getters, one that a workflow ended a plain object. */
function copied(span: ReadableSpan): ReadableSpan {
  const { name, kind, parentSpanId, startTime, endTime, status, attributes, links, events } = span;
  const { duration, ended, resource, instrumentationLibrary } = span;
  const { droppedAttributesCount, droppedEventsCount, droppedLinksCount } = span;
  return {
    spanContext: () => span.spanContext(),
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name,
    kind,
    startTime,
    endTime,
    status,
    attributes,
    links,
    events,
    duration,
    ended,
    resource,
    instrumentationLibrary,
    droppedAttributesCount,
    droppedEventsCount,
    droppedLinksCount,
  };
}
