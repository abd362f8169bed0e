/**
 * Annotating in the browser: why something was turned down, and who is at work on what. And where the points of the
 * report's map are. Holds and working copies are what people are busy with, so they are the one thing that is
 * overwritten; what they submit is an annotation like any other.
 */
export const ANNOTATE_SCHEMA = `
ALTER TABLE annotation ADD COLUMN comment TEXT;

CREATE TABLE working_copy (
  position INTEGER NOT NULL REFERENCES item (position),
  annotator TEXT NOT NULL,
  -- Counts up with every change, so that a page that shows an older one is told.
  revision INTEGER NOT NULL CHECK (revision > 0),
  response TEXT NOT NULL,
  comment TEXT NOT NULL,
  seconds REAL NOT NULL CHECK (seconds >= 0),
  submitted INTEGER NOT NULL CHECK (submitted IN (0, 1)),
  updated_at_ms INTEGER NOT NULL,
  PRIMARY KEY (position, annotator)
) STRICT;

CREATE TABLE hold (
  position INTEGER NOT NULL REFERENCES item (position),
  annotator TEXT NOT NULL,
  since_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL,
  PRIMARY KEY (position, annotator)
) STRICT;

CREATE TABLE map_point (
  layout TEXT NOT NULL,
  position INTEGER NOT NULL REFERENCES item (position),
  x REAL NOT NULL,
  y REAL NOT NULL,
  PRIMARY KEY (layout, position)
) STRICT;
`;
