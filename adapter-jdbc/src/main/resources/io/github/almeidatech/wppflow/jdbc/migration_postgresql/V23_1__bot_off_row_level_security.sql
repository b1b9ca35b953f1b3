alter table bot_off enable row level security;
alter table bot_off force row level security;
create policy own_tenant on bot_off using (tenant = current_setting('wppflow.tenant', true)
  or current_setting('wppflow.tenant', true) = '*');
