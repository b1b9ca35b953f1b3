-- Two lines of commands for each conversation: what is done in the chat never waits for what is written down elsewhere.

alter table outbox add column line text not null default 'replies';
alter table conversation add column record_due bigint;
alter table conversation add column record_claimed bigint;
alter table conversation add column record_token text;
alter table conversation add column record_lease_until bigint;

drop index outbox_waiting;
update outbox set line = 'records' where type in ('call_webhook', 'write_row', 'update_contact');
create index outbox_waiting on outbox (tenant, conversation, line, id) where state = 'waiting';
create index conversation_record_due on conversation (record_due) where record_due is not null;

-- What waits there is due at once; the other line finds out by itself what it still has.
update conversation set record_due = 0 where command_due is not null and exists (
  select 1 from outbox where outbox.tenant = conversation.tenant and outbox.conversation = conversation.conversation
    and outbox.line = 'records' and outbox.state = 'waiting');
