-- The life of a template version: draft, checked, frozen, default. Once frozen it never changes, since lines
-- say by which version they were formed.

alter table staging.transaction_template
  add column seeded boolean not null default false,
  add column mistakes jsonb,
  add column changed_at timestamptz not null default now(),
  add column changed_by text;

-- Until now every template was one of revsync's own.
update staging.transaction_template set seeded = true, changed_by = created_by;

alter table staging.transaction_template
  alter column changed_by set not null,
  -- A template may be there before its entity is: the first sync records the entities.
  drop constraint transaction_template_entity,
  add constraint transaction_template_body_agrees check (
    body ->> 'name' = name and body ->> 'type' = type and body ->> 'entity' is not distinct from entity
  ),
  add constraint transaction_template_checked_clean check (status <> 'checked' or coalesce(mistakes = '[]', false));

comment on column staging.transaction_template.seeded is 'Follows revsync''s own code; people''s versions are not touched by it.';
comment on column staging.transaction_template.mistakes is 'What the newest check found; null before the first.';
comment on column staging.transaction_template.changed_at is 'When it came to its status.';

create function staging.keep_template_life_cycle() returns trigger
language plpgsql
as $$
declare
  version text := format('Template "%s", version %s,', old.name, old.version);
begin
  if old.status in ('frozen', 'default') then
    if tg_op = 'DELETE' then
      raise exception '% is frozen and stays.', version
        using errcode = 'check_violation', constraint = 'transaction_template_frozen_stays';
    end if;
    if row(new.name, new.version, new.type, new.entity, new.seeded, new.body, new.created_at, new.created_by)
      is distinct from
      row(old.name, old.version, old.type, old.entity, old.seeded, old.body, old.created_at, old.created_by)
    then
      raise exception '% is frozen and never changes.', version
        using errcode = 'check_violation', constraint = 'transaction_template_frozen_never_changes';
    end if;
  end if;
  if tg_op = 'DELETE' then return old; end if;
  if new.status <> old.status and (old.status, new.status) not in (
    ('draft', 'checked'), ('checked', 'draft'), ('checked', 'frozen'), ('frozen', 'default'), ('default', 'frozen')
  ) then
    raise exception '% cannot become % from %.', version, new.status, old.status
      using errcode = 'check_violation', constraint = 'transaction_template_life_cycle';
  end if;
  return new;
end
$$;

create trigger transaction_template_life_cycle before update or delete on staging.transaction_template
  for each row execute function staging.keep_template_life_cycle();

-- Templates of an entity are for those who see its organisation; control.entity shows a reader no other.
alter table staging.transaction_template enable row level security;
alter table staging.transaction_template force row level security;
create policy worker_all on staging.transaction_template to revsync_worker using (true) with check (true);
create policy visible_entities on staging.transaction_template to revsync_operator, revsync_reader
  using (entity is null or entity in (select entity from control.entity));
