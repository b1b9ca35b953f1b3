-- The same rule in a form whose outcome the planner takes to be half of the rows. Of "a or b" it expects one in a hundred, and
-- reads whole tables to find that one. New tables have their policy in this form.
-- A policy is changed under a lock that nobody passes. So one table at a time, each in a transaction of its own, waiting for the
-- lock no longer than instances of the version before can wait behind it, and again until nobody has the table; it can be begun
-- again at any point.
do $$
declare
  name text;
  changed boolean;
begin
  foreach name in array
    (select array_agg(tablename::text) from pg_policies where schemaname = current_schema() and policyname = 'own_tenant')
  loop
    loop
      perform set_config('lock_timeout', '200ms', true);
      begin
        execute format('alter policy own_tenant on %I using (case current_setting(''wppflow.tenant'', true)'
          || ' when ''*'' then true else tenant = current_setting(''wppflow.tenant'', true) end)', name);
        changed := true;
      exception when lock_not_available or deadlock_detected then
        changed := false;
      end;
      commit;
      exit when changed;
      perform pg_sleep(0.2 + random() * 0.2);
      commit;
    end loop;
  end loop;
end $$;
