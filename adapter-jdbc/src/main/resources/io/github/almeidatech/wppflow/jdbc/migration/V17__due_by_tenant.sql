-- What is due is claimed by tenant, so that one's backlog is not in the way of another's. Outside of a transaction, and so that
-- it can be begun again: instances of the version before go on writing meanwhile, however long it takes.
drop index ${concurrently} if exists conversation_turn_due;
create index ${concurrently} conversation_turn_due on conversation (tenant, turn_due) where turn_due is not null;
drop index ${concurrently} if exists conversation_command_due;
create index ${concurrently} conversation_command_due on conversation (tenant, command_due) where command_due is not null;
drop index ${concurrently} if exists conversation_record_due;
create index ${concurrently} conversation_record_due on conversation (tenant, record_due) where record_due is not null;
