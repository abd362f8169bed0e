/** Items that are reserved because their page has them ready, before the person sees them. */
export const AHEAD_SCHEMA = `
ALTER TABLE hold ADD COLUMN ahead INTEGER NOT NULL DEFAULT 0 CHECK (ahead IN (0, 1));
`;
