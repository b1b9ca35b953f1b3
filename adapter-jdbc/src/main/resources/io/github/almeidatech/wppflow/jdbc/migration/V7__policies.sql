-- What policies have been asked about. Events are decided in the order of their tenant's chain, except those that were decided
-- with their turn and those that come from policies.
alter table event add column decided integer not null default 0;

create table policy_cursor (
  tenant   ${key}  primary key,
  position bigint  not null -- everything up to here is decided
) ${clustered};

-- What happened before is history.
insert into policy_cursor (tenant, position) select tenant, length from event_chain;
