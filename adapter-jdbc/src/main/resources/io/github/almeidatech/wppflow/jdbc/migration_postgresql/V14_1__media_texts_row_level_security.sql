alter table media_text enable row level security;
alter table media_text force row level security;
create policy own_tenant on media_text using (tenant = current_setting('wppflow.tenant', true)
  or current_setting('wppflow.tenant', true) = '*');
