/** Authenticates a message with a key that nobody can read, only use. */
export type Mac = {
  /** Base64 text. Throws when the key cannot be used. */
  generate(message: Uint8Array): Promise<string>;
  /** False for every code that the key did not make for this message, however malformed. Throws when the key cannot be used. */
  verify(message: Uint8Array, code: string): Promise<boolean>;
};
