alter table erasure enable row level security;
alter table erasure force row level security;
create policy own_tenant on erasure using (tenant = current_setting('wppflow.tenant', true)
  or current_setting('wppflow.tenant', true) = '*');
