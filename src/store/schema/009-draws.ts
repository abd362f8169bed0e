/** Items that a round draws at random beside those it selects: the test set, and controls. */
export const DRAWS_SCHEMA = `
CREATE TABLE drawn_item (
  round INTEGER NOT NULL,
  position INTEGER NOT NULL REFERENCES item (position),
  purpose TEXT NOT NULL CHECK (purpose IN ('test', 'control')),
  -- The part of the pool it was drawn from, and how many instructions that has.
  stratum TEXT NOT NULL,
  stratum_size INTEGER NOT NULL CHECK (stratum_size > 0),
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (round, position)
) STRICT;
`;
