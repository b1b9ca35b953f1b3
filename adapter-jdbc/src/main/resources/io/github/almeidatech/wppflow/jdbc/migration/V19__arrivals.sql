-- What came of a message when it arrived, found by the message's number.
create index event_message on event (tenant, cause_id, position) where type >= 'message.' and type < 'message/';
