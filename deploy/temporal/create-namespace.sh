#!/bin/sh
# Registers the namespace unless it is there. A server that has just opened its port may need a moment.
set -eu

for attempt in 1 2 3 4 5 6 7 8 9 10 11 12; do
  if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
    echo "Namespace $TEMPORAL_NAMESPACE is registered."
    exit 0
  fi
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 720h || true
  echo "Attempt $attempt; looking again in 5 seconds."
  sleep 5
done

echo "Namespace $TEMPORAL_NAMESPACE could not be registered." >&2
exit 1
