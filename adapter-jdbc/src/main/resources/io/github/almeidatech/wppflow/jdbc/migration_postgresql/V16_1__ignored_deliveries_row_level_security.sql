alter table ignored enable row level security;
alter table ignored force row level security;
create policy own_tenant on ignored using (tenant = current_setting('wppflow.tenant', true)
  or current_setting('wppflow.tenant', true) = '*');
