alter table erased_tenant enable row level security;
alter table erased_tenant force row level security;
create policy own_tenant on erased_tenant using (case current_setting('wppflow.tenant', true)
  when '*' then true else tenant = current_setting('wppflow.tenant', true) end);
