-- What is due is claimed by tenant, so that one's backlog is not in the way of another's.
drop index conversation_turn_due;
drop index conversation_command_due;
drop index conversation_record_due;
create index conversation_turn_due on conversation (tenant, turn_due) where turn_due is not null;
create index conversation_command_due on conversation (tenant, command_due) where command_due is not null;
create index conversation_record_due on conversation (tenant, record_due) where record_due is not null;
