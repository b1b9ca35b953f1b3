-- A second line between tenants, behind the "tenant = ?" of every query: a session that reads for one tenant sees only its
-- rows. Sessions that work for all (the writer, migrations) say so with '*'; one that says nothing sees nothing.
-- Superusers are not bound by it: the application's user should be none.
do $$
declare
  name text;
begin
  foreach name in array array['seen', 'conversation', 'inbox', 'outbox', 'event', 'event_chain', 'contact',
    'contact_identity', 'contact_merge', 'contact_list', 'document', 'document_version', 'policy']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I using (tenant = current_setting(''wppflow.tenant'', true)'
      || ' or current_setting(''wppflow.tenant'', true) = ''*'')', name);
  end loop;
end $$;
