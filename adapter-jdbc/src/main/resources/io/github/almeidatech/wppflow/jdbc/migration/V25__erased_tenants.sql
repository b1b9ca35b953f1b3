-- Which tenants were erased, by whom, and how many rows: stays when the tenant's own rows go, so "tenant" is '*' in all of it.
create table erased_tenant (
  tenant   ${key}  not null,
  erased   ${key}  not null,
  begun_at bigint  not null,
  caller   text    not null,
  ended_at bigint, -- null while it is under way, or was cut off
  counts   text    not null, -- rows by table, as JSON
  primary key (tenant, erased, begun_at)
) ${clustered};
