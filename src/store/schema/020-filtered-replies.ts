/** What a content filter refused: the reply says so, and it is never asked again. */
export const FILTERED_REPLIES_SCHEMA = `
ALTER TABLE reply ADD COLUMN filtered INTEGER NOT NULL DEFAULT 0 CHECK (filtered IN (0, 1));
ALTER TABLE rating ADD COLUMN refused INTEGER NOT NULL DEFAULT 0 CHECK (refused IN (0, 1));
ALTER TABLE evaluation ADD COLUMN refused INTEGER NOT NULL DEFAULT 0 CHECK (refused IN (0, 1));
`;
