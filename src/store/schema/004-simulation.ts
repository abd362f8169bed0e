/**
 * What a simulation keeps: the cells that are made, and the numbers of the selections and trainings it has begun, under
 * which their queries, notes and models are kept as those of rounds are. Keys say what each depends on.
 */
export const SIMULATION_SCHEMA = `
CREATE TABLE simulation_part (
  number INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE simulation_cell (
  key TEXT PRIMARY KEY,
  picked TEXT NOT NULL CHECK (json_valid(picked)),
  metrics TEXT NOT NULL CHECK (json_valid(metrics)),
  notes TEXT NOT NULL CHECK (json_valid(notes)),
  created_at_ms INTEGER NOT NULL
) STRICT;
`;
