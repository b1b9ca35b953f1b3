-- What came of a message when it arrived, found by the message's number. Outside of a transaction, as V17.
drop index ${concurrently} if exists event_message;
create index ${concurrently} event_message on event (tenant, cause_id, position) where type >= 'message.' and type < 'message/';
