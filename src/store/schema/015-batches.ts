/** Calls that are sent as a batch: the attempts of one, how each is settled, and what became of the batch. */
export const BATCHES_SCHEMA = `
CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  dialect TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE batch_call (
  attempt_id INTEGER PRIMARY KEY REFERENCES attempt (id),
  batch_id INTEGER NOT NULL REFERENCES batch (id),
  counted_input_tokens INTEGER NOT NULL CHECK (counted_input_tokens >= 0),
  most_input_tokens INTEGER NOT NULL CHECK (most_input_tokens >= 0),
  max_output_tokens INTEGER NOT NULL CHECK (max_output_tokens >= 0)
) STRICT;
CREATE INDEX batch_call_by_batch ON batch_call (batch_id);

CREATE TABLE batch_event (
  id INTEGER PRIMARY KEY,
  batch_id INTEGER NOT NULL REFERENCES batch (id),
  state TEXT NOT NULL CHECK (state IN ('sent', 'submitted')),
  remote_id TEXT CHECK ((remote_id IS NULL) = (state = 'sent')),
  created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX batch_event_by_batch ON batch_event (batch_id);
`;
