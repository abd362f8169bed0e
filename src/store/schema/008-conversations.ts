/** An item may be a conversation: what was said before its request, and which conversation it comes from. */
export const CONVERSATIONS_SCHEMA = `
ALTER TABLE item ADD COLUMN context TEXT CHECK (context IS NULL OR json_valid(context));
ALTER TABLE item ADD COLUMN conversation TEXT;
`;
