-- Requests of people to be forgotten, until and after they are carried out. The body holds whom to look for as long as
-- something is left to do, and only the receipt afterwards.
create table erasure (
  tenant       ${key}  not null,
  id           ${key}  not null,
  pseudonym    ${key}  not null, -- keyed hash of the person
  requested_at bigint  not null,
  finished_at  bigint,
  body         text    not null,
  primary key (tenant, id)
);
create index erasure_open on erasure (requested_at) where finished_at is null;

-- Work that one of all instances does from time to time.
create table job (
  name          ${key}  not null primary key,
  claimed_until bigint  not null,
  finished_at   bigint
);
