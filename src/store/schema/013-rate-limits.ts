/** What was learned of the rate limits of models, for the next run. */
export const RATE_LIMITS_SCHEMA = `
CREATE TABLE learned_rate (
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  requests_per_ms REAL CHECK (requests_per_ms > 0),
  tokens_per_ms REAL CHECK (tokens_per_ms > 0),
  PRIMARY KEY (provider, model)
) STRICT;
`;
