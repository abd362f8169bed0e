/** The fewest tokens that a request of a batch can have, so that a prompt that its server cut is noticed. */
export const CUT_PROMPTS_SCHEMA = `
ALTER TABLE batch_call ADD COLUMN fewest_input_tokens INTEGER CHECK (fewest_input_tokens >= 0);
`;
