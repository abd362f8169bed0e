/** The guidelines that annotators are shown, each version once, and which one an answer was made under. */
export const GUIDELINES_SCHEMA = `
CREATE TABLE guidelines (
  version TEXT PRIMARY KEY,
  text TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE followed_guidelines (
  annotation_id INTEGER PRIMARY KEY REFERENCES annotation (id),
  version TEXT NOT NULL REFERENCES guidelines (version)
) STRICT;
`;
