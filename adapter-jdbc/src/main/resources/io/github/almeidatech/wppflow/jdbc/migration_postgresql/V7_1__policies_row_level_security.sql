alter table policy_cursor enable row level security;
alter table policy_cursor force row level security;
create policy own_tenant on policy_cursor using (tenant = current_setting('wppflow.tenant', true)
  or current_setting('wppflow.tenant', true) = '*');
