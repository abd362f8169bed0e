/**
 * What leads decided about labels: which answer of an item counts, what goes back to a person, who is asked next, whose
 * work is left out.
 */
export const LEAD_ACTIONS_SCHEMA = `
CREATE TABLE lead_action (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  position INTEGER REFERENCES item (position),
  annotator TEXT,
  details TEXT NOT NULL CHECK (json_valid(details)),
  comment TEXT,
  by_whom TEXT NOT NULL,
  -- The last label at the time: later ones came after the action.
  after_annotation INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX lead_action_by_position ON lead_action (position);
`;
