/** What annotators say about an item beside the answer: a note, and whether they doubt their answer. */
export const NOTES_SCHEMA = `
ALTER TABLE annotation ADD COLUMN note TEXT;
ALTER TABLE annotation ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0 CHECK (doubtful IN (0, 1));
ALTER TABLE working_copy ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE working_copy ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0 CHECK (doubtful IN (0, 1));
`;
