-- What was read of files, so that a file that comes again is not paid for again.
create table media_text (
  tenant  ${key}  not null,
  hash    ${key}  not null, -- of the file's content
  body    text,             -- null when nothing is to be read in it: then there is a reason
  reason  ${key},
  pages   bigint,
  millis  bigint,
  width   bigint,
  height  bigint,
  read_at bigint  not null,
  primary key (tenant, hash)
);
create index media_text_age on media_text (tenant, read_at);
