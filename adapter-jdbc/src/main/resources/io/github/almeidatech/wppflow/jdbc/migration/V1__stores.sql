-- One text for both databases; the dialects give the words that differ: "key" is text compared by bytes, "clustered" lets
-- the rows live in the primary key. Instants are milliseconds since 1970.

create table meta (
  name  ${key} primary key,
  value text   not null
);

-- What an instance was seen to have: a key of a delivery, as keyed hash, so that it is taken once.
create table seen (
  tenant ${key}  not null,
  high   bigint  not null,
  low    bigint  not null,
  at     bigint  not null,
  primary key (tenant, high, low)
) ${clustered};
create index seen_at on seen (tenant, at);

-- A conversation's state: who owns it, which turn and which command are claimed, when something is due.
create table conversation (
  tenant              ${key}  not null,
  conversation        ${key}  not null, -- account/number
  owner               text    not null,
  owner_at            bigint  not null,
  owner_until         bigint,
  owner_reason        text    not null,
  fence               bigint  not null,
  fence_reason        text    not null,
  person_key          ${key},           -- the latest accepted
  last_message_at     bigint,           -- of the customer, also of history
  inbox               bigint  not null, -- number of the latest message that waited
  answered            bigint  not null, -- the messages up to this number have had their turn
  waiting             integer not null,
  first_waiting_at    bigint,
  last_waiting_at     bigint,
  urgent              integer not null,
  quiet_ms            bigint  not null,
  max_wait_ms         bigint  not null,
  max_messages        integer not null,
  turn_id             text,
  turn_attempts       integer not null,
  turn_supersedes     integer not null,
  turn_due            bigint,           -- null when no message waits; the end of the lease while claimed
  turn_not_before     bigint,
  turn_token          text,
  turn_lease_until    bigint,
  command_due         bigint,           -- null when no command waits; the end of the lease while claimed
  command_claimed     bigint,
  command_token       text,
  command_lease_until bigint,
  primary key (tenant, conversation)
) ${clustered};
create index conversation_turn_due on conversation (turn_due) where turn_due is not null;
create index conversation_command_due on conversation (command_due) where command_due is not null;
create index conversation_person on conversation (tenant, person_key) where person_key is not null;

-- What arrived. Rows never change until they are erased or expire; the conversation knows how far they are answered.
create table inbox (
  id           ${id},
  tenant       ${key}  not null,
  conversation ${key}  not null,
  number       bigint,           -- of a message that waits for a turn; null for history and signals
  event        text    not null,
  message_id   bigint,
  person_key   ${key},
  urgent       integer not null,
  received_at  bigint  not null,
  version      integer not null, -- of the body's layout
  body         text,             -- the message as JSON; null for signals and when erased
  raw          ${bytes}          -- the delivery as it came; null when erased or expired
);
create unique index inbox_number on inbox (tenant, conversation, number) where number is not null;
create index inbox_person on inbox (tenant, person_key) where person_key is not null;
create index inbox_received_at on inbox (tenant, received_at);
create index inbox_raw on inbox (tenant, received_at) where raw is not null;

-- What is to be done, and what became of it. A larger id is done later.
create table outbox (
  id            ${id},
  tenant        ${key}  not null,
  conversation  ${key}  not null,
  turn_id       text    not null,
  key           text    not null,
  fence         bigint  not null,
  person_key    ${key},
  type          text    not null,
  version       integer not null,
  body          text,            -- the command as JSON; null when erased
  state         text    not null, -- waiting, done, held_back, dead, discarded, erased
  attempts      integer not null,
  due           bigint  not null,
  not_before    bigint,
  unclear_since bigint,
  external_id   text,
  reason        text,
  created_at    bigint  not null,
  ended_at      bigint
);
create index outbox_waiting on outbox (tenant, conversation, id) where state = 'waiting';
create index outbox_dead on outbox (tenant, id) where state = 'dead';
create index outbox_person on outbox (tenant, person_key) where person_key is not null;
create index outbox_ended_at on outbox (tenant, ended_at) where ended_at is not null;

-- What happened, chained by hashes inside each tenant. Emptied rows keep digest and hash, so the chain still holds.
create table event (
  tenant       ${key}   not null,
  position     bigint   not null, -- 1, 2, 3 ... without gaps
  event_id     ${key}   not null,
  conversation ${key},
  person_key   ${key},
  type         ${key}   not null,
  version      integer  not null,
  payload      text,              -- null when emptied
  source       text     not null,
  confidence   ${double},
  cause_id     text,
  depth        integer  not null,
  at           bigint   not null,
  latest_at    bigint   not null, -- the largest at up to this position: finds times by position
  salt         ${bytes},
  digest       ${bytes} not null,
  hash         ${bytes} not null,
  primary key (tenant, position)
);
create unique index event_event_id on event (tenant, event_id);
create index event_conversation on event (tenant, conversation, position) where conversation is not null;
create index event_person on event (tenant, person_key, position) where person_key is not null;
create index event_type on event (tenant, type, position);

-- Where each tenant's chain ends.
create table event_chain (
  tenant    ${key}   not null primary key,
  length    bigint   not null,
  head      ${bytes} not null,
  latest_at bigint   not null,
  max_lag   bigint   not null -- how much older than the latest before it an event has been at most
) ${clustered};

create table contact (
  tenant        ${key}  not null,
  id            ${key}  not null,
  phone         text,
  name          text,
  email         text,
  custom_fields text    not null,
  opted_out     integer not null,
  created_at    bigint  not null,
  updated_at    bigint  not null,
  primary key (tenant, id)
) ${clustered};

create table contact_identity (
  tenant     ${key} not null,
  kind       text   not null,
  value      ${key} not null,
  contact_id ${key} not null,
  primary key (tenant, kind, value)
) ${clustered};
create index contact_identity_contact on contact_identity (tenant, contact_id);

create table contact_merge (
  id          ${id},
  tenant      ${key} not null,
  merge_id    ${key} not null,
  survivor_id ${key} not null,
  absorbed_id ${key} not null,
  body        text   not null
);
create unique index contact_merge_merge_id on contact_merge (tenant, merge_id);
create unique index contact_merge_absorbed on contact_merge (tenant, absorbed_id);
create index contact_merge_survivor on contact_merge (tenant, survivor_id);

create table contact_list (
  tenant ${key} not null,
  list   text   not null,
  kind   text   not null,
  value  ${key} not null,
  primary key (tenant, kind, value, list)
) ${clustered};
create index contact_list_list on contact_list (tenant, list);

create table document (
  tenant  ${key} not null,
  id      ${key} not null,
  title   text   not null,
  content text   not null,
  domain  text,
  primary key (tenant, id)
);

create table document_version (
  tenant  ${key} primary key,
  version bigint not null
) ${clustered};

create table policy (
  tenant     ${key}  not null,
  id         ${key}  not null,
  body       text    not null,
  changed_at bigint  not null,
  primary key (tenant, id)
);
