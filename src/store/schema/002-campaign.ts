/**
 * Rounds: queries and selections belong to one (a run of `pick` has a single round, number 0). And what a campaign
 * keeps beside them: its pool, steps, expenses, labels, models and evaluations. Positions index `item`.
 */
export const CAMPAIGN_SCHEMA = `
ALTER TABLE reply ADD COLUMN logprobs TEXT CHECK (logprobs IS NULL OR json_valid(logprobs));

CREATE TABLE round_query (
  round INTEGER NOT NULL,
  number INTEGER NOT NULL,
  positions TEXT NOT NULL CHECK (json_valid(positions)),
  picks INTEGER NOT NULL CHECK (picks > 0),
  PRIMARY KEY (round, number)
) STRICT;
INSERT INTO round_query SELECT 0, number, positions, picks FROM query;

CREATE TABLE round_query_result (
  id INTEGER PRIMARY KEY,
  round INTEGER NOT NULL,
  query_number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('chosen', 'failed', 'reopened')),
  failure TEXT,
  model TEXT,
  cost_micro_usd INTEGER,
  agreement REAL,
  created_at_ms INTEGER NOT NULL,
  FOREIGN KEY (round, query_number) REFERENCES round_query (round, number)
) STRICT;
INSERT INTO round_query_result
  SELECT id, 0, query_number, state, failure, model, cost_micro_usd, agreement, created_at_ms FROM query_result;

CREATE TABLE round_query_pick (
  query_result_id INTEGER NOT NULL REFERENCES round_query_result (id),
  ordinal INTEGER NOT NULL,
  position INTEGER NOT NULL,
  score REAL NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (query_result_id, ordinal)
) STRICT;
INSERT INTO round_query_pick SELECT query_result_id, ordinal, position, score, reason FROM query_pick;

CREATE TABLE round_selection (
  id INTEGER PRIMARY KEY,
  round INTEGER NOT NULL,
  complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
  created_at_ms INTEGER NOT NULL
) STRICT;
INSERT INTO round_selection SELECT id, 0, complete, created_at_ms FROM selection;

CREATE TABLE round_pick (
  selection_id INTEGER NOT NULL REFERENCES round_selection (id),
  rank INTEGER NOT NULL CHECK (rank > 0),
  position INTEGER NOT NULL,
  instruction_id TEXT NOT NULL,
  score REAL,
  reason TEXT NOT NULL,
  strategy TEXT NOT NULL,
  round INTEGER NOT NULL,
  query_number INTEGER,
  model TEXT,
  cost_micro_usd INTEGER NOT NULL,
  PRIMARY KEY (selection_id, rank),
  FOREIGN KEY (round, query_number) REFERENCES round_query (round, number)
) STRICT;
INSERT INTO round_pick
  SELECT selection_id, rank, position, instruction_id, score, reason, strategy, 0, query_number, model, cost_micro_usd
  FROM pick;

DROP TABLE pick;
DROP TABLE selection;
DROP TABLE query_pick;
DROP TABLE query_result;
DROP TABLE query;
ALTER TABLE round_query RENAME TO query;
ALTER TABLE round_query_result RENAME TO query_result;
ALTER TABLE round_query_pick RENAME TO query_pick;
ALTER TABLE round_selection RENAME TO selection;
ALTER TABLE round_pick RENAME TO pick;
CREATE INDEX query_result_by_query ON query_result (round, query_number);
CREATE INDEX selection_by_round ON selection (round);

CREATE TABLE pool_file (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  records INTEGER NOT NULL,
  added INTEGER NOT NULL,
  bad_records INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE item (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  text_hash TEXT NOT NULL UNIQUE,
  pool_file_id INTEGER NOT NULL REFERENCES pool_file (id),
  line INTEGER NOT NULL,
  instruction TEXT NOT NULL,
  input TEXT,
  output TEXT,
  -- JSON, but not checked to be: records may be nested deeper than SQLite reads.
  record TEXT NOT NULL
) STRICT;

CREATE TABLE item_alias (
  id TEXT PRIMARY KEY,
  position INTEGER NOT NULL REFERENCES item (position)
) STRICT;

CREATE TABLE rating (
  position INTEGER NOT NULL REFERENCES item (position),
  judge TEXT NOT NULL,
  generation INTEGER NOT NULL,
  score REAL,
  reason TEXT NOT NULL,
  cost_micro_usd INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (position, judge, generation)
) STRICT;

CREATE TABLE round (
  number INTEGER PRIMARY KEY,
  plan TEXT NOT NULL CHECK (json_valid(plan)),
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE step (
  round INTEGER NOT NULL,
  name TEXT NOT NULL,
  details TEXT NOT NULL CHECK (json_valid(details)),
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (round, name)
) STRICT;

CREATE TABLE expense (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL CHECK (account IN ('labels', 'training')),
  key TEXT NOT NULL UNIQUE,
  subject TEXT NOT NULL,
  worst_case_micro_usd INTEGER NOT NULL CHECK (worst_case_micro_usd >= 0),
  labels INTEGER NOT NULL CHECK (labels >= 0),
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE expense_outcome (
  expense_id INTEGER PRIMARY KEY REFERENCES expense (id),
  state TEXT NOT NULL CHECK (state IN ('settled', 'released')),
  cost_micro_usd INTEGER NOT NULL CHECK (cost_micro_usd >= 0),
  labels INTEGER NOT NULL CHECK (labels >= 0),
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE label_import (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  tool TEXT NOT NULL,
  summary TEXT NOT NULL CHECK (json_valid(summary)),
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE annotation (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  import_id INTEGER NOT NULL REFERENCES label_import (id),
  position INTEGER NOT NULL REFERENCES item (position),
  verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'rejected', 'skipped')),
  response TEXT,
  annotator TEXT,
  seconds REAL,
  submitted_at_ms INTEGER,
  source_id TEXT,
  cost_micro_usd INTEGER NOT NULL CHECK (cost_micro_usd >= 0)
) STRICT;
CREATE INDEX annotation_by_position ON annotation (position);

CREATE TABLE withdrawal (
  round INTEGER NOT NULL,
  position INTEGER NOT NULL REFERENCES item (position),
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (round, position)
) STRICT;

CREATE TABLE assignment (
  position INTEGER PRIMARY KEY REFERENCES item (position),
  held_out INTEGER NOT NULL CHECK (held_out IN (0, 1)),
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE training_example (
  round INTEGER NOT NULL,
  position INTEGER NOT NULL REFERENCES item (position),
  annotation_id INTEGER NOT NULL REFERENCES annotation (id),
  PRIMARY KEY (round, position)
) STRICT;

CREATE TABLE training_note (
  id INTEGER PRIMARY KEY,
  round INTEGER NOT NULL,
  notes TEXT NOT NULL CHECK (json_valid(notes)),
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE model (
  round INTEGER PRIMARY KEY,
  trainer TEXT NOT NULL,
  name TEXT NOT NULL,
  base_url TEXT,
  cost_micro_usd INTEGER NOT NULL,
  details TEXT NOT NULL CHECK (json_valid(details)),
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE evaluation (
  round INTEGER NOT NULL REFERENCES model (round),
  subset TEXT NOT NULL CHECK (subset IN ('pool', 'held-out', 'test')),
  item_id TEXT NOT NULL,
  generation INTEGER NOT NULL,
  answer TEXT NOT NULL,
  answer_model TEXT NOT NULL,
  judge TEXT NOT NULL,
  score REAL,
  reason TEXT NOT NULL,
  cost_micro_usd INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (round, subset, item_id, generation)
) STRICT;

CREATE TABLE stop (
  id INTEGER PRIMARY KEY,
  round INTEGER NOT NULL,
  rule TEXT NOT NULL,
  message TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;
`;
