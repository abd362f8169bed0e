/** Answers to the questions of labels.questions, as JSON by name. */
export const ANSWERS_SCHEMA = `
ALTER TABLE annotation ADD COLUMN answers TEXT;
ALTER TABLE working_copy ADD COLUMN answers TEXT NOT NULL DEFAULT '{}';
`;
