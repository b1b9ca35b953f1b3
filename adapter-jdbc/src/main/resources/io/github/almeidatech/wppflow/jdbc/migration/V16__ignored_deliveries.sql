-- Deliveries that were no customer's message and changed nothing, counted: what explains why they were ignored.
create table ignored (
  tenant       ${key}  not null,
  conversation ${key}  not null,
  event        ${key}  not null,
  reason       ${key}  not null,
  deliveries   bigint  not null,
  first_at     bigint  not null,
  last_at      bigint  not null,
  last_message bigint,
  primary key (tenant, conversation, event, reason)
);
create index ignored_last_at on ignored (tenant, last_at);
