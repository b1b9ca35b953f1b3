-- For whom automatic replies are switched off; '*' stands for all tenants.
create table bot_off (
  tenant ${key}  primary key,
  since  bigint  not null,
  caller text    not null,
  reason text    not null
) ${clustered};
