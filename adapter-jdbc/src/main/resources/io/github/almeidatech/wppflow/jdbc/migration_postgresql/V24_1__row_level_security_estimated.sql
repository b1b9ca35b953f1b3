-- The same rule in a form whose outcome the planner takes to be half of the rows. Of "a or b" it expects one in a hundred, and
-- reads whole tables to find that one. New tables have their policy in this form.
do $$
declare
  name text;
begin
  for name in select tablename from pg_policies where schemaname = current_schema() and policyname = 'own_tenant'
  loop
    execute format('alter policy own_tenant on %I using (case current_setting(''wppflow.tenant'', true)'
      || ' when ''*'' then true else tenant = current_setting(''wppflow.tenant'', true) end)', name);
  end loop;
end $$;
