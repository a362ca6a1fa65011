#!/bin/sh
# Registers the namespace and what its lists are filtered by, unless they are there. A server that has just opened
# its port may need a moment.
set -eu

# The search attributes of src/domain/operator/search-attributes.ts.
attributes="
RevsyncTenant=Keyword
RevsyncEntity=Keyword
RevsyncStep=Keyword
Outcome=Keyword
AwaitingAction=Bool
AwaitingSince=Datetime
"

namespace() {
  temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 720h
}

# One by one, because a namespace of an earlier version has some of them.
search_attributes() {
  there=$(temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE") || return 1
  for attribute in $attributes; do
    name=${attribute%%=*}
    echo "$there" | grep -qw "$name" ||
      temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$name" --type "${attribute#*=}" ||
      return 1
  done
}

for attempt in 1 2 3 4 5 6 7 8 9 10 11 12; do
  if namespace && search_attributes; then
    echo "Namespace $TEMPORAL_NAMESPACE is registered, with its search attributes."
    exit 0
  fi
  echo "Attempt $attempt; looking again in 5 seconds."
  sleep 5
done

echo "Namespace $TEMPORAL_NAMESPACE could not be registered." >&2
exit 1
