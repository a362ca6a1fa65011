-- Two answers that came at the same instant and were both kept are two events: what they say tells them apart.

drop index control.enablement_event_once;

create unique index enablement_event_once on control.enablement_event
  (enablement, at, coalesce(step, 0), kind, coalesce(by, ''), md5(text),
   md5(coalesce(before::text, '')), md5(coalesce(after::text, '')));
