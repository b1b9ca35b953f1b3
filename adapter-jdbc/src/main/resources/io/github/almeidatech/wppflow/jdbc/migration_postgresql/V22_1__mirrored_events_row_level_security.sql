alter table event_mirror enable row level security;
alter table event_mirror force row level security;
create policy own_tenant on event_mirror using (tenant = current_setting('wppflow.tenant', true)
  or current_setting('wppflow.tenant', true) = '*');
