/** What a provider said of its tokens, where a reply is settled at other figures. */
export const REPORTED_USAGE_SCHEMA = `
ALTER TABLE reply ADD COLUMN reported TEXT CHECK (reported IS NULL OR json_valid(reported));
`;
