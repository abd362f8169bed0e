/** Trainings of models that are compared with each other, event by event: what each started with, noted and came to. */
export const COMPARISON_SCHEMA = `
CREATE TABLE comparison_event (
  id INTEGER PRIMARY KEY,
  round INTEGER NOT NULL,
  arm TEXT NOT NULL CHECK (arm IN ('selected', 'random')),
  event TEXT NOT NULL CHECK (event IN ('started', 'noted', 'failed', 'trained')),
  details TEXT NOT NULL CHECK (json_valid(details)),
  created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX comparison_event_by_arm ON comparison_event (round, arm);
`;
