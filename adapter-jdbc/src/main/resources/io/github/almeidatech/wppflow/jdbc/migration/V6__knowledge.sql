-- When a document became what it is, and the vectors of passages that were paid for once.

alter table document add column version bigint not null default 1;
alter table document add column updated_at bigint not null default 0;

create table passage_vector (
  tenant ${key}   not null,
  model  ${key}   not null,
  hash   ${key}   not null, -- of the text
  vector ${bytes} not null, -- little-endian floats
  primary key (tenant, model, hash)
);
