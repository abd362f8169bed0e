/** Every request to ask again what got no usable reply, by round. Measuring has no queries that could be reopened. */
export const RETRY_SCHEMA = `
CREATE TABLE retry (
  id INTEGER PRIMARY KEY,
  round INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX retry_by_round ON retry (round);
`;
