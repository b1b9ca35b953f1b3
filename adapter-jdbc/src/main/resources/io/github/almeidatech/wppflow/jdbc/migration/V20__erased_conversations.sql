-- Who wrote in a conversation before they were erased, both as keyed hashes, of people who had opted out: whether the
-- conversation still gets no automatic messages is what holds of the person.
create table erased_conversation (
  tenant       ${key} not null,
  conversation ${key} not null,
  person       ${key} not null,
  primary key (tenant, conversation, person)
) ${clustered};
