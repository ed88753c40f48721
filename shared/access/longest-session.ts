/**
 * No credentials of STS outlive this many seconds: whoever acts with some got them at most so much earlier.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export const LONGEST_SESSION_SECONDS = 36 * 3600;
