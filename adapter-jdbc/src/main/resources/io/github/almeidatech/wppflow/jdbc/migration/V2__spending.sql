-- What was spent, by day: ceilings hold over restarts and for all processes together.
create table spending (
  tenant  ${key} not null,
  day     ${key} not null, -- by the tenant's calendar, 2026-09-01
  account ${key} not null, -- empty for all of the tenant's
  tokens  bigint not null,
  micros  bigint not null, -- millionths of a US dollar
  primary key (tenant, day, account)
) ${clustered};
