alter table api_token enable row level security;
alter table api_token force row level security;
create policy own_tenant on api_token using (tenant = current_setting('wppflow.tenant', true)
  or current_setting('wppflow.tenant', true) = '*');
