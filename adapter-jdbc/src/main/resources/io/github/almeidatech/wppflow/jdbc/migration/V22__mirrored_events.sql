-- How far a tenant's events are written down elsewhere, such as in a table outside.
create table event_mirror (
  tenant   ${key}  primary key,
  position bigint  not null -- everything up to here is written, or was not wanted
) ${clustered};
