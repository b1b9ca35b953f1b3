alter table spending enable row level security;
alter table spending force row level security;
create policy own_tenant on spending using (tenant = current_setting('wppflow.tenant', true)
  or current_setting('wppflow.tenant', true) = '*');
