-- What the known limitations and practices were when a run looked for them: after an upgrade all of them are looked for.

alter table control.run add column rules text;

comment on column control.run.rules is
  'Fingerprint of the rules that the run reported findings of; null where it did not come so far.';
