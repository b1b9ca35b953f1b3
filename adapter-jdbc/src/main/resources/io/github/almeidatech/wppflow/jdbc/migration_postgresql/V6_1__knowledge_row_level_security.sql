alter table passage_vector enable row level security;
alter table passage_vector force row level security;
create policy own_tenant on passage_vector using (tenant = current_setting('wppflow.tenant', true)
  or current_setting('wppflow.tenant', true) = '*');
