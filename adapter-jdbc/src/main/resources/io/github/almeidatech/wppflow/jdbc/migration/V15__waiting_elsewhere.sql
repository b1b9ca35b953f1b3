-- Until when a turn waits, or has waited, for somebody else's answer: it is not we who keep the customer waiting meanwhile.
alter table conversation add column turn_waited_until bigint;
