-- Bearer tokens of the API that were made at run time; only their hash is kept.
create table api_token (
  tenant     ${key}  not null, -- '*' for an operator's
  id         ${key}  not null,
  hash       ${key}  not null unique,
  name       text    not null,
  scopes     text    not null, -- words with blanks between
  created_at bigint  not null,
  expires_at bigint  not null,
  used_at    bigint,
  revoked_at bigint,
  primary key (tenant, id)
);
