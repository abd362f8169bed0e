/** How sure a model was of an answer, from 0 to 1. Unknown for answers of earlier versions. */
export const CONFIDENCE_SCHEMA = `
ALTER TABLE evaluation ADD COLUMN confidence REAL;
`;
