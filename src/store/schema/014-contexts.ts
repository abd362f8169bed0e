/** How many tokens servers said that their models hold: a run goes on with what it began with. */
export const CONTEXTS_SCHEMA = `
CREATE TABLE stated_context (
  provider TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  model TEXT NOT NULL,
  context_tokens INTEGER CHECK (context_tokens > 0),
  PRIMARY KEY (provider, endpoint, model)
) STRICT;
`;
