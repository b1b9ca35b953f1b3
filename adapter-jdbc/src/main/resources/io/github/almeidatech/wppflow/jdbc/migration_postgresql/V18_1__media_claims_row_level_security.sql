alter table media_claim enable row level security;
alter table media_claim force row level security;
create policy own_tenant on media_claim using (tenant = current_setting('wppflow.tenant', true)
  or current_setting('wppflow.tenant', true) = '*');
