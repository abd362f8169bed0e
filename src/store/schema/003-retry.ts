/** Every time what got no usable reply was to be asked anew, by round: measuring keeps no queries that could be reopened. */
export const RETRY_SCHEMA = `
CREATE TABLE retry (
  id INTEGER PRIMARY KEY,
  round INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX retry_by_round ON retry (round);
`;
