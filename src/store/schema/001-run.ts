/** One run of `pick`: what it asked and paid, its queries, what was chosen. */
export const RUN_SCHEMA = `
CREATE TABLE run (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  identity TEXT NOT NULL CHECK (json_valid(identity)),
  winnow_version TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE call (
  id INTEGER PRIMARY KEY,
  request_hash TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL
) STRICT;

CREATE TABLE attempt (
  id INTEGER PRIMARY KEY,
  call_id INTEGER NOT NULL REFERENCES call (id),
  worst_case_tokens INTEGER NOT NULL CHECK (worst_case_tokens >= 0),
  worst_case_micro_usd INTEGER NOT NULL CHECK (worst_case_micro_usd >= 0),
  started_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX attempt_by_call ON attempt (call_id);

CREATE TABLE outcome (
  attempt_id INTEGER PRIMARY KEY REFERENCES attempt (id),
  state TEXT NOT NULL CHECK (state IN ('settled', 'released', 'lost')),
  ended_at_ms INTEGER NOT NULL,
  error TEXT
) STRICT;

CREATE TABLE reply (
  attempt_id INTEGER PRIMARY KEY REFERENCES outcome (attempt_id),
  text TEXT NOT NULL,
  model TEXT NOT NULL,
  stop TEXT NOT NULL CHECK (stop IN ('complete', 'length', 'refusal')),
  input_tokens INTEGER NOT NULL CHECK (input_tokens >= 0),
  cached_input_tokens INTEGER NOT NULL CHECK (cached_input_tokens BETWEEN 0 AND input_tokens),
  output_tokens INTEGER NOT NULL CHECK (output_tokens >= 0),
  cost_micro_usd INTEGER NOT NULL CHECK (cost_micro_usd >= 0)
) STRICT;

CREATE TABLE query (
  number INTEGER PRIMARY KEY,
  positions TEXT NOT NULL CHECK (json_valid(positions)),
  picks INTEGER NOT NULL CHECK (picks > 0)
) STRICT;

CREATE TABLE query_result (
  id INTEGER PRIMARY KEY,
  query_number INTEGER NOT NULL REFERENCES query (number),
  state TEXT NOT NULL CHECK (state IN ('chosen', 'failed', 'reopened')),
  failure TEXT,
  model TEXT,
  cost_micro_usd INTEGER,
  agreement REAL,
  created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX query_result_by_query ON query_result (query_number);

CREATE TABLE query_pick (
  query_result_id INTEGER NOT NULL REFERENCES query_result (id),
  ordinal INTEGER NOT NULL,
  position INTEGER NOT NULL,
  score REAL NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (query_result_id, ordinal)
) STRICT;

CREATE TABLE selection (
  id INTEGER PRIMARY KEY,
  complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE pick (
  selection_id INTEGER NOT NULL REFERENCES selection (id),
  rank INTEGER NOT NULL CHECK (rank > 0),
  position INTEGER NOT NULL,
  instruction_id TEXT NOT NULL,
  score REAL,
  reason TEXT NOT NULL,
  strategy TEXT NOT NULL,
  query_number INTEGER REFERENCES query (number),
  model TEXT,
  cost_micro_usd INTEGER NOT NULL,
  PRIMARY KEY (selection_id, rank)
) STRICT;
`;
