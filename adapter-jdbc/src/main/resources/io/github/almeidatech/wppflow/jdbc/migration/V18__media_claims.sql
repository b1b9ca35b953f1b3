-- Who is just reading a file, so that two instances that want the same one pay once.
create table media_claim (
  tenant     ${key}  not null,
  hash       ${key}  not null, -- of the file's content
  reader     ${key}  not null,
  held_until bigint  not null, -- from then on another may read it
  primary key (tenant, hash)
);
