alter table erased_conversation enable row level security;
alter table erased_conversation force row level security;
create policy own_tenant on erased_conversation using (tenant = current_setting('wppflow.tenant', true)
  or current_setting('wppflow.tenant', true) = '*');
