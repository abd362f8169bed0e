/** Which plugins a campaign has been run with: their results may differ by version. */
export const PLUGINS_SCHEMA = `
CREATE TABLE plugin (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  first_used_at_ms INTEGER NOT NULL,
  UNIQUE (name, version)
) STRICT;
`;
