/**
 * Personal links to the annotation page. Their tokens follow from the row and a key outside this file, so a copy of the
 * file gives no access. A link is revoked by a row of its own.
 */
export const PEOPLE_SCHEMA = `
CREATE TABLE personal_link (
  id INTEGER PRIMARY KEY,
  annotator TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE revoked_link (
  link_id INTEGER PRIMARY KEY REFERENCES personal_link (id),
  created_at_ms INTEGER NOT NULL
) STRICT;
`;
